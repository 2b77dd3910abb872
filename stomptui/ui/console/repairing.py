"""Repairs a message: finds it again in its queue, sends what was edited, and takes the original out once that is
confirmed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.compose.draft import Draft
from stomptui.compose.open_drafts import OpenDraft
from stomptui.compose.repair import Repair, changes
from stomptui.compose.send_state import SendState
from stomptui.connection.errors import SessionError
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.actions.action import DONE, DOUBT, Action, ActionResult, DryRun, MessageOutcome, PreparedMessage
from stomptui.queues.peek import reports
from stomptui.queues.peek.peek import Peek
from stomptui.queues.peek.peek_values import PeekOptions, QueueSurvey
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.repair import RepairScreen
from stomptui.ui.dialogs.typed_name import TypedNameScreen
from stomptui.ui.environment import environment_of
from stomptui.ui.widgets.compose.pane import ComposePane

FARTHEST = 1000
"""Messages among which the original is looked for at most, unless it was farther back when it was peeked at."""
SERIES_REFUSED = "no series: this takes the place of one message, and only one can"
_OWN = frozenset(("destination", "receipt", "content-length", "transaction"))
"""Headers that the frame gets when it is sent."""

R = TypeVar("R", bound=reports.Report)
Opens = Callable[[str, Callable[[reports.Report], None]], Peek]


class NotRepaired(Exception):
    """Nothing was sent; the text says why."""


class Repairing:
    """Sends drafts that take the place of a message.

    Args:
        screen: Where questions are asked.
        console: Whose broker it is.
        opens: Makes a peek into a queue that reports to a function, which is called in its thread.
        pane: Has the draft, and tells what became of it.
        sent: Called with a draft that was sent.
        as_usual: Sends a draft that takes the place of nothing.
    """

    def __init__(
        self,
        screen: Screen[Any],
        console: Console,
        opens: Opens,
        pane: ComposePane,
        sent: Callable[[Draft], None],
        as_usual: Callable[[ComposePane.SendRequested], None],
    ) -> None:
        self._screen = screen
        self._console = console
        self._opens = opens
        self._pane = pane
        self._sent = sent
        self._as_usual = as_usual
        self._busy = False

    def ask(self, message: ComposePane.SendRequested) -> None:
        """Show what changed, and after a yes repair the message."""
        repair = message.draft.repairs
        assert repair is not None, "others are sent as usual"
        if self._busy:
            self._screen.notify("Wait for the running repair to end.", severity="warning")
        elif repair.lapsed:
            self._screen.run_worker(self._ask_of_lapsed(message, repair))
        else:
            self._busy = True
            self._screen.run_worker(self._ask(message, repair))

    async def _ask_of_lapsed(self, message: ComposePane.SendRequested, repair: Repair) -> None:
        """Send it as an ordinary message, after a yes to that."""
        detail = f"{repair.lapsed_text} To repair that one, peek into its queue and edit it from there."
        if await self._agreed("Send it, and leave the original where it is?", [detail]):
            let_go(self._pane, repair)
            draft = replace(message.draft, repairs=None)
            self._as_usual(ComposePane.SendRequested(draft, message.doubts))

    async def _ask(self, message: ComposePane.SendRequested, repair: Repair) -> None:
        try:
            await self._begin(message, repair)
        except (NotRepaired, SessionError, OSError, ValueError) as error:
            self._tell(repair, SendState.PROBLEM, f"not repaired, the original is where it was: {error}")
        finally:
            self._busy = False

    async def _begin(self, message: ComposePane.SendRequested, repair: Repair) -> None:
        draft = message.draft
        self._check_broker(repair)
        headers, body = await asyncio.to_thread(draft.build)
        lines = await asyncio.to_thread(changes, repair, headers, body)
        production = environment_of(self._screen.app).production
        detail = [
            f"It is sent to {shown(draft.destination)} and confirmed; only then the original is taken out of "
            f"{shown(repair.queue)}.",
            *(f"{shown(where)}: {text}" for where, text, _ in message.doubts),
        ]
        question = f"Send this in place of message {shown(repair.id)}?"
        if not await self._screen.app.push_screen_wait(RepairScreen(question, lines, "\n".join(detail), production)):
            return
        if production and not await self._screen.app.push_screen_wait(
            TypedNameScreen(f"repair 1 message of {shown(repair.queue)}", repair.queue)
        ):
            return
        carried = tuple((name, value) for name, value in headers if name not in _OWN)
        edited = PreparedMessage(carried, body, draft.content_length)
        await self._repair(draft, repair, Action("move", draft.destination, edited=edited))

    def _check_broker(self, repair: Repair) -> None:
        if broker_name(self._console) != repair.broker:
            raise NotRepaired(f"it is on {repair.broker}, which is not connected")

    async def _repair(self, draft: Draft, repair: Repair, action: Action) -> None:
        """Do it; the original is unacknowledged only from here on."""
        self._check_broker(repair)
        self._tell(repair, SendState.WAITING, f"looking for the original in {shown(repair.queue)}")
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[reports.Report] = asyncio.Queue()

        def tell(report: reports.Report) -> None:
            # The loop is closed once the app has ended.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(told.put_nowait, report)

        peek = self._opens(repair.queue, tell)
        try:
            peek.start()
            survey = (await _next(told, reports.Surveyed)).survey
            if survey.refusal:
                raise NotRepaired(survey.refusal)
            if survey.ask and not await self._agreed("Look for the original?", [survey.notice]):
                raise NotRepaired("you did not agree to look for it")
            index, message = await self._found(peek, told, repair, survey)
            peek.plan(action, [(index, message)])
            plan = (await _next(told, reports.Planned)).plan
            if plan.refusal or plan.problems:
                raise NotRepaired(plan.refusal or plan.problems[0][1])
            if (reasons := doubts_of(plan)) and not await self._agreed("Send it anyway?", reasons):
                raise NotRepaired("you did not agree")
            action = replace(action, accepts=plan.risks, accepts_unknown=bool(plan.unknown))
            self._tell(repair, SendState.WAITING, "being sent")
            peek.act(action, [(index, message)])
            try:
                result = (await _next(told, reports.ActionEnded)).result
            except NotRepaired as error:
                left = f"the original is taken out of {shown(repair.queue)} only once it is confirmed"
                self._tell(repair, SendState.UNCONFIRMED, f"not known whether it was sent, {left}: {error}")
                return
        finally:
            peek.close()
        self._ended(draft, repair, result, result.outcomes.get(index))

    async def _found(
        self, peek: Peek, told: asyncio.Queue[reports.Report], repair: Repair, survey: QueueSurvey
    ) -> tuple[int, Frame]:
        """The original, as it is in its queue now: where it was, else among more messages."""
        frames: list[Frame] = []
        for limit in dict.fromkeys((repair.position + 1, max(FARTHEST, repair.position + 1))):
            if frames and not peek.access.reader.peeks_freely:
                reason = f"It is not among the first {len(frames):,}. {survey.notice}"
                if not await self._agreed(f"Look at {limit:,} messages?", [reason]):
                    break
            peek.peek(PeekOptions(limit))
            frames = []
            while not isinstance(report := await _next(told, reports.Report), reports.PeekEnded):
                if isinstance(report, reports.Shown):
                    frames += report.frames
            place = await asyncio.to_thread(repair.find, frames)
            if place is not None:
                return place, frames[place]
            if len(frames) < limit:
                break
        raise NotRepaired(f"it is not among the {len(frames):,} messages that {shown(repair.queue)} shows now")

    async def _agreed(self, question: str, reasons: Sequence[str]) -> bool:
        asked = ConfirmScreen(question, yes="Yes", no="No", detail="\n".join(reasons))
        answer: bool | None = await self._screen.app.push_screen_wait(asked)
        return answer is True

    def _ended(self, draft: Draft, repair: Repair, result: ActionResult, outcome: MessageOutcome | None) -> None:
        if outcome is None or outcome.state not in (DONE, DOUBT):
            raise NotRepaired((outcome.text if outcome is not None else "") or result.stopped or "nothing was sent")
        if outcome.state == DOUBT:
            self._tell(repair, SendState.UNCONFIRMED, f"not known whether it is repaired: {outcome.text}")
            return
        tab = self._tab(repair)
        # What was typed meanwhile stays, and takes the place of nothing any more.
        let_go(self._pane, repair)
        self._sent(replace(draft, repairs=None))
        notes = "".join(f"; {note}" for note in result.notes)
        self._pane.show_outcome(
            SendState.DOUBTFUL if notes else SendState.CONFIRMED,
            f"repaired: confirmed in {shown(draft.destination)}, and the original was taken out of "
            f"{shown(repair.queue)}{notes}",
            tab,
        )

    def _tab(self, repair: Repair) -> OpenDraft | None:
        """The tab with the draft of a repair."""
        return next((tab for tab in self._pane.open_drafts.tabs if tab.draft.repairs is repair), None)

    def _tell(self, repair: Repair, state: SendState, text: str) -> None:
        self._pane.show_outcome(state, text, self._tab(repair))


def let_go(pane: ComposePane, repair: Repair | None) -> None:
    """Make the draft of a repair an ordinary message."""
    if pane.draft.repairs is repair:
        pane.load(replace(pane.draft, repairs=None))
    for tab in pane.open_drafts.tabs:
        if tab.draft.repairs is repair:
            tab.draft = replace(tab.draft, repairs=None)


def put_back(pane: ComposePane) -> None:
    """Send the draft of a repair into the queue of the original."""
    if (repair := pane.draft.repairs) is not None:
        pane.load(replace(pane.draft, destination=repair.queue))


def doubts_of(plan: DryRun) -> list[str]:
    """What a person has to agree to before something is sent in place of a message."""
    told = [*plan.risks, *plan.unknown, *(f"{shown(name)} is not there yet, and is made." for name in plan.missing)]
    return [*plan.lines, *told] if plan.destroys else told


def broker_name(console: Console) -> str:
    """The broker that is connected, as a repair remembers it."""
    main = console.main_connection
    return main.connection.where if main is not None else ""


async def _next(told: asyncio.Queue[reports.Report], kind: type[R]) -> R:
    """The next report of a kind; raises `NotRepaired` if something failed before."""
    while True:
        report = await told.get()
        if isinstance(report, reports.Failed):
            said = report.server_text if report.server_text != report.reason else ""
            raise NotRepaired(": ".join(filter(None, (report.reason, said))))
        if isinstance(report, reports.Closed):
            raise NotRepaired("its connection was closed")
        if isinstance(report, kind):
            return report
