"""The messages of the log as something to act on: those that the main connection holds, and copies of any."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.application.console import Console
from stomptui.application.unacknowledged import Unacknowledged
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import Action, MessageOutcome
from stomptui.queues.context import AccessContext
from stomptui.queues.held_messages import UnackedAccess
from stomptui.queues.peek import reports
from stomptui.queues.peek.holding import Holding
from stomptui.queues.peek.peek import Peek
from stomptui.ui.widgets.log.message_log import MessageLog

CUMULATIVE = (
    "its subscription is cumulative, so taking one out takes all before it as well: "
    "work the queue one by one to move or delete messages"
)


class LogBearer:
    """A `MessageHolder` for the log of the console.

    Args:
        console: The console of the broker.
        unacknowledged: Which messages are ours.
        log: Where messages are chosen.
        tell: Called from a bench's thread with the bench and what it reports.
        refuse: Called at once with why something cannot be begun.
    """

    def __init__(
        self,
        console: Console,
        unacknowledged: Unacknowledged,
        log: MessageLog,
        tell: Callable[[UnackedAccess, reports.Report], None],
        refuse: Callable[[reports.Report], None],
    ) -> None:
        self._console = console
        self._unacknowledged = unacknowledged
        self._log = log
        self._tell = tell
        self._refuse = refuse
        self._working: UnackedAccess | None = None

    @property
    def dialect(self) -> Dialect:
        return self._console.dialect

    def chosen(self) -> list[int]:
        return self._log.chosen()

    def frame(self, number: int) -> Frame | None:
        row = self._console.journal.get(number)
        if row is None or row.frame is None:
            return None
        return row.frame if row.frame.command in ("MESSAGE", "SEND") else None

    def why_not(self, kind: str, number: int) -> str:
        why = self._unacknowledged.why_not(self._console.journal.get(number))
        if not why and kind in ("move", "retry", "delete") and self._unacknowledged.is_cumulative(number):
            return CUMULATIVE
        return why

    def origin(self, frame: Frame) -> str:
        bench = self._bench()
        return bench.access.origin(frame) if bench is not None else ""

    def propose(self, action: Action, numbers: list[int]) -> None:
        bench = self._bench()
        if bench is None:
            self._refuse(reports.Failed(0.0, "plan", "there is no connection"))
        else:
            bench.propose(action, self._items(numbers), self._unacknowledged.ours(numbers))

    def take(self, action: Action, numbers: list[int]) -> None:
        bench = self._bench()
        if bench is None:
            self._refuse(reports.Failed(0.0, "act", "there is no connection"))
        else:
            self._working = bench
            bench.take(action, self._items(numbers), self._unacknowledged.ours(numbers))

    def concerns(self, bench: Peek, report: reports.Report) -> bool:
        """Whether a report is about what was asked for last: an older bench only has its own end to tell."""
        return bench is self._working or not isinstance(report, reports.Closed)

    def settled(self, action: Action, number: int, outcome: MessageOutcome) -> None:
        self._unacknowledged.settle(action, number, outcome)
        self._log.settle()

    def covered(self, action: Action, numbers: list[int]) -> int:
        if action.kind not in ("ack", "reject"):
            return 0
        others = {other for number in numbers for other in self._unacknowledged.covered(number)}
        return len(others.difference(numbers))

    def at_once(self, action: Action, numbers: list[int]) -> bool:
        """One message of a queue that is worked is acknowledged without a question, unless others go with it."""
        return (
            action.kind == "ack"
            and len(numbers) == 1
            and self._worked(numbers[0])
            and not self._unacknowledged.covered(numbers[0])
        )

    def _worked(self, number: int) -> bool:
        row = self._console.journal.get(number)
        watch = self._console.subscription_of(row.frame) if row is not None and row.frame is not None else None
        return watch is not None and watch.reading is not None and watch.reading.mode == "work"

    def seen(self) -> list[str]:
        return self._console.seen()

    def _items(self, numbers: list[int]) -> list[tuple[int, Frame]]:
        return [(number, frame) for number in numbers if (frame := self.frame(number)) is not None]

    def stop(self) -> None:
        """End what is being done as soon as what was begun is settled."""
        if self._console.bench is not None:
            self._console.bench.stop()

    def close(self) -> None:
        """The connection, or the screen, is over."""
        bench, self._console.bench = self._console.bench, None
        if bench is not None:
            bench.close()

    def _bench(self) -> UnackedAccess | None:
        """Where orders on the session of the moment are carried out; a new session has a new one."""
        session, main = self._console.session, self._console.main_connection
        if session is None or main is None or not self._console.connected:
            return None
        bench = self._console.bench
        if bench is not None and bench.session is session:
            return bench
        self.close()
        event_queue = BlockingEventQueue()
        context = AccessContext(
            self._console.side_connections.dialer("", event_queue, lambda: made.left),
            event_queue,
            lambda: made.stopped,
            main.connection.login,
            main.connection,
        )
        access = BROKERS.access("", self._console.dialect, context)
        made = UnackedAccess(
            access if isinstance(access, Holding) else Holding(context, "", self._console.dialect),
            session,
            lambda report: self._tell(made, report),
        )
        made.start(survey=False)
        self._console.bench = made
        return made
