"""Peeking into RabbitMQ's queues: classic and quorum queues by parking, streams from an offset."""

from __future__ import annotations

from dataclasses import replace

from stomptui.brokers.rabbitmq.names import no_queue
from stomptui.brokers.rabbitmq.peek.parking import ParkingSubscription
from stomptui.brokers.rabbitmq.peek.peeked_queue import RabbitMQQueue
from stomptui.brokers.rabbitmq.peek.stream_reading import StreamSubscription, check_start
from stomptui.brokers.rabbitmq.peek.survey import RabbitMQSurvey
from stomptui.brokers.rabbitmq.targets.queue_facts import QueueFacts
from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.protocol.frame import Frame
from stomptui.protocol.numbers import whole_number
from stomptui.queues.depths import Count
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey
from stomptui.queues.peek.unacked_subscription import UnackedSubscription
from stomptui.queues.peek.unacknowledged_reader import UnacknowledgedReader


class RabbitMQReader(UnacknowledgedReader):
    """Of one queue, by the way that its kind needs.

    Args:
        queue: The queue; kept up to date.
        facts: Tells of queues.
        parking: How a classic or quorum queue is read.
        stream: How a stream is read.
    """

    def __init__(
        self, queue: RabbitMQQueue, facts: QueueFacts, parking: ParkingSubscription, stream: StreamSubscription
    ) -> None:
        super().__init__(parking)
        self._queue = queue
        self._facts = facts
        self._stream = stream

    @property
    def subscription(self) -> UnackedSubscription:
        return self._stream if self._queue.kind == "stream" else self._subscription

    def survey(self) -> QueueSurvey:
        return RabbitMQSurvey(self._stream.context, self._stream.dialect, self._facts, self._queue).run()

    def peek(self, what: PeekOptions, found: Found) -> PeekResult:
        if not self._queue.name:
            raise ClientError(no_queue(self._queue.destination))
        if self._queue.kind != "stream":
            return super().peek(what, found)
        check_start(what.start)
        looked = super().peek(what, found)
        self._stream.unacked.frames.clear()
        return replace(looked, held=False)

    def count(self) -> Count | None:
        return self._facts.count(self._queue.name, self._queue.kind)

    @property
    def peeks_freely(self) -> bool:
        return self._queue.peeks_freely

    @property
    def leaves_only_marks(self) -> bool:
        return self._queue.leaves_only_marks

    def kept_for(self, message: Frame) -> float | None:
        # The milliseconds count from its arrival: this is the most that can be left of them.
        time_left = whole_number(message.get("expiration") or "")
        return None if time_left is None else time_left / 1000

    @property
    def holding(self) -> bool:
        # A stream keeps everything: nothing of it is unacknowledged, also while it is read.
        return self._queue.kind != "stream" and super().holding

    @property
    def one_reader(self) -> bool:
        return self._facts.one_reader

    def _ping(self, client: BlockingClient) -> str | None:
        subscription = self.subscription
        transaction = ("transaction", f"{subscription.id}-ping-{subscription.received_count}")
        receipt = client.post("BEGIN", [transaction])
        client.send("ABORT", [transaction])
        return receipt

    def _about(self) -> str:
        return f"{super()._about()} {self._queue.used_text}".strip()
