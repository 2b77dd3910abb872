"""A queue, its subscriptions, and how messages are delivered in turn and returned in order."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable
from operator import attrgetter
from typing import Literal, Protocol

from stomptui.embedded.message import StoredMessage

ServerAckMode = Literal["auto", "client", "client-individual"]


class QueueEntry:
    """A message in one queue: its position, and whether it was delivered before."""

    __slots__ = ("message", "order", "redelivered")

    def __init__(self, message: StoredMessage, order: int) -> None:
        self.message = message
        self.order = order
        self.redelivered = False


class SubscriberConnection(Protocol):
    """The connection that a subscription delivers to."""

    @property
    def has_room(self) -> bool:
        """Whether its write buffer has room for another message."""

    def write_message(self, subscription: ServerSubscription, entry: QueueEntry) -> int:
        """Write a MESSAGE; returns its delivery tag."""

    def backlog_full(self, subscription: ServerSubscription) -> None:
        """End the connection: the backlog of a topic subscription went over its limit."""

    def cancelled(self, subscription: ServerSubscription) -> None:
        """Report that the queue of a subscription was deleted."""


class ServerSubscription:
    """One subscription; `unacked` has its unacknowledged messages by delivery tag, oldest first."""

    def __init__(
        self,
        reader: SubscriberConnection,
        queue: ServerQueue,
        id: str | None,
        tag: str,
        mode: ServerAckMode = "auto",
        prefetch: int = 0,
    ) -> None:
        self.reader = reader
        self.queue = queue
        self.id = id
        self.tag = tag
        self.mode = mode
        self.prefetch = prefetch
        self.unacked: dict[int, QueueEntry] = {}

    @property
    def ready(self) -> bool:
        """Whether another message can be delivered now."""
        if self.mode != "auto" and self.prefetch and len(self.unacked) >= self.prefetch:
            return False
        return self.reader.has_room

    def deliver(self, entry: QueueEntry) -> None:
        """Write a message to its connection."""
        tag = self.reader.write_message(self, entry)
        if self.mode != "auto":
            self.unacked[tag] = entry

    def take(self, tag: int) -> list[QueueEntry]:
        """Remove the messages that an ACK or NACK of a tag covers from `unacked`; [] if there is no such tag."""
        if tag not in self.unacked:
            return []
        if self.mode != "client":
            return [self.unacked.pop(tag)]
        covered = [t for t in self.unacked if t <= tag]
        return [self.unacked.pop(t) for t in covered]


class ServerQueue:
    """A queue: first in, first out; a returned message goes to its original position.

    Args:
        name: Without `/queue/`.
        destination: The `destination` header of its messages.
        private: Whether it belongs to one topic subscription or reply address, and is removed with it.
    """

    def __init__(self, name: str, destination: str, private: bool = False) -> None:
        self.name = name
        self.destination = destination
        self.private = private
        self.ready: deque[QueueEntry] = deque()
        self.subscriptions: deque[ServerSubscription] = deque()
        self.size = 0
        """Bytes of the ready messages, headers included."""
        self.orphaned = 0
        """Unacknowledged messages whose subscription has ended while its connection is open."""
        self.published = 0
        self.delivered = 0
        self._orders = itertools.count()

    @property
    def unacked(self) -> int:
        return self.orphaned + sum(len(s.unacked) for s in self.subscriptions)

    @property
    def died_in(self) -> str:
        """The queue in which one of the oldest messages died; "" if none of them is a dead letter."""
        oldest = itertools.chain(
            (entry for s in self.subscriptions for entry in itertools.islice(s.unacked.values(), 1)),
            itertools.islice(self.ready, 1),
        )
        lines = (line for entry in oldest for line in entry.message.headers)
        return next((value for name, value in lines if name == "x-first-death-queue"), "")

    def put(self, message: StoredMessage) -> None:
        """Append a message, and deliver what can be delivered."""
        self.ready.append(QueueEntry(message, next(self._orders)))
        self.size += message.size
        self.published += 1
        self.deliver_ready()

    def deliver_ready(self) -> None:
        """Deliver ready messages to the subscriptions in turn, while one of them has room."""
        ready, subscriptions = self.ready, self.subscriptions
        while ready:
            for _ in range(len(subscriptions)):
                subscription = subscriptions[0]
                subscriptions.rotate(-1)
                if subscription.ready:
                    break
            else:
                return
            entry = ready.popleft()
            self.size -= entry.message.size
            self.delivered += 1
            subscription.deliver(entry)

    def return_messages(self, entries: Iterable[QueueEntry]) -> None:
        """Put unacknowledged messages back to their positions, marked redelivered; delivers nothing."""
        returned = sorted(entries, key=attrgetter("order"))
        for entry in returned:
            entry.redelivered = True
            self.size += entry.message.size
        if not returned:
            return
        if not self.ready or returned[-1].order < self.ready[0].order:
            self.ready.extendleft(reversed(returned))
        else:
            self.ready = deque(sorted([*returned, *self.ready], key=attrgetter("order")))
