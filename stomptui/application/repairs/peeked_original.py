"""An original that is in its queue: found again by a peek, and unacknowledged only from then on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from stomptui.application.repairs.original import NotRepaired, ReportQueue
from stomptui.compose.repair import Repair
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.actions.action import Action, ActionResult, DryRun, MessageOutcome
from stomptui.queues.peek import reports
from stomptui.queues.peek.peek import Peek
from stomptui.queues.peek.peek_values import PeekOptions, QueueSurvey

FARTHEST = 1000
"""Messages among which the original is looked for at most, unless it was farther back when it was peeked at."""
Opens = Callable[[str, Callable[[reports.Report], None]], Peek]
"""Makes a peek into a queue that reports to a function, which is called in its thread."""
Agreed = Callable[[str, Sequence[str]], Awaitable[bool]]
"""Asks the person a question, with what is to be known of it."""


class PeekedOriginal:
    """An `Original` in its queue.

    Args:
        repair: Says which message it is.
        opens: Makes a peek.
        agreed: Asks the person.
        kept: Why the broker may keep it from any peek, "" where it is not known to.
    """

    def __init__(self, repair: Repair, opens: Opens, agreed: Agreed, kept: str = "") -> None:
        self._repair = repair
        self._agreed = agreed
        self._kept = kept
        self._reports = ReportQueue()
        self._peek = opens(repair.queue, self._reports.tell)
        self._items: list[tuple[int, Frame]] = []

    async def find(self) -> None:
        self._peek.start()
        survey = (await self._reports.next(reports.Surveyed)).survey
        if survey.refusal:
            raise NotRepaired(survey.refusal)
        if survey.ask and not await self._agreed("Look for the original?", [survey.notice]):
            raise NotRepaired("you did not agree to look for it")
        self._items = [await self._found(survey)]

    async def _found(self, survey: QueueSurvey) -> tuple[int, Frame]:
        """The original, as it is in its queue now: where it was, else among more messages."""
        peek, repair = self._peek, self._repair
        frames: list[Frame] = []
        for limit in dict.fromkeys((repair.position + 1, max(FARTHEST, repair.position + 1))):
            if frames and not peek.access.reader.peeks_freely:
                reason = f"It is not among the first {len(frames):,}. {survey.notice}"
                if not await self._agreed(f"Look at {limit:,} messages?", [reason]):
                    break
            peek.peek(PeekOptions(limit))
            frames = []
            while not isinstance(report := await self._reports.next(reports.Report), reports.PeekEnded):
                if isinstance(report, reports.Shown):
                    frames += report.frames
            place = await asyncio.to_thread(repair.find, frames)
            if place is not None:
                return place, frames[place]
            if len(frames) < limit:
                break
        told = f"it is not among the {len(frames):,} messages that {shown(repair.queue)} shows now"
        raise NotRepaired(f"{told}; {self._kept}" if self._kept else told)

    async def plan(self, action: Action) -> DryRun:
        self._peek.plan(action, self._items)
        return (await self._reports.next(reports.Planned)).plan

    async def act(self, action: Action) -> tuple[ActionResult, MessageOutcome | None]:
        self._peek.act(action, self._items)
        result = (await self._reports.next(reports.ActionEnded)).result
        return result, result.outcomes.get(self._items[0][0])

    def close(self) -> None:
        self._peek.close()
