"""Runs actions on the selected messages of a screen: the form, the progress, the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import ClassVar, Protocol

from textual.screen import Screen

from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, Action, ActionKind, ActionResult, MessageOutcome
from stomptui.queues.actions.edit import Edit
from stomptui.queues.peek import reports
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.message_actions.action_form import ActionForm, messages
from stomptui.ui.message_actions.result import ActionResultScreen
from stomptui.ui.widgets.work_bar import WorkBar, WorkKind, WorkShown


def wants_name(kind: ActionKind, count: int) -> bool:
    """Whether in production the name of the queue is to be typed before so many messages are taken out of it.

    What is deleted is gone; one message that is moved, retried or acknowledged is everyday work.
    """
    return kind == "delete" or (kind != "copy" and count > 1)


class MessageHolder(Protocol):
    """Has messages to act on; rows are known by their numbers in a journal."""

    stop_key: str
    """The name of the key that stops an action there."""

    @property
    def dialect(self) -> Dialect: ...

    def chosen(self) -> list[int]:
        """The marked rows, in order; without marks the one under the cursor."""

    def frame(self, number: int) -> Frame | None: ...

    def why_not(self, kind: ActionKind, number: int) -> str | None:
        """Why that kind of action cannot be done with it, None if it can."""

    def origin(self, frame: Frame) -> str:
        """The destination a dead letter came from, "" if it does not say."""

    def propose(self, action: Action, numbers: list[int]) -> None:
        """Ask for the plan of an action."""

    def take(self, action: Action, numbers: list[int]) -> None:
        """Have an action carried out."""

    def settled(self, action: Action, number: int, outcome: MessageOutcome) -> None:
        """What became of one message."""

    def covered(self, action: Action, numbers: list[int]) -> list[int]:
        """The rows of other messages that an action covers without naming them: a cumulative ACK does."""

    def at_once(self, action: Action, numbers: list[int]) -> bool:
        """Whether an action needs no question, because the person came here to do just that."""

    def seen(self) -> list[str]:
        """Destinations for completion."""

    def queue_of(self, number: int) -> str:
        """The queue that a message is in, as a person names it."""


class MessageActions:
    """Asks for an action on the selected messages, has it carried out, and shows what came of it.

    Args:
        screen: Where questions are asked.
        bearer: Who has the messages.
        bar: Where progress is shown.
        number_of: From the index of a message to the row the person knows it by.
    """

    DONE_FOR: ClassVar[float] = 8.0
    """Seconds that the result stays on the bar if all is done."""

    def __init__(self, screen: Screen[None], bearer: MessageHolder, bar: WorkBar, clear: Callable[[], None]) -> None:
        self._screen = screen
        self._bearer = bearer
        self._bar = bar
        self._clear_marks = clear
        self._dialog: ActionForm | None = None
        self._numbers: list[int] = []
        self._action: Action | None = None
        self._told: set[int] = set()
        self._total = 0
        self.busy = False
        """Whether an action is being carried out."""
        self.result: ActionResult | None = None
        """Of the last action."""

    def ask(self, kind: ActionKind, edit: Edit | None = None) -> None:
        """The person wants something done with what is chosen, after the same edit of each if there is one."""
        bearer = self._bearer
        if self.busy:
            self._screen.notify(
                f"Wait for the running action to end, or stop it with {self._stop}.", severity="warning"
            )
            return
        rows = [number for number in bearer.chosen() if bearer.frame(number) is not None]
        if not rows:
            self._screen.notify("Select a message first.", severity="warning")
            return
        notes: list[str] = []
        covered: list[int] = []
        if kind != "copy":
            reasons = {number: why for number in rows if (why := bearer.why_not(kind, number))}
            able = [number for number in rows if number not in reasons]
            if not able:
                reason = next(iter(reasons.values()))
                self._screen.notify(f"{reason[0].upper()}{reason[1:]}.", severity="warning", markup=False)
                return
            for reason in dict.fromkeys(reasons.values()):
                count = sum(1 for why in reasons.values() if why == reason)
                notes.append(f"{messages(count)} of those selected are left out: {reason}")
            rows = able
            if covered := bearer.covered(Action(kind), rows):
                notes.append(f"Cumulative subscription: {len(covered):,} earlier unacknowledged messages are included.")
        self._numbers = rows
        action = Action(kind, edit=edit)
        if bearer.at_once(action, rows):
            self._take(action)
            return
        lost = kind == "retry" and not all(bearer.origin(frame) for n in rows if (frame := bearer.frame(n)))
        if lost:
            notes.append("Some do not say where they came from: those go to the target.")
        affected = [*rows, *covered]
        self._dialog = ActionForm(
            kind,
            len(rows),
            lambda action: bearer.propose(action, rows),
            destinations=bearer.seen,
            needs_target=kind in ("copy", "move") or lost,
            requeue=kind == "reject" and bearer.dialect.acknowledgement.knows_requeue,
            notes=notes,
            sources=Counter(map(bearer.queue_of, affected)) if wants_name(kind, len(affected)) else None,
            edit=edit,
        )
        self._screen.app.push_screen(self._dialog, self._answered)

    def _answered(self, action: Action | None) -> None:
        self._dialog = None
        if action is not None:
            self._take(action)

    def _take(self, action: Action) -> None:
        self._action, self._total = action, len(self._numbers)
        self._told.clear()
        self.busy = True
        self._clear_marks()
        self._show_progress()
        self._bearer.take(action, self._numbers)
        self._screen.refresh_bindings()

    # -- what is reported ------------------------------------------------------------------------------------------

    def receive(self, report: reports.Report) -> None:
        """A report that may be about an action."""
        if isinstance(report, reports.Planned) and self._dialog is not None:
            self._dialog.show_plan(report.plan)
        elif isinstance(report, reports.Failed) and report.what == "plan" and self._dialog is not None:
            self._dialog.show_problem(report.reason, report.server_text)
        elif isinstance(report, reports.Failed) and report.what == "act":
            self._ended(None, report.reason)
        elif isinstance(report, reports.MessageOutcomes) and self._action is not None:
            for number, outcome in report.outcomes:
                self._bearer.settled(self._action, number, outcome)
            # One that was done can turn out to be in doubt.
            self._told.update(number for number, _ in report.outcomes)
            self._show_progress()
        elif isinstance(report, reports.ActionEnded):
            self._ended(report.result, "")
        elif isinstance(report, reports.Closed) and self.busy:
            self._ended(None, "its connection was closed")

    def _ended(self, result: ActionResult | None, reason: str) -> None:
        self.busy = False
        self.result = result
        if result is None:
            self._bar.work = WorkShown(f"✗ not done: {reason}", kind="error")
        else:
            wrong = result.count(FAILED) or result.count(DOUBT)
            whole = result.count(DONE) == result.total
            noted = " · ".join(result.notes)
            kind: WorkKind
            mark, kind = ("✓", "good") if whole else ("✗", "error") if wrong else ("‖", "warn")
            if whole and noted:
                # What is said then is that it may be lost all the same.
                mark, kind = "⚠", "warn"
            self._bar.work = WorkShown(f"{mark} {result.with_target}{f'; {noted}' if noted else ''}", kind=kind)
            if whole and not noted:
                self._screen.set_timer(self.DONE_FOR, lambda: self._forget(result))
            elif not whole and (result.total > 1 or wrong):
                self._screen.app.push_screen(ActionResultScreen(result))
        self._screen.refresh_bindings()

    def _forget(self, result: ActionResult) -> None:
        if self.result is result and not self.busy:
            self._bar.work = WorkShown()

    @property
    def _stop(self) -> str:
        """The key that stops an action."""
        return key_of(self._screen, self._bearer.stop_key)

    def _show_progress(self) -> None:
        if self._action is not None and self.busy:
            text = f"{self._action.present} {len(self._told):,} of {self._total:,}"
            self._bar.work = WorkShown(
                text + (f" · {self._stop} stops" if self._total > 1 else ""), len(self._told), self._total
            )
