"""An original that a subscription keeps unacknowledged: it is acknowledged on the session that has it."""

from __future__ import annotations

import contextlib

from stomptui.application.console import Console
from stomptui.application.repairs.original import NotRepaired, ReportQueue
from stomptui.application.session_work import begin_session_actions, end_session_actions
from stomptui.compose.repair import Held, Repair
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import DONE, DOUBT, Action, ActionResult, DryRun, MessageOutcome
from stomptui.queues.actions.session_actions import SessionActions
from stomptui.queues.peek import reports

CUMULATIVE = (
    "its subscription is cumulative, so taking one out takes all before it as well: "
    "work the queue one by one to move, repair or delete messages"
)


def is_held(console: Console, repair: Repair) -> bool:
    """Whether the delivery that a draft was begun from is unacknowledged still."""
    held = repair.held
    return held is not None and not console.unacknowledged.why_not_ours(held.row, held.session, repair.message)


def held_delivery(console: Console, repair: Repair) -> tuple[Held, Frame] | None:
    """The delivery of the original that a subscription keeps unacknowledged now, None if none does.

    It is the one that the draft was begun from, or a later one: once a lost connection stands again, its subscriptions
    are delivered the same messages.
    """
    if repair.held is not None and is_held(console, repair):
        return repair.held, repair.message
    row = console.unacknowledged.find(repair.queue, repair.is_delivery)
    return (Held(row.number, row.session), row.frame) if row is not None and row.frame is not None else None


class HeldOriginal:
    """An `Original` on the session of the moment; while something is done with it, nothing else can be.

    Args:
        console: Whose session it is.
        held: The delivery, of a message that is unacknowledged now.
        message: The message as it was delivered.
        queue: The queue it is in.
    """

    def __init__(self, console: Console, held: Held, message: Frame, queue: str) -> None:
        self._console = console
        self._held = held
        self._message = message
        self._queue = queue
        self._reports = ReportQueue()
        self._actions: SessionActions | None = None
        self._kept = contextlib.ExitStack()

    async def find(self) -> None:
        if self._console.unacknowledged.is_cumulative(self._held.row):
            raise NotRepaired(CUMULATIVE)
        self._check()
        self._kept.enter_context(self._console.unacknowledged.repairing(self._held.row))
        self._actions = begin_session_actions(
            self._console, lambda: self._queue, lambda _, report: self._reports.tell(report)
        )

    async def plan(self, action: Action) -> DryRun:
        self._check()
        self._session_actions.plan(action, self._items, dict(self._items))
        return (await self._reports.next(reports.Planned)).plan

    async def act(self, action: Action) -> tuple[ActionResult, MessageOutcome | None]:
        self._check()
        self._session_actions.act(action, self._items, dict(self._items))
        result = (await self._reports.next(reports.ActionEnded)).result
        outcome = result.outcomes.get(self._held.row)
        if outcome is not None and outcome.state in (DONE, DOUBT):
            # What failed stays as it is: unacknowledged, unless its session is lost, which says so itself.
            self._console.unacknowledged.settle(action, self._held.row, outcome)
        return result, outcome

    def close(self) -> None:
        self._kept.close()
        if self._actions is not None:
            end_session_actions(self._console, self._actions)

    def _check(self) -> None:
        """It may have been returned, or settled, while a question was asked."""
        held = self._held
        if why := self._console.unacknowledged.why_not_ours(held.row, held.session, self._message):
            raise NotRepaired(why)

    @property
    def _items(self) -> list[tuple[int, Frame]]:
        return [(self._held.row, self._message)]

    @property
    def _session_actions(self) -> SessionActions:
        if self._actions is None:
            raise NotRepaired("there is no connection")
        return self._actions
