"""One visit to one queue, from the first question to the last message given back, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stomptui.connection.blocking_client import ClientError
from stomptui.connection.errors import SessionError
from stomptui.connection.stomp_log import LOGGER, defect
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.access import QueueAccess
from stomptui.queues.actions.action import Action, ActionResult, Items, MessageOutcome
from stomptui.queues.peek import reports
from stomptui.queues.peek.peek_values import PeekOptions, QueueSurvey
from stomptui.queues.refusal_texts import reason_of

HOLD = 30.0
"""Seconds that messages are held unless the person asks for more: far below what makes brokers act on their own."""
LONGEST_HOLD = 300.0
"""Seconds that can be asked for at most."""
SHORTEST = 0.5
"""Seconds that messages of a short life are held at least."""
OUTCOMES_EVERY = 0.1
"""Seconds between two reports of fates: a bulk action settles thousands in that time."""


@dataclass
class _Task:
    """Something that is to be done."""

    do: Callable[[], None]
    instead: Callable[[str], None]
    """Called with why, if it was stopped before it began."""
    stopped: str = ""
    """Why it is to end, "" if it is not."""


class Peek:
    """What the screen asks of a queue; all methods may be called from any thread and none waits.

    Args:
        access: The way into the queue; it is ours alone from here on.
        tell: Called with each report, in this peek's thread; must not block.
        hold: Seconds that messages are held.
    """

    def __init__(self, access: QueueAccess, tell: Callable[[reports.Report], None], hold: float = HOLD) -> None:
        self.access = access
        self.hold = hold
        self.held_since: float | None = None
        """`time.monotonic()` when what is held began to be; None while nothing is."""
        self.held_until: float | None = None
        """`time.monotonic()` when it goes back by itself."""
        self._lifetime: float | None = None
        """Seconds that the queue keeps a message, None if it keeps them."""
        self._soonest: float | None = None
        """Seconds that the message of those shown is kept that is kept shortest."""
        self._what = "look"
        self.busy = ""
        """What is being done: "looking", "moving", ...; "" if nothing is."""
        self.ended = threading.Event()
        self._tell = tell
        self._tasks: deque[_Task] = deque()
        self._task: _Task | None = None
        """The one that is being done."""
        self._lock = threading.Lock()
        self._closing = False
        self._outcomes: list[tuple[int, MessageOutcome]] = []
        self._outcomes_at = 0.0
        self._clock = threading.Lock()
        """Guards the two times above: one thread makes a hold longer while another sees that it has run out."""
        self._thread = threading.Thread(target=self._run, name="stomptui-peek", daemon=True)

    @property
    def hold_time(self) -> float:
        """Seconds that messages are held: what has a short life is held for half of it, so that others can have it."""
        lives = (max(SHORTEST, life / 2) for life in (self._lifetime, self._soonest) if life is not None)
        return min([self.hold, *lives])

    # What can be asked

    def start(self, survey: bool = True) -> None:
        """Begin, with a survey unless there is no queue to be surveyed."""
        if survey:
            self._later(self._survey)
        self._thread.start()

    def look(self, what: PeekOptions) -> None:
        """Show what is in the queue; what was held before goes back first."""
        self._later(lambda: self._look(what))

    def plan(self, action: Action, items: Items) -> None:
        """Work out what an action would do."""
        self._later(
            lambda: self._plan(action, items),
            lambda why: self._report(reports.Failed(time.time(), "plan", f"stopped {why}")),
        )

    def act(self, action: Action, items: Items) -> None:
        """Carry an action out."""
        self._later(lambda: self._act(action, items), lambda why: self._untouched(action, items, why))

    def return_messages(self, why: str = "by you") -> None:
        """Let go of what is held."""
        self._mark(why)
        self._later(lambda: self._return(why))

    def extend_hold(self) -> bool:
        """Hold what is held for the whole time again, from now on; False if nothing is, or it goes back already."""
        with self._clock:
            if self.held_until is None:
                return False
            self.held_until = time.monotonic() + self.hold_time
            return True

    def stop(self, why: str = "by you") -> None:
        """End what is being done as soon as what was begun is settled; of what has not begun nothing is done."""
        self._mark(why)
        self.access.context.event_queue.wake()

    def close(self) -> None:
        """Give everything back and end."""
        self._closing = True
        self.access.context.event_queue.wake()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if that did not happen in time. Not for the event loop's thread."""
        return not self._thread.is_alive() or self.ended.wait(timeout)

    @property
    def stopped(self) -> str:
        """Why what is being done is to end, "" if it is not."""
        if self._closing:
            return "closed"
        task = self._task
        return task.stopped if task is not None else ""

    @property
    def left(self) -> str:
        """Why no connection is wanted any more, "" while one is: what was stopped may need another to see what came of
        it, if it has done something; what is closed needs none."""
        return "closed" if self._closing else self._unbegun

    @property
    def _unbegun(self) -> str:
        """Why what is being done is to end though it has done nothing to a message, "" if it is not, or if it has."""
        task = self._task
        return "" if task is None or self.access.context.event_queue.begun else task.stopped

    def _mark(self, why: str) -> None:
        with self._lock:
            for task in (*self._tasks, *filter(None, (self._task,))):
                task.stopped = why

    # The thread

    def _later(self, do: Callable[[], None], instead: Callable[[str], None] = lambda why: None) -> None:
        with self._lock:
            self._tasks.append(_Task(do, instead))
        self.access.context.event_queue.wake()

    def _run(self) -> None:
        try:
            while not self._closing:
                if self._tasks:
                    with self._lock:
                        task = self._task = self._tasks.popleft()
                    self.access.context.event_queue.begun = False
                    if task.stopped:
                        task.instead(task.stopped)
                    else:
                        task.do()
                    self._task = None
                    self._note_hold()
                else:
                    self._idle()
        except Exception as error:
            told = defect(error, "a peek failed in an unexpected way")
            self._report(reports.Failed(time.time(), self._what, told))
        finally:
            self._end()

    def _idle(self) -> None:
        """Wait for something to do, and meanwhile for what happens to what is held."""
        until = self.held_until
        left = None if until is None else max(0.0, until - time.monotonic())
        event = self.access.context.event_queue.get(left)
        if event is not None:
            held = self.access.holding
            why = self.access.heard(event)
            if why and held:
                self._note_hold()
                self._report(reports.MessagesReturned(time.time(), why))
        elif self._ran_out():
            self._return(f"after {round(self.hold_time, 1) or self.hold_time:g} s")

    def _ran_out(self) -> bool:
        """Whether the hold is over; from here on nobody can make it longer."""
        with self._clock:
            over = self.held_until is not None and time.monotonic() >= self.held_until
            if over:
                self.held_until = None
            return over

    def _end(self) -> None:
        try:
            self.access.close()
        except SessionError as error:
            LOGGER.info("a peek was closed: %s", error)
        except Exception:
            LOGGER.exception("a peek could not be closed")
        self.held_since = self.held_until = None
        self._report(reports.Closed(time.time()))
        self.ended.set()

    def _note_hold(self) -> None:
        now = time.monotonic()
        with self._clock:
            if not self.access.holding:
                self.held_since = self.held_until = None
            elif self.held_until is None:
                self.held_since, self.held_until = now, now + self.hold_time

    def _report(self, report: reports.Report) -> None:
        try:
            self._tell(report)
        except Exception:
            LOGGER.exception("a report of a peek could not be handed over")

    # What is done in it

    def _survey(self) -> None:
        self._doing("check", "checking the queue", lambda: self._surveyed())

    def _surveyed(self) -> None:
        queue, dialect = self.access.queue, self.access.dialect
        if misread := dialect.misread(queue, self.access.version):
            survey = QueueSurvey(notice="", refusal=f"“{shown(queue)}”: {misread}")
        else:
            survey = self.access.survey()
            self._lifetime = survey.leaving.lifetime
        self._report(reports.Surveyed(time.time(), survey))

    def _look(self, what: PeekOptions) -> None:
        def do() -> None:
            self.access.return_messages()
            self._note_hold()
            self._report(reports.PeekStarted(time.time(), what))
            self._soonest = None
            looked = self.access.look(what, self._shown)
            self._note_hold()
            self._report(reports.PeekEnded(time.time(), looked))

        self._doing("look", "peeking", do)

    def _shown(self, frames: Iterable[Frame]) -> None:
        came = tuple(frames)
        lives = [life for life in map(self.access.kept_for, came) if life is not None]
        self._soonest = min([*lives, *([] if self._soonest is None else [self._soonest])], default=None)
        self._report(reports.Shown(time.time(), came))

    def _plan(self, action: Action, items: Items) -> None:
        def do() -> None:
            self._report(reports.Planned(time.time(), self.access.plan(action, items)))

        self._doing("plan", "checking", do)

    def _act(self, action: Action, items: Items) -> None:
        def do() -> None:
            self._report(reports.ActionStarted(time.time(), action, len(items)))
            try:
                result = self.access.act(action, items, self._note_outcome)
            except ClientError:
                if not (why := self._unbegun):
                    raise
                result = ActionResult(action, len(items), stopped=why)
            self._report_outcomes()
            self._report(reports.ActionEnded(time.time(), result))

        self._doing("act", action.present, do)
        self.extend_hold()

    def _untouched(self, action: Action, items: Items, why: str) -> None:
        """An action was stopped before it began."""
        self._report(reports.ActionStarted(time.time(), action, len(items)))
        self._report(reports.ActionEnded(time.time(), ActionResult(action, len(items), stopped=why)))

    def _note_outcome(self, index: int, outcome: MessageOutcome) -> None:
        self._outcomes.append((index, outcome))
        if time.monotonic() - self._outcomes_at >= OUTCOMES_EVERY:
            self._report_outcomes()

    def _report_outcomes(self) -> None:
        outcomes, self._outcomes, self._outcomes_at = tuple(self._outcomes), [], time.monotonic()
        if outcomes:
            self._report(reports.MessageOutcomes(time.time(), outcomes))

    def _return(self, why: str) -> None:
        if not self.access.holding:
            self._note_hold()
        else:
            self.busy = "returning"
            how = self.access.return_messages()
            self.busy = ""
            self._note_hold()
            self._report(reports.MessagesReturned(time.time(), why, how))

    def _doing(self, what: str, word: str, do: Callable[[], None]) -> None:
        """Do something that may fail, and say so if it does."""
        self.busy, self._what = word, what
        held = self.access.holding
        try:
            do()
        except ClientError as error:
            self._report(reports.Failed(time.time(), what, reason_of(error), error.server_text))
        except (SessionError, ValueError) as error:
            self._report(reports.Failed(time.time(), what, str(error)))
        finally:
            self.busy = ""
        if held and not self.access.holding and what != "look" and self.access.lost:
            self._report(reports.MessagesReturned(time.time(), f"because {self.access.lost}"))
