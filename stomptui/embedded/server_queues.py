"""All queues of the embedded broker: declared, found, deleted, and where a message is routed to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from stomptui.embedded.destinations import ServerDestination, matches, parse, pattern
from stomptui.embedded.message import StoredMessage
from stomptui.embedded.options import ServerLimits
from stomptui.embedded.queues import ServerQueue
from stomptui.embedded.refused import FrameRefused
from stomptui.protocol.frame import Headers

_MAX_ROUTES = 10_000
"""Topic keys whose subscribers are remembered."""


@dataclass(frozen=True)
class QueueDepth:
    """The messages of a queue that are ready or unacknowledged, its consumers, and totals since it was declared."""

    ready: int
    unacked: int
    consumers: int = 0
    published: int = 0
    delivered: int = 0
    died_in: str = ""
    """The queue whose dead letters it holds, by the oldest message; "" if it is none."""


class ServerQueues:
    """The queues and topic bindings of one broker.

    Args:
        limits: How large queues and backlogs may get.
        token: Makes the names of private queues.
    """

    def __init__(self, limits: ServerLimits, token: Callable[[], str]) -> None:
        self.limits = limits
        self.named: dict[str, ServerQueue] = {}
        """Named queues and reply queues, by name; the queues of topic subscriptions are not among them."""
        self._token = token
        self._bindings: dict[ServerQueue, re.Pattern[str]] = {}
        self._routes: dict[str, list[ServerQueue]] = {}

    def publish(self, destination: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        """Send a message without a client.

        Raises:
            FrameRefused: The destination is not valid.
        """
        self.route(parse(destination, "SEND"), tuple(headers), body)

    def route(self, target: ServerDestination, headers: Headers, body: bytes) -> None:
        """Put a message into the queues of its target; only /queue/ declares a queue that does not exist."""
        if target.kind == "/topic":
            self._route_topic(target.name, headers, body)
            return
        queue = self.named.get(target.name)
        if queue is None and target.kind == "/queue":
            queue = self.declare(target.name)
        if queue is not None:
            queue.put(StoredMessage(queue.destination, headers, body))

    def _route_topic(self, key: str, headers: Headers, body: bytes) -> None:
        queues = self._routes.get(key)
        if queues is None:
            if len(self._routes) > _MAX_ROUTES:
                self._routes.clear()
            queues = self._routes[key] = [queue for queue, bound in self._bindings.items() if matches(bound, key)]
        if not queues:
            return
        message = StoredMessage(f"/topic/{key}", headers, body)
        for queue in list(queues):
            queue.put(message)
            if queue.size > self.limits.backlog:
                for subscription in list(queue.subscriptions):
                    subscription.reader.backlog_full(subscription)

    def check_target(self, target: ServerDestination) -> None:
        """Refuse a destination that is valid but does not exist, or a queue that is full.

        Raises:
            FrameRefused: A SEND there cannot be accepted.
        """
        check_exists(target)
        queue = self.named.get(target.name)
        if queue is not None and target.kind != "/topic" and queue.size >= self.limits.queue:
            raise FrameRefused("Queue is full", f"'{queue.destination}' holds as much as this broker lets it\n")

    def declare(self, name: str) -> ServerQueue:
        """The queue of that name, created if it does not exist."""
        queue = self.named.get(name)
        if queue is None:
            queue = self.named[name] = ServerQueue(name, f"/queue/{name}")
        return queue

    def for_subscribe(self, target: ServerDestination) -> ServerQueue:
        """The queue that a SUBSCRIBE reads; each topic subscription gets one of its own.

        Raises:
            FrameRefused: It does not exist, and its kind of destination declares none.
        """
        check_exists(target)
        if target.kind == "/topic":
            queue = ServerQueue(f"stomp-subscription-{self._token()}", f"/topic/{target.name}", private=True)
            self._bindings[queue] = pattern(target.name)
            self._routes.clear()
            return queue
        if target.kind == "/queue":
            return self.declare(target.name)
        found = self.named.get(target.name)
        if found is None:
            raise FrameRefused("not_found", f"NOT_FOUND - no queue '{target.name}' in vhost '/'", fatal=True)
        return found

    def declare_private(self, prefix: str, destination_prefix: str) -> ServerQueue:
        """A queue with a name that cannot be guessed, which is removed with the connection that reads it."""
        name = prefix + self._token()
        queue = self.named[name] = ServerQueue(name, destination_prefix + name, private=True)
        return queue

    def remove_private(self, queue: ServerQueue) -> None:
        """Remove the queue of a topic subscription or reply address."""
        self.named.pop(queue.name, None)
        if self._bindings.pop(queue, None) is not None:
            self._routes.clear()

    def delete(self, name: str) -> None:
        """Delete a queue as an administrator would; its subscribers get an ERROR."""
        queue = self.named.pop(name)
        for subscription in list(queue.subscriptions):
            queue.subscriptions.remove(subscription)
            subscription.reader.cancelled(subscription)

    def depths(self) -> dict[str, QueueDepth]:
        """The depths of the named queues, by name."""
        return {
            name: QueueDepth(len(q.ready), q.unacked, len(q.subscriptions), q.published, q.delivered, q.died_in)
            for name, q in self.named.items()
            if not q.private
        }

    def answer(self, question: str) -> bytes:
        """The answer to a SEND to /broker/NAME, as JSON: for "queues" a list with an object for each named queue.

        Raises:
            FrameRefused: There is no answer to that name.
        """
        if question != "queues":
            raise FrameRefused("Unknown destination", f"'/broker/{question}' is nothing to ask: try /broker/queues\n")
        return json.dumps([{"name": name, **asdict(depth)} for name, depth in self.depths().items()]).encode()


def check_exists(target: ServerDestination) -> None:
    """Refuse an exchange, of which there is none but amq.topic. Raises `FrameRefused`."""
    if target.kind == "/exchange":
        raise FrameRefused("not_found", f"NOT_FOUND - no exchange '{target.name}' in vhost '/'", fatal=True)
