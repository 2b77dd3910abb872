"""One peek into one queue, from the first question to the last message returned, in a thread of its own."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from stomptui.config.settings import Settings
from stomptui.connection.errors import SessionError
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.access import QueueAccess
from stomptui.queues.actions.action import Action, Items
from stomptui.queues.actions.action_tasks import ActionTasks
from stomptui.queues.peek import reports
from stomptui.queues.peek.peek_values import PeekOptions, QueueSurvey
from stomptui.queues.peek.task_reports import TaskReports
from stomptui.queues.task_thread import TaskThread

HOLD = float(Settings().peek_hold)
"""Seconds that messages are held unacknowledged unless the person asks for more: far below what makes brokers act on
their own."""
LONGEST_HOLD = 300.0
"""Seconds that can be asked for at most."""
READ_ONLY_PEEK = (
    "this connection is read-only, and here a peek may count as a delivery of the messages, or make a queue that does "
    "not exist"
)
SHORTEST = 0.5
"""Seconds that messages which are kept for a short time are held at least."""


class Peek:
    """What the screen asks of a queue; all methods may be called from any thread and none waits.

    Args:
        access: The way into the queue; it is ours alone from here on.
        tell: Called with each report, in this peek's thread; must not block.
        hold: Seconds that messages are held unacknowledged.
    """

    def __init__(self, access: QueueAccess, tell: Callable[[reports.Report], None], hold: float = HOLD) -> None:
        self.access = access
        self.hold = hold
        self.held_since: float | None = None
        """`time.monotonic()` when what is unacknowledged began to be; None while nothing is."""
        self.held_until: float | None = None
        """`time.monotonic()` when it is returned."""
        self._lifetime: float | None = None
        """Seconds that the queue keeps a message, None if it keeps them."""
        self._soonest: float | None = None
        """Seconds that the message of those shown is kept that is kept shortest."""
        self._clock = threading.Lock()
        """Guards the two times above: one thread makes a hold longer while another sees that it has run out."""
        self._reporting = TaskReports(tell, self._reporting_loss)
        self._tasks = TaskThread(self, access.context.event_queue, "stomptui-peek")
        self._action_tasks = ActionTasks(access.actions, self._tasks, self._reporting)

    @property
    def busy(self) -> str:
        """What is being done: "peeking", "moving", ...; "" if nothing is."""
        return self._reporting.busy

    @property
    def ended(self) -> threading.Event:
        """Set once all is returned and closed."""
        return self._tasks.ended

    @property
    def stopped(self) -> str | None:
        """Why what is being done is to end, None if it is not."""
        return self._tasks.stopped

    @property
    def left(self) -> str | None:
        """As of `TaskThread.left`."""
        return self._tasks.left

    @property
    def hold_time(self) -> float:
        """Seconds that messages are held: what is kept for a short time is held for half of it, so that others can have
        it."""
        lives = (max(SHORTEST, life / 2) for life in (self._lifetime, self._soonest) if life is not None)
        return min([self.hold, *lives])

    # What can be asked

    def start(self, survey: bool = True) -> None:
        """Begin, with a survey unless there is no queue to be surveyed."""
        if survey:
            self._tasks.later(self._survey)
        self._tasks.start()

    def peek(self, what: PeekOptions) -> None:
        """Show what is in the queue; what was unacknowledged before is returned first."""
        self._tasks.later(lambda: self._peek(what))

    def plan(self, action: Action, items: Items) -> None:
        """Work out what an action would do."""
        self._action_tasks.plan(action, items)

    def act(self, action: Action, items: Items) -> None:
        """Carry an action out."""
        self._action_tasks.act(action, items, self.extend_hold)

    def return_messages(self, why: str = "by you") -> None:
        """Return what is unacknowledged."""
        self._tasks.mark(why)
        self._tasks.later(lambda: self._return(why))

    def extend_hold(self) -> bool:
        """Hold what is unacknowledged for the whole time again, from now on; False if nothing is, or it is being
        returned."""
        with self._clock:
            if self.held_until is None:
                return False
            self.held_until = time.monotonic() + self.hold_time
            return True

    def stop(self, why: str = "by you") -> None:
        """End what is being done as soon as what was begun is settled; of what has not begun nothing is done."""
        self._tasks.stop(why)

    def close(self) -> None:
        """Return everything and end."""
        self._tasks.close()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if that did not happen in time. Not for the event loop's thread."""
        return self._tasks.join(timeout)

    # As of `TaskOwner`

    def idle(self) -> None:
        """Wait for something to do, and meanwhile for what happens to what is unacknowledged."""
        until = self.held_until
        left = None if until is None else max(0.0, until - time.monotonic())
        event = self.access.context.event_queue.get(left)
        if event is not None:
            held = self.access.reader.holding
            why = self.access.reader.received(event)
            if why and held:
                self._note_hold()
                self._reporting.report(reports.MessagesReturned(time.time(), why))
        elif self._ran_out():
            self._return(f"after {round(self.hold_time, 1) or self.hold_time:g} s")

    def task_done(self) -> None:
        """A task has ended."""
        self._note_hold()

    def failed(self, error: Exception) -> None:
        """Something failed in an unexpected way, and the thread ends."""
        self._reporting.failed(error)

    def end(self) -> None:
        """The thread ends."""
        try:
            self.access.close()
        except SessionError as error:
            LOGGER.info("a peek was closed: %s", error)
        except Exception:
            LOGGER.exception("a peek could not be closed")
        self.held_since = self.held_until = None
        self._reporting.report(reports.Closed(time.time()))

    # What is done in the thread

    def _ran_out(self) -> bool:
        """Whether the hold is over; from here on nobody can make it longer."""
        with self._clock:
            over = self.held_until is not None and time.monotonic() >= self.held_until
            if over:
                self.held_until = None
            return over

    def _note_hold(self) -> None:
        now = time.monotonic()
        with self._clock:
            if not self.access.reader.holding:
                self.held_since = self.held_until = None
            elif self.held_until is None:
                self.held_since, self.held_until = now, now + self.hold_time

    def _survey(self) -> None:
        def do() -> None:
            queue, dialect = self.access.queue, self.access.dialect
            if misread := dialect.misread(queue, self.access.version):
                survey = QueueSurvey(notice="", refusal=f"“{shown(queue)}”: {misread}")
            else:
                survey = self.access.reader.survey()
                self._lifetime = survey.leaving.lifetime
                survey = self._for_reading_only(survey)
            self._reporting.report(reports.Surveyed(time.time(), survey))

        self._reporting.doing("check", "checking the queue", do)

    def _for_reading_only(self, survey: QueueSurvey) -> QueueSurvey:
        """The same over a connection that is read-only, where a peek must not count as a delivery or make a queue."""
        refused = self.access.context.change_refusal
        if not refused or survey.refusal:
            return survey
        if not self.access.reader.leaves_only_marks:
            return replace(survey, refusal=READ_ONLY_PEEK)
        return replace(survey, notice=f"{survey.notice} Read-only: messages can be read and saved, nothing else.")

    def _peek(self, what: PeekOptions) -> None:
        def do() -> None:
            self.access.reader.return_messages()
            self._note_hold()
            self._reporting.report(reports.PeekStarted(time.time(), what))
            self._soonest = None
            looked = self.access.reader.peek(what, self._shown)
            self._note_hold()
            self._reporting.report(reports.PeekEnded(time.time(), looked))

        self._reporting.doing("peek", "peeking", do)

    def _shown(self, frames: Iterable[Frame]) -> None:
        came = tuple(frames)
        lives = [life for life in map(self.access.reader.kept_for, came) if life is not None]
        self._soonest = min([*lives, *([] if self._soonest is None else [self._soonest])], default=None)
        self._reporting.report(reports.Shown(time.time(), came))

    def _return(self, why: str) -> None:
        if not self.access.reader.holding:
            self._note_hold()
        else:
            self._reporting.busy = "returning"
            how = self.access.reader.return_messages()
            self._reporting.busy = ""
            self._note_hold()
            self._reporting.report(reports.MessagesReturned(time.time(), why, how))

    @contextlib.contextmanager
    def _reporting_loss(self, what: str) -> Iterator[None]:
        """Report if something unacknowledged is lost while something else is done."""
        held = self.access.reader.holding
        yield
        if held and not self.access.reader.holding and what != "peek" and self.access.reader.lost:
            self._reporting.report(reports.MessagesReturned(time.time(), f"because {self.access.reader.lost}"))
