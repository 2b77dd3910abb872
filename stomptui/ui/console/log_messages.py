"""Acting on messages in the log: those unacknowledged on the main connection, and copies of any."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.message import Message

from stomptui.application.console import Console
from stomptui.application.repairs.held_original import CUMULATIVE
from stomptui.application.session_work import begin_session_actions, end_session_actions
from stomptui.application.unacknowledged import Unacknowledged
from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.copies import original_destination
from stomptui.protocol.frame import Frame
from stomptui.queues.access import QueueAccess
from stomptui.queues.actions.action import Action, ActionKind, MessageOutcome
from stomptui.queues.actions.session_actions import SessionActions
from stomptui.queues.peek import reports
from stomptui.ui.widgets.log.message_log import MessageLog


def queue_name(frames: Iterable[Frame]) -> str:
    """The one queue that messages were in, or how many queues."""
    queues = {original_destination(frame) for frame in frames}
    return next(iter(queues)) if len(queues) == 1 else f"{len(queues):,} queues"


class UnackedReport(Message):
    """From the thread that acts on unacknowledged messages: something it reports."""

    def __init__(self, actions: SessionActions, report: reports.Report) -> None:
        super().__init__()
        self.actions = actions
        self.report = report


class LogMessages:
    """A `MessageHolder` for the log of the console.

    Args:
        console: The console of the broker.
        unacknowledged: Which messages are ours.
        log: Where messages are chosen.
        post: Posts a message, from any thread; `handle` is to be called with it on the event loop.
        report: Called on the event loop with what is reported of the last action.
    """

    stop_key = "console.back"

    def __init__(
        self,
        console: Console,
        unacknowledged: Unacknowledged,
        log: MessageLog,
        post: Callable[[UnackedReport], object],
        report: Callable[[reports.Report], None],
    ) -> None:
        self._console = console
        self._unacknowledged = unacknowledged
        self._log = log
        self._post = post
        self._report = report
        self._actions: SessionActions | None = None
        """Acts on what the session of the moment holds, once somebody did."""
        self._working: SessionActions | None = None
        self._acted_on = ""
        """The queue of the messages of the last action, or how many queues they are of."""

    @property
    def dialect(self) -> Dialect:
        return self._console.dialect

    def chosen(self) -> list[int]:
        return self._log.marking.chosen()

    def frame(self, number: int) -> Frame | None:
        row = self._console.journal.get(number)
        if row is None or row.frame is None:
            return None
        return row.frame if row.frame.command in ("MESSAGE", "SEND") else None

    def queue_of(self, number: int) -> str:
        frame = self.frame(number)
        watch = self._console.subscription_of(frame) if frame is not None else None
        return watch.destination if watch is not None else ""

    def why_not(self, kind: ActionKind, number: int) -> str | None:
        why = self._unacknowledged.why_not(self._console.journal.get(number))
        if why is None and kind in ("move", "retry", "delete") and self._unacknowledged.is_cumulative(number):
            return CUMULATIVE
        return why

    @property
    def access(self) -> QueueAccess | None:
        """The broker's way to act on what the session of the moment holds; None without a connection."""
        actions = self._current_actions()
        return actions.access if actions is not None else None

    def origin(self, frame: Frame) -> str:
        unacked = self._current_actions()
        return unacked.access.forwarding.messages.origin(frame) if unacked is not None else ""

    def propose(self, action: Action, numbers: list[int]) -> None:
        unacked = self._current_actions()
        if unacked is None:
            self._report(reports.Failed(0.0, "plan", "there is no connection"))
        else:
            unacked.plan(action, self._items(numbers), self._unacknowledged.ours(numbers))

    def take(self, action: Action, numbers: list[int]) -> None:
        unacked = self._current_actions()
        if unacked is None:
            self._report(reports.Failed(0.0, "act", "there is no connection"))
        else:
            self._working = unacked
            self._acted_on = queue_name(frame for _, frame in self._items(numbers))
            unacked.act(action, self._items(numbers), self._unacknowledged.ours(numbers))

    def handle(self, message: UnackedReport) -> None:
        """Hand on a report about what was asked for last: an older one only has its own end to tell."""
        if message.actions is self._working or not isinstance(message.report, reports.Closed):
            self._report(message.report)
        self._log.settle()

    def settled(self, action: Action, number: int, outcome: MessageOutcome) -> None:
        self._unacknowledged.settle(action, number, outcome)
        self._log.settle()

    def covered(self, action: Action, numbers: list[int]) -> list[int]:
        if action.kind not in ("ack", "reject"):
            return []
        others = {other for number in numbers for other in self._unacknowledged.covered(number)}
        return sorted(others.difference(numbers))

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
        return self._console.destinations.names()

    def _items(self, numbers: list[int]) -> list[tuple[int, Frame]]:
        return [(number, frame) for number in numbers if (frame := self.frame(number)) is not None]

    @property
    def some_unacknowledged(self) -> bool:
        """Whether a subscription keeps what it gets unacknowledged."""
        main = self._console.main_connection
        return main is not None and any(
            watch.state == "on" and watch.reading and watch.reading.holds for watch in main.wanted
        )

    def stop(self) -> None:
        """End what is being done as soon as what was begun is settled."""
        if self._actions is not None:
            self._actions.stop()

    def close(self) -> None:
        """The connection, or the screen, is over."""
        if self._actions is not None:
            end_session_actions(self._console, self._actions)
            self._actions = None

    def _current_actions(self) -> SessionActions | None:
        """Where orders on the session of the moment are carried out; a new session has a new one."""
        if self._console.session is None or not self._console.connected:
            return None
        if self._actions is not None and self._actions.session is self._console.session:
            return self._actions
        self.close()
        self._actions = begin_session_actions(
            self._console,
            lambda: self._acted_on,
            lambda actions, report: self._post(UnackedReport(actions, report)),
        )
        return self._actions
