"""Looking by holding: a subscription that acknowledges nothing, on a connection of its own, returned afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import count

from stomptui.connection import requests
from stomptui.connection.blocking_client import BlockingClient, ClientError, ConnectionGone, RequestRefused
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import Event, Lost, Received, SubscribeFailed
from stomptui.connection.requests import Subscription
from stomptui.connection.stomp_log import LOGGER
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.names import shown
from stomptui.queues.access import QueueAccess
from stomptui.queues.actions.action import (
    DONE,
    DOUBT,
    FAILED,
    Action,
    ActionResult,
    ActionTarget,
    Items,
    MessageOutcome,
    Tell,
)
from stomptui.queues.actions.pipeline import EndedEarly, Step
from stomptui.queues.context import AccessContext
from stomptui.queues.depths import SLOW, Count, End
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey
from stomptui.queues.peek.stop_point import PeekFlow

QUIET = 0.5
"""Seconds without a byte after which a queue is taken to have no more: no broker says that it was the last."""
MANY = 200
"""Messages after which more time is given: what is slow at the end of so many was not waited for in vain."""
LONG_QUIET = 2.0
"""The same then."""
HEART_BEAT = 2
"""Bytes that come without a message to speak of."""
MAX_BYTES = 256 << 20
"""Bytes of messages after which a look ends, whatever was asked for."""
_ids = count(1)

GIVEN_BACK = "returned to the queue"
UNSURE = MessageOutcome(DOUBT, "the broker confirmed it, and may not have taken it out yet when the connection ended")


class Holding(QueueAccess):
    """The way into a queue of a broker that has no other; what is seen is held until it is given back.

    It leaves by UNSUBSCRIBE and its RECEIPT, then DISCONNECT. Brokers that need another way override `_release`.
    """

    mode = "client-individual"
    counts_while_taking = False
    """Whether it can be counted while messages are taken out of it."""
    _one_reader = False
    """Whether the queue is known to give messages to one consumer alone."""

    def __init__(self, context: AccessContext, queue: str, dialect: Dialect) -> None:
        super().__init__(context, queue, dialect)
        self._client: BlockingClient | None = None
        self._id = ""
        self._held: dict[int, Frame] = {}
        """What is held, by index, in the order it was delivered."""
        self._next = 0
        self._size = 0
        self._came = 0.0
        """`time.monotonic()` when a message came last, or the look began."""
        self._counted: Count | None = None
        """What the broker counted when the look ended."""
        self._flow = PeekFlow(self.counted)
        """Whether messages keep coming, so that a look at all of them needs an end."""
        self._limit: int | None = None
        self._found: Found | None = None
        self._adopted = False
        """Whether what is held is another connection's."""
        self._lost = ""
        """Why what was held is ours no longer."""
        self._too_large = ""
        """What is to say of a message that is larger than we take, "" if none came."""
        self._taking = False
        """Whether messages are being taken out, so that of those held only the headers are kept."""
        self._parks = False
        """Whether the connection can keep what was delivered ours while nothing more is delivered."""

    # Looking

    def survey(self) -> QueueSurvey:
        return QueueSurvey(notice=self.dialect.peek_warning(self.queue), ask=self.dialect.name == "unknown")

    @property
    def holding(self) -> bool:
        return bool(self._held) and not self.lost and not self._adopted

    @property
    def lost(self) -> str:
        return self._lost or (self._client.gone if self._client is not None else "")

    def destination(self) -> str:
        """What SUBSCRIBE says, so that looking makes no queue where that can be helped."""
        return self.queue

    def look(self, what: PeekOptions, found: Found) -> PeekResult:
        self.return_messages()
        self._begin("look", found)
        client = self._client = self._named(self._prepared(self.context.dial("peeking")))
        try:
            self._limit = what.limit
            self._subscribe(client, what)
            self._came = time.monotonic()
            self._receive(client, what.limit)
            self._freeze(client)
            if self._flow.reached or (what.limit is not None and self._next >= what.limit):
                self._count_rest()
        except ClientError:
            self._held.clear()
            self.return_messages()
            if self._too_large and self._next:
                return PeekResult(
                    self._next, False, f"{self._next:,} shown, and none is unacknowledged any more: {self._too_large}."
                )
            raise
        counted = self._counted
        return PeekResult(self._next, self.holding, self._about(), counted.total if counted is not None else None)

    def _begin(self, word: str, found: Found) -> None:
        self._next, self._size, self._lost, self._found = 0, 0, "", found
        self._counted, self._flow, self._too_large = None, PeekFlow(self.counted), ""
        self._id = f"{word}-{next(_ids)}"
        self._taking = word == "take"

    def _prepared(self, client: BlockingClient) -> BlockingClient:
        """The connection to look on, after what has to be tried before anything is delivered."""
        return client

    def _named(self, client: BlockingClient) -> BlockingClient:
        """The connection, unless the broker would take the queue for another in the version that is spoken there."""
        if misread := self.dialect.misread(self.destination(), client.version):
            client.drop()
            raise ClientError(f"“{shown(self.queue)}”: {misread}")
        return client

    def _subscription(self, what: PeekOptions) -> Subscription:
        return Subscription(self._id, self.destination(), self.mode, prefetch=what.limit)

    def _subscribe(self, client: BlockingClient, what: PeekOptions) -> None:
        client.ask("SUBSCRIBE", requests.subscribe_headers(self._subscription(what), client.dialect))

    def _receive(self, client: BlockingClient, limit: int | None) -> None:
        """Take what comes until there are enough, or nothing came for a while."""
        seen, heard = 0, time.monotonic()
        while (limit is None or self._next < limit) and self._size < MAX_BYTES and not self.context.stopped():
            event = self.context.event_queue.get(QUIET / 4)
            grown, seen = client.session.bytes_in - seen, client.session.bytes_in
            if grown > HEART_BEAT:
                heard = time.monotonic()
            reason = self.heard(event) if event is not None else ""
            if reason:
                raise ConnectionGone(reason)
            if limit is None and self._flow.ends(self._next, self._size):
                break
            # A message that is still on its way is no silence.
            if event is None and time.monotonic() - heard >= self._patience():
                if self._is_all(client):
                    break
                seen, heard = client.session.bytes_in, time.monotonic()

    def _is_all(self, client: BlockingClient) -> bool:
        """Whether nothing more is to come, after a silence: what was under way when it ended would have come by now,
        and the broker counts no more, or does not tell."""
        shown = self._next
        self._ping(client)
        while (event := self.context.event_queue.get(0)) is not None:
            if reason := self.heard(event):
                raise ConnectionGone(reason)
        if self._next > shown:
            return False
        counted = self._counted = self.counted()
        waited = time.monotonic() - self._came >= SLOW
        if counted is not None and counted.total < self._next:
            # What is shown is still in the queue, so that this was counted before it came.
            self._counted = None
            return waited
        if waited or counted is None or (self._next and self._next == counted.total):
            return True
        return counted.ready == 0 and not counted.late

    def _count_rest(self) -> None:
        """As many were shown as were wanted: count how many there are."""
        counted = self.counted()
        self._counted = counted if counted is not None and counted.total >= self._next else None

    def counted(self) -> Count | None:
        """What `count` says, None too if it could not be asked."""
        try:
            return self.count()
        except ClientError as error:
            LOGGER.info("the queue could not be counted: %s", error)
            return None

    def _ping(self, client: BlockingClient) -> None:
        """Have the broker answer, after all that it has sent before; nothing where no frame is known to do no harm."""

    def _patience(self) -> float:
        """Seconds without a byte after which the queue is taken to have no more."""
        return QUIET if self._next < MANY else LONG_QUIET

    def _freeze(self, client: BlockingClient) -> None:
        """See to it that nothing more is delivered while what was delivered is still ours."""

    def _about(self) -> str:
        """What is to say about what was found."""
        return End(
            self._next,
            self._limit,
            self._counted,
            round(max(self._patience(), time.monotonic() - self._came), 1),
            holds=bool(self._held),
            one_reader=self._one_reader,
            stopped=self.context.stopped(),
            full=self._size if self._size >= MAX_BYTES else 0,
            reached=self._flow.reached,
            flowing=self._flow.flowing,
        ).words

    def heard(self, event: Event) -> str:
        client = self._client
        if client is None or event.session != client.number:
            return ""
        if isinstance(event, Received):
            self._take([frame for frame in client.frames(event) if frame.get("subscription") == self._id])
        elif isinstance(event, Lost):
            client.gone = event.reason
            self._lost = event.server_text or event.reason
            self._too_large = event.reason if event.over_limit else ""
        elif isinstance(event, SubscribeFailed) and event.subscription == self._id:
            self._lost = f"the broker ended the subscription: {event.reason}"
        if self._lost:
            self._held.clear()
        return self._lost

    def _take(self, frames: list[Frame]) -> None:
        """Note and show messages that were delivered."""
        if frames:
            self._came = time.monotonic()
        for frame in frames:
            self._held[self._next] = Frame(frame.head + b"\n\n", frame.version) if self._taking else frame
            self._next += 1
            self._size += len(frame.raw)
        if frames and self._found is not None:
            self._found(frames)

    # Taking out

    def take(self, prefetch: int, found: Found) -> BlockingClient:
        """Have messages delivered, to be acknowledged one by one on the line that is returned.

        Args:
            prefetch: How many are delivered at once; each ACK lets one more come.
            found: Called with messages as they come, from `heard`. Their indexes count from 0 in that order.

        Raises:
            ClientError: It could not be done.
        """
        self.return_messages()
        self._begin("take", found)
        client = self._client = self._named(self._prepared(self.context.dial("draining")))
        client.ask("SUBSCRIBE", requests.subscribe_headers(self._taker(prefetch), client.dialect))
        return client

    def _taker(self, prefetch: int) -> Subscription:
        return Subscription(self._id, self.destination(), self.mode, prefetch=prefetch)

    def freeze(self) -> None:
        """Let nothing more be delivered of what is being taken, where what was delivered stays ours all the same.

        Raises:
            ClientError: The broker said no, or the connection ended.
        """
        if self._parks and self._client is not None:
            self._freeze(self._client)

    def let_go(self, index: int) -> None:
        """A message that was acknowledged is held no longer."""
        self._held.pop(index, None)

    # Giving back

    def return_messages(self) -> str:
        client, self._client = self._client, None
        if client is None or self._adopted:
            return ""
        held = len(self._held)
        told = ""
        if client.gone or client.session.state.over:
            client.drop()
        else:
            try:
                told = self._release(client)
            except ClientError as error:
                told = f"they return when the connection closes: {error}"
            client.close()
        self._held.clear()
        return (told or GIVEN_BACK) if held else ""

    def _release(self, client: BlockingClient) -> str:
        """Let the broker have what is held; what to say about it, "" if nothing special."""
        client.ask(
            "UNSUBSCRIBE", requests.unsubscribe_headers(self._id, self.destination(), client.dialect), timeout=5.0
        )
        return ""

    def close(self) -> None:
        # Also a subscription that holds nothing now would get what comes next.
        self.return_messages()
        super().close()

    # Acting

    def _gone(self, action: Action) -> str:
        client = None if action.kind == "copy" else self._client
        return f"the connection ended: {self._lost or client.gone}" if client is not None and client.gone else ""

    def make_sure(self) -> None:
        """Wait until what the broker confirmed to have taken out really is out, where a receipt does not say that.

        Raises:
            ClientError: It cannot be known.
        """

    def forgotten(self) -> str:
        """Why the broker may have forgotten what it confirmed to have taken out, "" if it has not, as far as is known.

        Asked after something ended early.
        """
        return ""

    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        result = super().act(action, items, tell)
        if action.kind != "copy" and result.count(DONE) and (result.stopped or self.lost) and (why := self.forgotten()):
            where = "in both places" if action.sends else "in the queue again"
            self._doubt(result, MessageOutcome(DOUBT, f"{why}, so it is perhaps {where}"), tell)
        if action.kind != "copy" and result.count(DONE) and not self._adopted:
            try:
                self.make_sure()
            except ClientError as error:
                result.stopped = result.stopped or str(error)
                self._doubt(result, UNSURE, tell)
        if not self._held and not self._adopted:
            self.return_messages()
        return result

    @staticmethod
    def _doubt(result: ActionResult, doubt: MessageOutcome, tell: Tell) -> None:
        """What was done is in doubt after all."""
        for index in [index for index, outcome in result.outcomes.items() if outcome.state == DONE]:
            result.outcomes[index] = doubt
            tell(index, doubt)

    def ours(self, index: int) -> str:
        """Why a message cannot be acknowledged or rejected, "" if it is held."""
        if index in self._held and self._client is not None and not self._client.gone:
            return ""
        if self._lost:
            return f"the delivery is no longer valid ({self._lost}): peek again"
        return "the message was returned to the queue: peek again"

    def not_held(self, action: Action, index: int) -> str:
        return "" if action.kind == "copy" else self.ours(index)

    def adopt(self, client: BlockingClient, held: dict[int, Frame]) -> None:
        """Act on messages that a subscription on another connection holds; they are not given back by us."""
        self._client, self._held, self._adopted, self._lost = client, held, True, ""

    def steps(self, action: Action, index: int, message: Frame, target: ActionTarget | None) -> Iterable[Step]:
        if why := self.not_held(action, index):
            raise EndedEarly(MessageOutcome(FAILED, why))
        if target is not None:
            carried = self.carry(message, action.kind == "retry")
            lost = MessageOutcome(DOUBT, "it was sent, and whether it arrived is not known; it is still in this queue")
            yield Step(self.sender(), (self.sending(target, carried),), lost=lost)
        if action.kind == "copy":
            return
        arrived = MessageOutcome(DOUBT, "it arrived, and is still in this queue as well")
        client = self._client
        if client is None or (why := self.ours(index)):
            raise EndedEarly(arrived)
        frame = self._settling(action, message, client)
        if target is not None:
            yield Step(client, (frame,), lambda text: MessageOutcome(DOUBT, f"{arrived.text}: {text}"), arrived)
        else:
            yield Step(client, (frame,), lost=MessageOutcome(DOUBT, "whether the broker took it out is not known"))
        self._held.pop(index, None)

    def _settling(self, action: Action, message: Frame, client: BlockingClient) -> tuple[str, Headers, bytes]:
        """The ACK or NACK of a message."""
        if action.kind == "reject":
            return "NACK", tuple(requests.nack_headers(message, action.requeue, client.version, client.dialect)), b""
        return "ACK", tuple(requests.ack_headers(message, client.version, client.dialect)), b""


class Unsafe(QueueAccess):
    """A broker whose queues cannot be peeked at without harm."""

    def survey(self) -> QueueSurvey:
        return QueueSurvey(notice="", refusal=self.dialect.peek_refusal)

    def look(self, what: PeekOptions, found: Found) -> PeekResult:
        raise RequestRefused(self.dialect.peek_refusal)

    def return_messages(self) -> str:
        return ""

    def steps(self, action: Action, index: int, message: Frame, target: ActionTarget | None) -> Iterable[Step]:
        raise ClientError(self.dialect.peek_refusal)
