"""Peeking by a subscription that acknowledges nothing, on a connection of its own; what it got is returned."""

from __future__ import annotations

import time

from stomptui.connection.blocking_client import BlockingClient, ClientError, ConnectionGone
from stomptui.connection.events import Event, ReceiptArrived
from stomptui.queues.depths import SLOW, Count, End
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey
from stomptui.queues.peek.reader import QueueReader
from stomptui.queues.peek.stop_point import PeekFlow
from stomptui.queues.peek.unacked_subscription import UnackedSubscription
from stomptui.queues.settled_count import SettledCount

QUIET = 0.5
"""Seconds without a byte after which a queue is taken to have no more: no broker says that it was the last."""
MANY = 200
"""Messages after which more time is given: what is slow at the end of so many was not waited for in vain."""
LONG_QUIET = 2.0
"""The same then."""
HEART_BEAT = 2
"""Bytes that come without a message to speak of."""
MAX_BYTES = 256 << 20
"""Bytes of messages after which a peek ends, whatever was asked for."""


class UnacknowledgedReader(QueueReader):
    """For a broker that has no other way: what is seen is unacknowledged until it is returned.

    Args:
        subscription: How messages are received and returned.
    """

    def __init__(self, subscription: UnackedSubscription) -> None:
        self._subscription = subscription
        self._counted: Count | None = None
        """What the broker counted when the peek ended."""
        self._settled = SettledCount(self.counted)
        """Counts what did not come."""
        self._flow = PeekFlow(self.counted, lambda: None)
        """Whether messages keep coming, so that a peek at all of them needs an end."""

    @property
    def subscription(self) -> UnackedSubscription:
        """The subscription that a peek uses."""
        return self._subscription

    def survey(self) -> QueueSurvey:
        warning = self._subscription.dialect.peek_warning(self._subscription.queue)
        return QueueSurvey(notice=warning, ask=bool(warning))

    @property
    def one_reader(self) -> bool:
        """Whether the queue is known to give messages to one consumer alone."""
        return False

    @property
    def holding(self) -> bool:
        unacked = self._subscription.unacked
        return bool(unacked.frames) and not self.lost and not unacked.elsewhere

    @property
    def lost(self) -> str | None:
        unacked = self._subscription.unacked
        return unacked.lost or (unacked.client.gone or None if unacked.client is not None else None)

    def peek(self, what: PeekOptions, found: Found) -> PeekResult:
        subscription = self.subscription
        subscription.limit = what.limit
        client = subscription.connect("peek", "peeking", found)
        self._counted, self._settled = None, SettledCount(self.counted)
        self._flow = PeekFlow(self.counted, lambda: self._ping(client))
        try:
            if self.leaves_only_marks:
                client.session.guard.vouch_for(subscription.destination())
            subscription.subscribe(client, what)
            subscription.last_came = time.monotonic()
            self._receive(client, what.limit)
            subscription.stop_delivery(client)
            if what.limit is None:
                # What came until then is shown too, and is counted.
                self._take_waiting(client)
            if self._flow.reached or (what.limit is not None and subscription.received_count >= what.limit):
                self._count_rest()
        except ClientError:
            subscription.unacked.frames.clear()
            subscription.return_messages()
            count = subscription.received_count
            if subscription.too_large and count:
                note = f"{count:,} shown, and none is unacknowledged any more: {subscription.too_large}."
                return PeekResult(count, False, note)
            raise
        depth = self._counted.total if self._counted is not None else None
        return PeekResult(subscription.received_count, self.holding, self._about(), depth)

    def _receive(self, client: BlockingClient, limit: int | None) -> None:
        """Take what comes until there are enough, or nothing came for a while."""
        subscription, context = self.subscription, self.subscription.context
        seen, heard = 0, time.monotonic()
        while (
            (limit is None or subscription.received_count < limit)
            and subscription.size < MAX_BYTES
            and not context.stopped()
        ):
            event = context.event_queue.get(QUIET / 4)
            grown, seen = client.session.bytes_in - seen, client.session.bytes_in
            if grown > HEART_BEAT:
                heard = time.monotonic()
            if event is not None:
                self._take(client, event)
            if limit is None and self._flow.ends(subscription.received_count, subscription.size):
                break
            # A message that is still on its way is no silence.
            if event is None and time.monotonic() - heard >= self._patience():
                if self._is_all(client):
                    break
                seen, heard = client.session.bytes_in, time.monotonic()

    def _is_all(self, client: BlockingClient) -> bool:
        """Whether nothing more is to come, after a silence: the broker counts no more, or does not tell, or what it
        counts did not come for one silence more, so that it is not on its way to us."""
        subscription = self.subscription
        shown = subscription.received_count
        if (receipt := self._ping(client)) is not None:
            client.wait(receipt)
        self._take_waiting(client)
        count = subscription.received_count
        if count > shown:
            return False
        silence = time.monotonic() - subscription.last_came
        counted = self._counted = self._settled.take(count, silence)
        if counted is None:
            return True
        if counted.total < count:
            # What is shown is still in the queue, so that this was counted before it came.
            self._counted = None
            return silence >= SLOW
        if counted.total == count:
            return count > 0 or not counted.late or silence >= SLOW
        settled = self._settled.settled
        if settled is None or settled.total < count:
            return False
        self._counted = settled
        return silence >= SLOW or settled.ready == 0

    def _take(self, client: BlockingClient, event: Event) -> None:
        """Take an event in. Raises `ConnectionGone` if nothing is unacknowledged any more because of it."""
        if isinstance(event, ReceiptArrived) and event.session == client.number:
            self._flow.receipt_came(event.receipt, self.subscription.received_count, self.subscription.size)
        if reason := self.received(event):
            raise ConnectionGone(reason)

    def _take_waiting(self, client: BlockingClient) -> None:
        """Take in the events that are there; raises as `_take` does."""
        while (event := self.subscription.context.event_queue.get(0)) is not None:
            self._take(client, event)

    def _count_rest(self) -> None:
        """As many were shown as were wanted: count how many there are."""
        counted = self.counted()
        shown = self.subscription.received_count
        self._counted = counted if counted is not None and counted.total >= shown else None

    def _ping(self, client: BlockingClient) -> str | None:
        """Ask for a RECEIPT that comes after all that the broker has sent before; returns the id of the receipt, None
        where no frame is known to do no harm. Raises `ClientError`."""
        return None

    def _patience(self) -> float:
        """Seconds without a byte after which the queue is taken to have no more."""
        return QUIET if self.subscription.received_count < MANY else LONG_QUIET

    def _about(self) -> str:
        """What is to say about what was found."""
        subscription = self.subscription
        return End(
            subscription.received_count,
            subscription.limit,
            self._counted,
            round(max(self._patience(), time.monotonic() - subscription.last_came), 1),
            holds=bool(subscription.unacked.frames),
            one_reader=self.one_reader,
            stopped=subscription.context.stopped(),
            full=subscription.size if subscription.size >= MAX_BYTES else 0,
            reached=self._flow.reached,
            others=self._flow.others or 0,
            flowing=self._flow.flowing,
        ).words

    def received(self, event: Event) -> str | None:
        return self.subscription.received(event)

    def return_messages(self) -> str | None:
        return self.subscription.return_messages()
