"""The subscription of a peek, on a side connection: its prefetch, and how it ends. It acknowledges nothing."""

from __future__ import annotations

import time
from itertools import count
from typing import ClassVar

from stomptui.connection import frame_headers
from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import Event
from stomptui.connection.frame_headers import Subscription
from stomptui.protocol.frame import Frame
from stomptui.queues.access_context import AccessContext
from stomptui.queues.peek.peek_values import Found, PeekOptions
from stomptui.queues.peek.subscription_events import SubscriptionEvents, unless_misread
from stomptui.queues.unacked_messages import UnackedMessages

RETURNED = "returned to the queue"
"""What is said of messages that were returned where there is nothing special to say."""
_ids = count(1)


class UnackedSubscription:
    """Receives messages of a queue; they are unacknowledged until somebody acknowledges them or it ends.

    It ends by UNSUBSCRIBE and its RECEIPT, then DISCONNECT. Brokers that need another way override `_release`.

    Args:
        context: Opens connections.
        queue: The destination as the person named it.
        dialect: The broker.
        unacked: What is unacknowledged; kept up to date.
    """

    mode: ClassVar[str] = "client-individual"

    def __init__(self, context: AccessContext, queue: str, dialect: Dialect, unacked: UnackedMessages) -> None:
        self.context = context
        self.queue = queue
        self.dialect = dialect
        self.unacked = unacked
        self.id = ""
        self.received_count = 0
        """Messages that came."""
        self.size = 0
        """Bytes of them."""
        self.last_came = 0.0
        """`time.monotonic()` when a message came last, or it was asked for them."""
        self.limit: int | None = None
        """Messages that are wanted at most, None for all."""
        self.parks = False
        """Whether the connection can keep what was delivered unacknowledged while nothing more is delivered."""
        self.found: Found | None = None
        """Called with messages as they come."""
        self._taking = False
        """Whether messages are being taken out, so that only their headers are kept."""
        self._events = SubscriptionEvents()

    def destination(self) -> str:
        """What SUBSCRIBE says, so that it makes no queue where that can be helped."""
        return self.queue

    @property
    def too_large(self) -> str | None:
        """What is to say of a message that is larger than we take, None if none came."""
        return self._events.too_large

    # To peek

    def connect(self, word: str, purpose: str, found: Found) -> BlockingClient:
        """Open a connection for a subscription that is made next.

        Args:
            word: Begins the id of the subscription.
            purpose: As of `Connector`.
            found: Called with messages as they come, from `received`.

        Raises:
            ClientError: It could not be done.
        """
        self.return_messages()
        self._begin(word, found)
        self._events.begin()
        client = self._prepared(self.context.dial(purpose))
        client = self.unacked.client = unless_misread(client, self.dialect, self.queue, self.destination())
        return client

    def _begin(self, word: str, found: Found) -> None:
        self.received_count, self.size, self.unacked.lost, self.found = 0, 0, None, found
        self.id = f"{word}-{next(_ids)}"
        self._taking = word == "take"

    def _prepared(self, client: BlockingClient) -> BlockingClient:
        """The connection to subscribe on, after what has to be tried before anything is delivered."""
        return client

    def subscribe(self, client: BlockingClient, what: PeekOptions) -> None:
        """Ask for as many messages as are wanted. Raises `ClientError`."""
        client.ask("SUBSCRIBE", frame_headers.subscribe_headers(self._peeking(what), client.dialect))

    def _peeking(self, what: PeekOptions) -> Subscription:
        return Subscription(self.id, self.destination(), self.mode, prefetch=what.limit)

    # To take out

    def take(self, prefetch: int, found: Found) -> BlockingClient:
        """Have messages delivered, to be acknowledged one by one on the connection that is returned.

        Args:
            prefetch: How many are delivered at once; each ACK lets one more come.
            found: Called with messages as they come, from `received`. Their indexes count from 0 in that order.

        Raises:
            ClientError: It could not be done.
        """
        client = self.connect("take", "draining", found)
        client.ask("SUBSCRIBE", frame_headers.subscribe_headers(self._taken(prefetch), client.dialect))
        return client

    def _taken(self, prefetch: int) -> Subscription:
        return Subscription(self.id, self.destination(), self.mode, prefetch=prefetch)

    # What comes

    def received(self, event: Event) -> str | None:
        """Take an event in; why nothing is unacknowledged any more because of it, None if it changes nothing."""
        client = self.unacked.client
        if client is None or event.session != client.number:
            return None
        self._add(self._events.frames(event, client, self.id))
        if self._events.lost:
            self.unacked.lost = self._events.lost
            self.unacked.frames.clear()
        return self.unacked.lost

    def _add(self, frames: list[Frame]) -> None:
        """Note and show messages that were delivered."""
        if frames:
            self.last_came = time.monotonic()
        for frame in frames:
            kept = Frame(frame.head + b"\n\n", frame.version) if self._taking else frame
            self.unacked.frames[self.received_count] = kept
            self.received_count += 1
            self.size += len(frame.raw)
        if frames and self.found is not None:
            self.found(frames)

    # The end

    def freeze(self) -> None:
        """Let nothing more be delivered, where what was delivered stays unacknowledged all the same.

        Raises:
            ClientError: The broker said no, or the connection ended.
        """
        if self.parks and self.unacked.client is not None:
            self.stop_delivery(self.unacked.client)

    def stop_delivery(self, client: BlockingClient) -> None:
        """See to it that nothing more is delivered of what is shown, where that can be done. Raises `ClientError`."""

    def return_messages(self) -> str | None:
        """Return what is unacknowledged, and end the connection; what became of it, None if nothing was."""
        unacked = self.unacked
        if unacked.client is None or unacked.elsewhere:
            return None
        client, unacked.client = unacked.client, None
        count = len(unacked.frames)
        told: str | None = None
        if client.gone or client.session.state.over:
            client.drop()
        else:
            try:
                told = self._release(client)
            except ClientError as error:
                told = f"they return when the connection closes: {error}"
            client.close()
        unacked.frames.clear()
        return (told or RETURNED) if count else None

    def _release(self, client: BlockingClient) -> str | None:
        """Return what is unacknowledged; what to say about it, None if nothing special."""
        client.ask(
            "UNSUBSCRIBE", frame_headers.unsubscribe_headers(self.id, self.destination(), client.dialect), timeout=5.0
        )
        return None
