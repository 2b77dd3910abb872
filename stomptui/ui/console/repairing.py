"""Repairs a message: has it at hand again, sends what was edited, and takes the original out once that is confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.repairs.held_original import HeldOriginal, held_delivery
from stomptui.application.repairs.original import NotRepaired, Original
from stomptui.application.repairs.peeked_original import Opens, PeekedOriginal
from stomptui.compose.draft import Draft
from stomptui.compose.open_drafts import OpenDraft
from stomptui.compose.repair import Repair, changes
from stomptui.compose.send_state import SendState
from stomptui.connection.errors import SessionError
from stomptui.protocol.names import shown
from stomptui.queues.actions.action import DONE, DOUBT, Action, ActionResult, DryRun, MessageOutcome, PreparedMessage
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.repair import RepairScreen
from stomptui.ui.dialogs.typed_name import TypedNameScreen
from stomptui.ui.environment import environment_of
from stomptui.ui.widgets.compose.pane import ComposePane

KEPT = "what its subscription was delivered may stay with this connection until that closes: disconnect, then try again"
SERIES_REFUSED = "no series: this takes the place of one message, and only one can"
_OWN = frozenset(("destination", "receipt", "content-length", "transaction"))
"""Headers that the frame gets when it is sent."""


class Repairing:
    """Sends drafts that take the place of a message.

    Args:
        screen: Where questions are asked.
        console: Whose broker it is.
        opens: Makes a peek into a queue, by which an original is found that nothing holds.
        pane: Has the draft, and tells what became of it.
        sent: Called with a draft that was sent.
        as_usual: Sends a draft that takes the place of nothing.
        acting: Whether an action on messages of the log is under way, which may be about this one.
        settle: Called when the log is to be brought up to date.
    """

    def __init__(
        self,
        screen: Screen[Any],
        console: Console,
        opens: Opens,
        pane: ComposePane,
        sent: Callable[[Draft], None],
        as_usual: Callable[[ComposePane.SendRequested], None],
        acting: Callable[[], bool],
        settle: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._console = console
        self._opens = opens
        self._pane = pane
        self._sent = sent
        self._as_usual = as_usual
        self._acting = acting
        self._settle = settle
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
        """Do it; an original of a peek is unacknowledged only from here on."""
        self._check_broker(repair)
        original = self._original(repair)
        try:
            await original.find()
            plan = await original.plan(action)
            if plan.refusal or plan.problems:
                raise NotRepaired(plan.refusal or plan.problems[0][1])
            if (reasons := doubts_of(plan)) and not await self._agreed("Send it anyway?", reasons):
                raise NotRepaired("you did not agree")
            action = replace(action, accepts=plan.risks, accepts_unknown=bool(plan.unknown))
            self._tell(repair, SendState.WAITING, "being sent")
            try:
                result, outcome = await original.act(action)
            except NotRepaired as error:
                left = f"the original is taken out of {shown(repair.queue)} only once it is confirmed"
                self._tell(repair, SendState.UNCONFIRMED, f"not known whether it was sent, {left}: {error}")
                return
        finally:
            original.close()
            self._settle()
        self._ended(draft, repair, result, outcome)

    def _original(self, repair: Repair) -> Original:
        """The original where it is now: unacknowledged by a subscription of ours, else in its queue."""
        held = repair.held
        if held is not None and (done := self._console.unacknowledged.done(held.row)):
            raise NotRepaired(f"the original was {done} already")
        if (delivery := held_delivery(self._console, repair)) is not None:
            if self._acting():
                raise NotRepaired("an action on messages of the log is under way: send it once that has ended")
            return HeldOriginal(self._console, *delivery, repair.queue)
        back = ", where it went back" if held is not None else ""
        self._tell(repair, SendState.WAITING, f"looking for the original in {shown(repair.queue)}{back}")
        session = self._console.session
        kept = KEPT if held is not None and session is not None and session.number == held.session else ""
        return PeekedOriginal(repair, self._opens, self._agreed, kept)

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
