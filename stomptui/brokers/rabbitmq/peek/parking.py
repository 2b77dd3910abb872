"""Peeking into a classic or quorum queue of RabbitMQ: a subscription that is parked once enough was shown.

To park is to subscribe by the same id to a private empty queue: what was delivered stays unacknowledged, and nothing
more comes. Before 4.3 it goes back with the connection, which a quorum queue counts; from 4.3 on it is rejected back in
order, which is not counted (verified on 3.10, 4.0 and 4.3).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

from stomptui.brokers.rabbitmq.peek.peeked_queue import RabbitMQQueue
from stomptui.connection import frame_headers
from stomptui.connection.blocking_client import BlockingClient, ClientError, NoAnswer
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.frame_headers import Subscription
from stomptui.protocol.frame import Frame
from stomptui.protocol.numbers import signed_number
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.acknowledgements import Acknowledgements
from stomptui.queues.actions.action import DONE, MessageOutcome
from stomptui.queues.actions.pipeline import Job, Pipeline, Step
from stomptui.queues.peek.peek_values import Found, PeekOptions
from stomptui.queues.peek.unacked_subscription import UnackedSubscription
from stomptui.queues.unacked_messages import UnackedMessages

EVERYTHING = 2**31 - 1
"""A prefetch that nothing reaches; RabbitMQ takes it on 3.10 and 4.3 (of larger ones 3.10 makes something else)."""


def private_destination() -> str:
    """A destination that nobody sends to, with a queue that goes with the connection."""
    return f"/exchange/amq.direct/{uuid.uuid4()}"


class ParkingSubscription(UnackedSubscription):
    """Parks where this user may have a private queue.

    Args:
        context, dialect, unacked: As of `UnackedSubscription`.
        queue: The queue.
        private: Makes a destination that nobody sends to, with a queue that goes with the connection.
    """

    def __init__(
        self,
        context: AccessContext,
        queue: RabbitMQQueue,
        dialect: Dialect,
        unacked: UnackedMessages,
        private: Callable[[], str] = private_destination,
    ) -> None:
        super().__init__(context, queue.destination, dialect, unacked)
        self._read = queue
        self._private = private

    def destination(self) -> str:
        return f"/amq/queue/{self._read.name}"

    def _begin(self, word: str, found: Found) -> None:
        super()._begin(word, found)
        self._read.most_returns = 0

    def _prepared(self, client: BlockingClient) -> BlockingClient:
        """See whether we may have a private queue, while there is nothing to lose."""
        self.parks = False
        if self._read.leaving.loss:
            # To park is to leave: what is deleted then stays at least until the person leaves.
            return client
        try:
            self.park(client)
            client.ask("UNSUBSCRIBE", [("id", self.id)])
        except ClientError:
            client.drop()
            return self.context.dial("peeking")
        self.parks = True
        return client

    def park(self, client: BlockingClient, id: str = "") -> None:
        """Subscribe to a private empty queue by an id, that of this subscription by default. Raises `ClientError`."""
        spec = Subscription(id or self.id, self._private(), self.mode, headers=(("exclusive", "true"),))
        client.ask("SUBSCRIBE", frame_headers.subscribe_headers(spec, client.dialect))

    def _peeking(self, what: PeekOptions) -> Subscription:
        # Of a quorum queue a consumer without a prefetch gets 2,000 at most.
        limit = EVERYTHING if what.limit is None and self._read.kind != "classic" else what.limit
        return super()._peeking(replace(what, limit=limit))

    def _add(self, frames: list[Frame]) -> None:
        for frame in frames:
            returns = signed_number(frame.get("x-delivery-count") or "") or 0
            self._read.most_returns = max(self._read.most_returns, returns)
        super()._add(frames)

    def stop_delivery(self, client: BlockingClient) -> None:
        if self.parks:
            client.ask("UNSUBSCRIBE", [("id", self.id)])
            self.park(client)

    def _release(self, client: BlockingClient) -> str | None:
        if self._read.leaving.loss:
            return self._read.leaving.loss
        if self._read.release < (4, 3) or client.session.guard.refuses:
            return None  # with the connection, in order
        if not self.parks:
            return (
                "returned by closing the connection, which a quorum queue counts as a delivery: this user may not "
                "create a private queue"
            )
        refused: list[str] = []

        def told(index: int, outcome: MessageOutcome) -> None:
            if outcome.state != DONE:
                refused.append(outcome.text)

        def step(frame: Frame) -> Step:
            headers = tuple(frame_headers.nack_headers(frame, None, client.version, client.dialect))
            return Step(client, (("NACK", headers, b""),))

        jobs = [Job(index, iter([step(frame)])) for index, frame in self.unacked.frames.items()]
        Pipeline(self.context.event_queue, told).run(jobs)
        return f"{len(refused)} were returned by closing the connection: {refused[0]}" if refused else None


class RabbitMQAcknowledgements(Acknowledgements):
    """A quorum queue may not have got yet what its RECEIPTs say, and never gets it if the channel ends now.

    Args:
        subscription: Whose messages were acknowledged.
        queue: The queue.
    """

    def __init__(self, subscription: ParkingSubscription, queue: RabbitMQQueue) -> None:
        self._subscription = subscription
        self._queue = queue

    def make_sure(self) -> None:
        subscription, client = self._subscription, self._subscription.unacked.client
        if client is None or self._queue.kind in ("classic", "stream") or self._queue.is_last_peek:
            # Where that delivery could be the last, a message that comes back is the lesser evil.
            return
        # It answers a new reader only after what came before, which costs one delivery of the message it gives him.
        id = f"{subscription.id}-sure"
        spec = Subscription(id, subscription.destination(), subscription.mode, prefetch=1)
        client.ask("SUBSCRIBE", frame_headers.subscribe_headers(spec, client.dialect))
        touched = _touched(client, id) if subscription.parks and self._queue.release >= (4, 3) else []
        client.ask("UNSUBSCRIBE", [("id", id)])
        if touched:
            subscription.park(client, id)
            client.ask("NACK", frame_headers.nack_headers(touched[0], None, client.version, client.dialect))

    def forgotten(self) -> str:
        try:
            self._subscription.context.dial("checking the broker").drop()
        except ClientError:
            return (
                "RabbitMQ confirmed to have taken it out and does not answer any more: one that was killed forgets the "
                "acknowledgements it took last"
            )
        return ""


def _touched(client: BlockingClient, id: str) -> list[Frame]:
    """The message that came to a reader nobody wants messages of."""
    try:
        return client.messages(1, id, timeout=0.1)
    except NoAnswer:
        return []
