"""Reading a stream of RabbitMQ from an offset: it keeps everything, and nothing of it is ever unacknowledged."""

from __future__ import annotations

import re

from stomptui.brokers.rabbitmq.peek.peeked_queue import RabbitMQQueue
from stomptui.connection import frame_headers
from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.frame_headers import Subscription
from stomptui.protocol.frame import Frame
from stomptui.queues.access_context import AccessContext
from stomptui.queues.peek.peek_values import PeekOptions
from stomptui.queues.peek.unacked_subscription import UnackedSubscription
from stomptui.queues.unacked_messages import UnackedMessages

STREAM_PREFETCH = 1000
MOST_UNACKED = 65_535
"""The largest prefetch of a stream (AMQP 0-9-1, basic.qos)."""
_START = re.compile(r"first|last|next|(offset|timestamp)=\d+")


def check_start(start: str) -> None:
    """See whether a stream can be read from there. Raises `ClientError`."""
    if start and not _START.fullmatch(start):
        raise ClientError("a stream is read from first, last, next, offset=NUMBER or timestamp=SECONDS")


class StreamSubscription(UnackedSubscription):
    """Reads a stream, as https://www.rabbitmq.com/docs/stomp#streams has it.

    Args:
        context, dialect, unacked: As of `UnackedSubscription`.
        queue: The stream.
    """

    def __init__(
        self, context: AccessContext, queue: RabbitMQQueue, dialect: Dialect, unacked: UnackedMessages
    ) -> None:
        super().__init__(context, queue.destination, dialect, unacked)
        self._name = queue.name

    def destination(self) -> str:
        return f"/amq/queue/{self._name}"

    def _peeking(self, what: PeekOptions) -> Subscription:
        start = (("x-stream-offset", what.start or "first"),)
        # A stream gives nothing without a prefetch, and of all types it alone takes an ACK for nothing but credit.
        most = MOST_UNACKED if self._acks_nothing else STREAM_PREFETCH
        return Subscription(self.id, self.destination(), self.mode, headers=start, prefetch=what.limit or most)

    @property
    def _acks_nothing(self) -> bool:
        """Whether the connection is read-only: what it gets without an ACK is all that it gets."""
        return self.unacked.client is not None and self.unacked.client.session.guard.refuses

    def _add(self, frames: list[Frame]) -> None:
        if self.limit is not None:
            # 3.10 delivers more than the prefetch.
            frames = frames[: max(0, self.limit - self.received_count)]
        elif (client := self.unacked.client) is not None and not self._acks_nothing:
            # Each ACK makes it send one more.
            for frame in frames:
                client.send("ACK", frame_headers.ack_headers(frame, client.version, self.dialect))
        super()._add(frames)

    def stop_delivery(self, client: BlockingClient) -> None:
        client.ask("UNSUBSCRIBE", [("id", self.id)])

    def _release(self, client: BlockingClient) -> str | None:
        return None  # with the connection
