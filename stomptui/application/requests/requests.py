"""Sends requests with a temporary reply queue, and pairs the answers by their correlation-id."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from functools import partial

from stomptui.application.current_broker import CurrentBroker
from stomptui.application.outgoing import MessageSender, Outgoing
from stomptui.application.requests.request import Request, RequestState
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.connection.dialect.replies import ReplyQueue
from stomptui.connection.events import BrokerError, Event, Lost, Sent, SubscribeFailed
from stomptui.connection.session import Session
from stomptui.journal.entry import NoteKind
from stomptui.journal.journal import Journal
from stomptui.protocol.durations import round_trip
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown

KEPT = 50
"""Requests that are remembered, for their answers and those that come late."""
SECONDS = 30.0
"""How long an answer is waited for unless something else is asked for."""


class NoRequest(ValueError):
    """A draft cannot be sent as a request; the text says why."""


class Requests:
    """The requests of one console, on the event loop.

    One reply queue serves all requests of a session; it goes with the connection.

    Args:
        broker: The broker of now.
        sender: Makes ready what is sent.
        journal: Where it is written down what came of them.
        in_transaction: Whether what is sent now is in a transaction.
    """

    def __init__(
        self, broker: CurrentBroker, sender: MessageSender, journal: Journal, in_transaction: Callable[[], bool]
    ) -> None:
        self._broker = broker
        self._sender = sender
        self._journal = journal
        self._in_transaction = in_transaction
        self._queue: tuple[int, ReplyQueue] | None = None
        """The session of now that has a reply queue, and that."""
        self._timers: dict[Request, asyncio.TimerHandle] = {}
        self.all: list[Request] = []
        """Those that are remembered, oldest first."""
        self.changed: Callable[[Request, str], None] = lambda request, text: None
        """Called with a request that something became of, and with what that is to be said; "" where its own text says
        it."""

    @property
    def waiting(self) -> list[Request]:
        """Those that wait for an answer, oldest first."""
        return [request for request in self.all if request.waits]

    @property
    def refusal(self) -> str:
        """Why no request can be sent now, "" if one can."""
        if self._in_transaction():
            return "a transaction is open, and what is sent in it goes at COMMIT"
        return "there is no connection" if not self._broker.connected else self._broker.dialect.replies.refusal

    # -- sending ---------------------------------------------------------------------------------------------------

    def prepare(self, draft: Draft, limit: float = SECONDS) -> tuple[Request, Outgoing]:
        """Make a request of a draft. It counts from `begin` on, which is called just before it is handed over.

        Raises:
            NoRequest: It cannot be a request, or this broker has no reply queues.
            SessionError: There is no connection, or it is read-only.
            ValueError: The broker would read another destination.
        """
        session = self._sender.session
        if self.refusal:
            raise NoRequest(self.refusal)
        for name, why in (
            ("reply-to", "a request brings one of its own"),
            ("transaction", "it is only sent at COMMIT"),
        ):
            if draft.get(name) is not None:
                raise NoRequest(f"the draft has a {name} header, and {why}: switch that off")
        correlation_id = draft.get("correlation-id") or ""
        if any(request.correlation_id == correlation_id for request in self.waiting):
            raise NoRequest(f"a request with the correlation-id {shown(correlation_id)} waits for its answer already")
        queue = self._reply_queue(session)
        added = [HeaderLine("reply-to", queue.reply_to)]
        if not correlation_id:
            correlation_id = str(uuid.uuid4())
            # An empty one that was written would count instead.
            draft = draft.copy()
            draft.headers = [line for line in draft.headers if line.name != "correlation-id"]
            added.append(HeaderLine("correlation-id", correlation_id))
        outgoing = self._sender.prepare(draft.with_headers(added))
        receipt = outgoing.receipt
        return Request(draft.destination, correlation_id, session.number, receipt, limit, time.time()), outgoing

    def _reply_queue(self, session: Session) -> ReplyQueue:
        """The reply queue of a session; where a SUBSCRIBE makes it, that goes first."""
        if self._queue is not None and self._queue[0] == session.number:
            return self._queue[1]
        queue = self._broker.dialect.replies.queue(uuid.uuid4().hex)
        assert queue is not None, "where there is none, that is its refusal"
        if queue.subscribe:
            session.send("SUBSCRIBE", [*queue.subscribe, ("receipt", session.next_receipt())])
        self._queue = (session.number, queue)
        return queue

    def begin(self, request: Request) -> None:
        """Wait for the answer of a request from now on."""
        request.sent = time.time()
        self.all.append(request)
        for old in [each for each in self.all if not each.waits][: max(0, len(self.all) - KEPT)]:
            self.all.remove(old)
        loop = asyncio.get_running_loop()
        self._timers[request] = loop.call_later(request.limit, partial(self._end, request, RequestState.TIMED_OUT))

    def failed(self, request: Request) -> None:
        """It could not be handed over."""
        self._forget_timer(request)
        if request in self.all:
            self.all.remove(request)

    def stop(self, request: Request) -> None:
        """Wait for an answer no longer; one that comes all the same is shown, and said to be late."""
        self._end(request, RequestState.STOPPED)

    def forget(self) -> None:
        """It is another broker now."""
        for request in self.waiting:
            self._end(request, RequestState.LOST, "the broker was left")
        self.all.clear()
        self._queue = None

    # -- what happens ----------------------------------------------------------------------------------------------

    def handle(self, event: Event) -> None:
        """Something happened on the main connection."""
        match event:
            case Sent() if event.receipt:
                for request in self._of(event.session):
                    if request.receipt == event.receipt:
                        # When it went, however late that is told.
                        request.sent = event.when
            case BrokerError() if event.receipt:
                for request in self._of(event.session):
                    if request.receipt == event.receipt:
                        self._end(request, RequestState.REFUSED, event.text.replace("\n", ": ", 1))
            case SubscribeFailed() if self.brings_answers(event.session, event.subscription):
                self._queue = None
                for request in self._of(event.session):
                    why = f"there is no queue for the answer, as {event.reason}"
                    self._end(request, RequestState.REFUSED, why)
            case Lost():
                self._lost(event)

    def _lost(self, event: Lost) -> None:
        lost = self._of(event.session)
        for request in lost:
            self._end(request, RequestState.LOST, "disconnected" if event.wanted else event.reason)
        if lost:
            many = f"{len(lost)} requests" if len(lost) != 1 else f"the request to {shown(lost[0].destination)}"
            text = f"{many} will not be answered: the reply queue went with the connection"
            self._journal.append_note(NoteKind.INFO, text, event.when)
        if self._queue is not None and self._queue[0] == event.session:
            self._queue = None

    def brings_answers(self, session: int, subscription: str) -> bool:
        """Whether a subscription is that of a reply queue."""
        return self._queue is not None and (session, subscription) == (self._queue[0], self._queue[1].subscription)

    def came(self, session: int, first: int, end: int, when: float) -> None:
        """Frames came in with answers among them, and are those rows of the journal now."""
        for number in range(first, end):
            entry = self._journal.get(number)
            frame = entry.frame if entry is not None else None
            if frame is not None and frame.command == "MESSAGE":
                subscription = frame.get("subscription") or ""
                if self.brings_answers(session, subscription):
                    self._answer(session, number, frame, when)

    def _answer(self, session: int, row: int, frame: Frame, when: float) -> None:
        correlation_id = frame.get("correlation-id") or ""
        request = self._asked(session, correlation_id)
        if request is None:
            named = f"with the correlation-id {shown(correlation_id)}" if correlation_id else "without a correlation-id"
            self._note(f"an answer {named} came to the reply queue, and no request waits for it", when)
            return
        request.answers += 1
        taken = max(0.0, when - request.sent)
        to = f"the request to {shown(request.destination)}"
        if request.waits:
            request.elapsed, request.row, request.size = taken, row, frame.body_size
            doubt = "" if correlation_id else "without a correlation-id, but nothing else is waited for"
            self._end(request, RequestState.ANSWERED, doubt)
            return
        if request.answers > 1:
            text = f"{to} was answered once more, after {round_trip(taken)}: answer {request.answers}"
        else:
            request.row, request.size = row, frame.body_size
            text = f"a late answer to {to} came after {round_trip(taken)}: it was {request.state.value}"
        self._note(text, when)
        self.changed(request, text)

    def _asked(self, session: int, correlation_id: str) -> Request | None:
        """Which request an answer is for: the newest of that id, or where it has none the only one unanswered."""
        mine = [request for request in self.all if request.session == session]
        if correlation_id:
            return next((each for each in reversed(mine) if each.correlation_id == correlation_id), None)
        unanswered = [request for request in mine if not request.answers]
        return unanswered[0] if len(unanswered) == 1 else None

    def _of(self, session: int) -> list[Request]:
        return [request for request in self.waiting if request.session == session]

    def _note(self, text: str, when: float) -> None:
        self._journal.append_note(NoteKind.INFO, text, when)

    def _end(self, request: Request, state: RequestState, why: str = "") -> None:
        if not request.waits:
            return
        request.state, request.why = state, why
        self._forget_timer(request)
        self.changed(request, "")

    def _forget_timer(self, request: Request) -> None:
        if (timer := self._timers.pop(request, None)) is not None:
            timer.cancel()
