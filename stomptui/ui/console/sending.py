"""Sending a draft from the compose pane, and showing whether it was confirmed or refused."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from stomptui.application.console import Console
from stomptui.application.destinations.has_queue import DOUBTS, Taker
from stomptui.compose.draft import Draft
from stomptui.compose.send_state import SendState
from stomptui.connection.errors import SessionError
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived, Stalled
from stomptui.ui.widgets.compose.pane import ComposePane

AWAITED = "sent, waiting for the broker's receipt"
NO_RECEIPT = "handed to the network; without a receipt nothing more is known"


class DraftSender:
    """Between the compose pane and the console.

    Args:
        console: What to send with.
        pane: Where outcomes are told.
    """

    def __init__(self, console: Console, pane: ComposePane) -> None:
        self._console = console
        self._pane = pane
        self._waiting: tuple[int, str] | None = None
        """Session and receipt of the last send that is not settled."""
        self._thread = ThreadPoolExecutor(1, "stomptui-send")
        self._under_way = 0
        self._sent = self._template = Draft()
        self._taker = Taker.QUEUE
        """Who takes what was sent last, once it is confirmed."""

    def send(self, draft: Draft, template: Draft | None = None) -> bool:
        """Send a light draft and tell the pane, where its template is edited; False if nothing was sent."""
        self._waiting = None
        self._note(draft, template)
        try:
            session, receipt = self._console.sender.send(draft)
        except (SessionError, ValueError, OSError) as error:
            self._pane.show_outcome(SendState.PROBLEM, f"not sent: {error}")
            return False
        if receipt:
            self._waiting = (session, receipt)
            self._pane.show_outcome(SendState.WAITING, AWAITED)
        else:
            self._pane.show_outcome(SendState.UNCONFIRMED, NO_RECEIPT)
        return True

    def _note(self, draft: Draft, template: Draft | None) -> None:
        self._sent, self._template = draft, template or draft
        self._taker = self._console.arrivals.taker(draft, self._console.dialect)

    @property
    def busy(self) -> bool:
        """Whether a draft is on its way that the next one must not overtake."""
        return self._under_way > 0

    async def send_off(self, draft: Draft, template: Draft | None = None) -> bool:
        """The same for any draft: what is heavy is done in a thread, one draft after the other."""
        self._under_way += 1
        self._note(draft, template)
        try:
            outgoing = self._console.sender.prepare(draft)
            # The receipt can come before this goes on.
            waiting = (outgoing.session.number, outgoing.receipt)
            self._waiting = waiting if outgoing.receipt else None
            self._pane.show_outcome(SendState.WAITING, "being sent")
            await asyncio.get_running_loop().run_in_executor(self._thread, outgoing.go)
        except (SessionError, ValueError, OSError) as error:
            self._waiting = None
            self._pane.show_outcome(SendState.PROBLEM, f"not sent: {error}")
            return False
        finally:
            self._under_way -= 1
        self._console.sender.count(draft)
        if not outgoing.receipt:
            self._pane.show_outcome(SendState.UNCONFIRMED, NO_RECEIPT)
        elif self._waiting == waiting:
            self._pane.show_outcome(SendState.WAITING, AWAITED)
        return True

    def handle(self, event: Event) -> None:
        """See whether an event says what became of the last send."""
        if self._waiting is None or event.session != self._waiting[0]:
            return
        if isinstance(event, ReceiptArrived) and event.receipt == self._waiting[1]:
            took = f"{event.elapsed * 1000:,.0f} ms"
            if event.refusal:
                self._tell(SendState.REFUSED, f"refused after {took}: {event.refusal}")
            else:
                mark = {Taker.NOBODY: ", ", Taker.QUEUE: ""}.get(self._taker, "; ")
                state = SendState.CONFIRMED if self._taker in (Taker.QUEUE, Taker.READER) else SendState.DOUBTFUL
                self._tell(state, f"confirmed in {took}{mark}{DOUBTS[self._taker]}")
            self._waiting = None
        elif isinstance(event, BrokerError) and event.receipt == self._waiting[1]:
            advice = self._console.dialect.hints.explain(self._sent.destination, event.text)
            said = event.text.replace("\n", ": ", 1)
            self._tell(SendState.REFUSED, f"refused: {f'{advice}. The broker said: ' if advice else ''}{said}")
            self._waiting = None
        elif isinstance(event, Stalled):
            told = event.text if event.stall else "waiting for the broker's receipt"
            self._pane.show_outcome(
                SendState.WAITING, f"sent, not confirmed yet: {told}" if event.stall else f"sent, {told}"
            )
        elif isinstance(event, Lost):
            self._tell(SendState.UNCONFIRMED, f"unconfirmed: {event.reason}; whether it arrived is not known")
            self._waiting = None

    def _tell(self, state: SendState, text: str) -> None:
        changed = self._pane.draft != self._template
        self._pane.show_outcome(state, f"what was sent before this change: {text}" if changed else text)
