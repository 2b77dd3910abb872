"""Queues, and who reads them."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable
from operator import attrgetter
from typing import Protocol

from stomptui.embedded.message import StoredMessage


class QueueEntry:
    """A message in one queue: its place in the order, and whether somebody had it in hand before."""

    __slots__ = ("message", "order", "redelivered")

    def __init__(self, message: StoredMessage, order: int) -> None:
        self.message = message
        self.order = order
        self.redelivered = False


class QueueReader(Protocol):
    """The connection that a subscription delivers to."""

    @property
    def can_take(self) -> bool:
        """Whether its write buffer has room."""

    def hand(self, subscription: ServerSubscription, entry: QueueEntry) -> int:
        """Write a MESSAGE; returns its delivery tag."""

    def overflowed(self, subscription: ServerSubscription) -> None:
        """The backlog of its topic subscription went over the limit."""


class ServerSubscription:
    """One SUBSCRIBE. Holds what was delivered and not yet acknowledged, by delivery tag, oldest first."""

    def __init__(
        self, reader: QueueReader, queue: ServerQueue, id: str | None, tag: str, mode: str = "auto", prefetch: int = 0
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
        """Whether it takes another message now."""
        if self.mode != "auto" and self.prefetch and len(self.unacked) >= self.prefetch:
            return False
        return self.reader.can_take

    def deliver(self, entry: QueueEntry) -> None:
        tag = self.reader.hand(self, entry)
        if self.mode != "auto":
            self.unacked[tag] = entry

    def take(self, tag: int) -> list[QueueEntry]:
        """Take what an ACK or NACK of a tag covers out of `unacked`; nothing if there is no such tag."""
        if tag not in self.unacked:
            return []
        if self.mode != "client":
            return [self.unacked.pop(tag)]
        covered = [t for t in self.unacked if t <= tag]
        return [self.unacked.pop(t) for t in covered]


class ServerQueue:
    """First in, first out; what comes back goes to its original place.

    Args:
        name: Without `/queue/`.
        destination: What MESSAGE says.
        private: Belongs to one topic subscription or reply address, and goes with it.
    """

    def __init__(self, name: str, destination: str, private: bool = False) -> None:
        self.name = name
        self.destination = destination
        self.private = private
        self.ready: deque[QueueEntry] = deque()
        self.subscriptions: deque[ServerSubscription] = deque()
        self.size = 0
        """Bytes of the messages that wait, headers included."""
        self.locked = 0
        """Messages delivered, unacknowledged, whose subscription is gone while its connection lives."""
        self.published = 0
        self.delivered = 0
        self._orders = itertools.count()

    @property
    def unacked(self) -> int:
        return self.locked + sum(len(s.unacked) for s in self.subscriptions)

    def put(self, message: StoredMessage) -> None:
        """Add a message at the end, and deliver what can be delivered."""
        self.ready.append(QueueEntry(message, next(self._orders)))
        self.size += message.size
        self.published += 1
        self.pump()

    def pump(self) -> None:
        """Deliver while somebody takes, in turn."""
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
        """Put messages that somebody had in hand back to where they were, marked; does not deliver yet."""
        back = sorted(entries, key=attrgetter("order"))
        for entry in back:
            entry.redelivered = True
            self.size += entry.message.size
        if not back:
            return
        if not self.ready or back[-1].order < self.ready[0].order:
            self.ready.extendleft(reversed(back))
        else:
            self.ready = deque(sorted([*back, *self.ready], key=attrgetter("order")))
