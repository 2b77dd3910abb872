"""Sending a draft from the compose pane, and showing whether it was confirmed or refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from stomptui.application.console import Console
from stomptui.application.destinations.has_queue import DOUBTS, Taker
from stomptui.application.transactions import Ending
from stomptui.compose.draft import Draft
from stomptui.compose.draft_json import without_secrets_of
from stomptui.compose.open_drafts import OpenDraft
from stomptui.compose.send_state import SendState
from stomptui.compose.sent_draft import NOT_SENT, Became, Sending
from stomptui.connection.ending import blames_send
from stomptui.connection.errors import SessionError
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived, ReceiptsMissing, Stalled
from stomptui.ui.widgets.compose.pane import ComposePane

AWAITED = "sent, waiting for the broker's receipt"

MOST_WAITING = 1000
"""Sends whose receipts are awaited; of older ones it is no longer told what became of them."""

_BECAME = {
    Ending.COMMITTED: Became.CONFIRMED,
    Ending.ABORTED: Became.ABORTED,
    Ending.REFUSED: Became.REFUSED,
    Ending.LOST: Became.LOST,
    Ending.UNKNOWN: Became.UNCONFIRMED,
}
"""What becomes of a message in a transaction that ended so."""


@dataclass(eq=False)
class Sent:
    """A draft that was sent."""

    draft: Draft
    """As it went, filled in."""
    template: Draft
    """As it is edited."""
    tab: OpenDraft
    """Where it is edited."""
    taker: Taker
    """Who takes it, once it is confirmed."""
    sending: Sending
    """When and where."""
    waits: tuple[int, str] | None = None
    """Session and receipt that say what became of it, None if nothing does any more."""


class DraftSender:
    """Between the compose pane and the console.

    Args:
        console: What to send with.
        pane: Where outcomes are told.
        settled: Called when it is known what became of a draft, with that and the words for it.
        not_sent: Called with a draft, as it is edited, whose transaction ended without it.
    """

    def __init__(
        self,
        console: Console,
        pane: ComposePane,
        settled: Callable[[Sending, Became, str], object] = lambda sending, became, words: None,
        not_sent: Callable[[Draft], object] = lambda draft: None,
    ) -> None:
        self._console = console
        self._pane = pane
        self._tell_history = settled
        self._not_sent = not_sent
        self._waiting: dict[tuple[int, str], Sent] = {}
        """Sends that are not settled, by session and receipt."""
        self._last: dict[OpenDraft, Sent] = {}
        """The last send from each tab, of which the pane tells."""
        self._inside: list[Sent] = []
        """What was sent in the transaction that is open."""
        self._bare: tuple[int, Sent] | None = None
        """The last send without a receipt, and its session."""
        self._thread = ThreadPoolExecutor(1, "stomptui-send")
        self._under_way = 0

    def send(self, draft: Draft, template: Draft | None = None) -> Sending | None:
        """Send a light draft and tell the pane, where its template is edited; None if nothing was sent."""
        sent = self._note(draft, template)
        try:
            session, receipt = self._console.sender.send(draft)
        except (SessionError, ValueError, OSError) as error:
            self._show(sent, SendState.PROBLEM, f"not sent: {error}")
            return None
        if self._goes_at_commit(sent):
            pass
        elif receipt:
            self._wait(sent, session, receipt)
            self._show(sent, SendState.WAITING, AWAITED)
        else:
            self._without_receipt(sent, session)
        return sent.sending

    def _without_receipt(self, sent: Sent, session: int) -> None:
        """It was sent, and no receipt is to come."""
        self._bare = (session, sent)
        self._show(sent, SendState.SENT, f"sent; {self._told_of(sent)}")
        self._tell_history(sent.sending, Became.UNCONFIRMED, "no receipt was asked for")

    def _told_of(self, sent: Sent) -> str:
        return self._console.dialect.unanswered_at(sent.draft.destination)

    def _note(self, draft: Draft, template: Draft | None) -> Sent:
        template = template or draft
        tabs = self._pane.open_drafts
        taker = self._console.arrivals.taker(draft, self._console.dialect)
        sent = Sent(draft, template, tabs.of(template), taker, Sending(where_of(self._console)))
        self._last = {tab: last for tab, last in self._last.items() if tab in tabs.tabs}
        self._last[sent.tab] = sent
        return sent

    def _wait(self, sent: Sent, session: int, receipt: str) -> None:
        sent.waits = (session, receipt)
        self._waiting[sent.waits] = sent
        if len(self._waiting) > MOST_WAITING:
            self._settled(next(iter(self._waiting.values())))

    def _show(self, sent: Sent, state: SendState, text: str) -> None:
        """Tell the pane, if nothing was sent from that tab since."""
        if self._last.get(sent.tab) is sent:
            self._pane.show_outcome(state, text, sent.tab)

    def _goes_at_commit(self, sent: Sent) -> bool:
        """Whether it is in a transaction, of whose end the pane tells; then that is said."""
        transaction = self._console.transactions.open
        if transaction is not None:
            inside = f"in transaction {transaction.name}"
            self._show(sent, SendState.NOTE, f"{inside}: delivered once you commit")
            if sent not in self._inside:
                self._inside.append(sent)
                self._tell_history(sent.sending, Became.UNCONFIRMED, inside)
        return transaction is not None

    def transaction_ended(self, ending: Ending, text: str) -> None:
        """The transaction has ended: so much is known of what was sent in it."""
        inside, self._inside = self._inside, []
        for sent in inside:
            became = _BECAME[ending]
            self._tell_history(sent.sending, became, text)
            if became in NOT_SENT:
                self._not_sent(sent.template)

    def other_sent(self, template: Draft) -> None:
        """A draft is sent another way: its tab tells of that from now on."""
        self._last.pop(self._pane.open_drafts.of(template), None)

    @property
    def busy(self) -> bool:
        """Whether a draft is on its way that the next one must not overtake."""
        return self._under_way > 0

    async def send_off(self, draft: Draft, template: Draft | None = None) -> Sending | None:
        """The same for any draft: what is heavy is done in a thread, one draft after the other."""
        self._under_way += 1
        sent = self._note(draft, template)
        try:
            outgoing = self._console.sender.prepare(draft)
            # The receipt can come before this goes on.
            enclosed = self._goes_at_commit(sent)
            if outgoing.receipt and not enclosed:
                self._wait(sent, outgoing.session.number, outgoing.receipt)
            elif not enclosed:
                self._bare = (outgoing.session.number, sent)
            self._show(sent, SendState.WAITING, "being sent")
            await asyncio.get_running_loop().run_in_executor(self._thread, outgoing.go)
        except (SessionError, ValueError, OSError) as error:
            self._settled(sent)
            self._show(sent, SendState.PROBLEM, f"not sent: {error}")
            return None
        finally:
            self._under_way -= 1
        self._console.sender.count(draft)
        if enclosed:
            self._goes_at_commit(sent)
        elif not outgoing.receipt:
            # It is not where the session has ended meanwhile, and perhaps by it.
            if self._bare is not None and self._bare[1] is sent:
                self._without_receipt(sent, outgoing.session.number)
        elif sent.waits is not None:
            self._show(sent, SendState.WAITING, AWAITED)
        return sent.sending

    def _settled(self, sent: Sent) -> None:
        if sent.waits is not None:
            self._waiting.pop(sent.waits, None)
            sent.waits = None

    def handle(self, event: Event) -> None:
        """See whether an event says what became of something that was sent."""
        if isinstance(event, Lost):
            self._lost_by_bare(event)
        if not self._waiting:
            return
        if isinstance(event, Lost):
            for sent in [each for (session, _), each in self._waiting.items() if session == event.session]:
                self._tell(sent, SendState.UNCONFIRMED, f"unconfirmed: {event.reason}; whether it arrived is not known")
                self._tell_history(sent.sending, Became.UNCONFIRMED, event.reason)
        elif isinstance(event, Stalled):
            told = event.text if event.stall else "waiting for the broker's receipt"
            for (session, _), sent in self._waiting.items():
                if session == event.session:
                    words = f"sent, not confirmed yet: {told}" if event.stall else f"sent, {told}"
                    self._show(sent, SendState.WAITING, words)
        elif isinstance(event, ReceiptsMissing):
            for receipt in event.receipts:
                if (missed := self._waiting.get((event.session, receipt))) is not None:
                    gives = "this server gives no receipts" if event.never else "no receipt came in time"
                    self._bare = (event.session, missed)
                    self._tell(missed, SendState.SENT, f"sent; {gives}: {self._told_of(missed)}")
                    self._tell_history(missed.sending, Became.UNCONFIRMED, gives)
        elif isinstance(event, (ReceiptArrived, BrokerError)):
            found = self._waiting.get((event.session, event.receipt))
            if found is not None:
                self._answered(found, event)

    def _lost_by_bare(self, event: Lost) -> None:
        """The session ended: the last send without a receipt may be what it ended for."""
        bare, self._bare = self._bare, None
        if bare is None or bare[0] != event.session:
            return
        if not blames_send(event.ending, event.unanswered):
            if self.busy:
                told = f"unconfirmed: {event.reason}; whether it arrived is not known"
                self._tell(bare[1], SendState.UNCONFIRMED, told)
            return
        said = (event.server_text or event.reason).replace("\n", ": ", 1)
        self._tell(bare[1], SendState.REFUSED, f"refused, and the session ended by it: {said}")
        self._tell_history(bare[1].sending, Became.REFUSED, without_secrets_of(bare[1].draft, said))

    def _answered(self, sent: Sent, event: ReceiptArrived | BrokerError) -> None:
        if isinstance(event, BrokerError):
            advice = self._console.dialect.hints.explain(sent.draft.destination, event.text)
            said = event.text.replace("\n", ": ", 1)
            self._tell(sent, SendState.REFUSED, f"refused: {f'{advice}. The broker said: ' if advice else ''}{said}")
            self._tell_history(sent.sending, Became.REFUSED, without_secrets_of(sent.draft, said))
            return
        took = f"{event.elapsed * 1000:,.0f} ms"
        if event.refusal:
            self._tell(sent, SendState.REFUSED, f"refused after {took}: {event.refusal}")
            self._tell_history(sent.sending, Became.REFUSED, without_secrets_of(sent.draft, event.refusal))
        else:
            mark = {Taker.NOBODY: ", ", Taker.QUEUE: ""}.get(sent.taker, "; ")
            state = SendState.CONFIRMED if sent.taker in (Taker.QUEUE, Taker.READER) else SendState.DOUBTFUL
            told = f"{took}{mark}{DOUBTS[sent.taker]}"
            self._tell(sent, state, f"confirmed in {told}")
            self._tell_history(sent.sending, Became.CONFIRMED, f"in {told}")

    def _tell(self, sent: Sent, state: SendState, text: str) -> None:
        """Say what became of it: that is known now."""
        self._settled(sent)
        changed = sent.tab.draft != sent.template
        self._show(sent, state, f"what was sent before this change: {text}" if changed else text)


def where_of(console: Console) -> str:
    """The profile that is connected, or host and port."""
    main = console.main_connection
    if main is None:
        return console.profile
    place = f"{main.connection.host}:{main.connection.port}"
    return f"{console.profile} ({place})" if console.profile else place
