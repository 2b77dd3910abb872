"""The embedded broker: STOMP 1.0, 1.1 and 1.2 on a loopback port, everything in memory.

RabbitMQ is the model (https://www.rabbitmq.com/docs/stomp); where this one differs it does so to be plainer:
header order is kept, every refusal is said, and a RECEIPT means that it was done.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import ssl
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass

from stomptui import __version__
from stomptui.embedded.connection import ClientConnection
from stomptui.embedded.destinations import ServerDestination, matches, parse, pattern
from stomptui.embedded.message import StoredMessage
from stomptui.embedded.queues import ServerQueue
from stomptui.embedded.refused import FrameRefused


@dataclass(frozen=True)
class ServerLimits:
    """Bounds, in bytes where nothing else is said."""

    header: int = 64 << 10
    """The header lines of one frame."""
    frame: int = 64 << 20
    """One frame."""
    write_buffer: int = 256 << 10
    """What waits for one client's socket before its queues wait instead."""
    queue: int = 1 << 30
    """The messages of one queue; more are refused."""
    backlog: int = 64 << 20
    """The messages that wait for one topic subscription; more, and its connection ends."""


@dataclass(frozen=True)
class Depth:
    """How many messages of a queue wait, how many are in somebody's hand, and what went through it so far."""

    ready: int
    unacked: int
    consumers: int = 0
    published: int = 0
    delivered: int = 0


class EmbeddedServer:
    """Queues, topics and the server in front of them. Lives on one event loop.

    Args:
        users: Passcodes by login; None lets everybody in.
        vhosts: The virtual hosts there are; None takes any.
        limits: Bounds.
        heart_beat_minimum: The shortest interval agreed to, in milliseconds.
        connect_timeout: Seconds from the first packet to a CONNECT that is let in.
        token: Names sessions and private queues; another one makes runs that can be repeated.
    """

    def __init__(
        self,
        *,
        users: Mapping[str, str] | None = None,
        vhosts: Collection[str] | None = None,
        limits: ServerLimits | None = None,
        heart_beat_minimum: int = 100,
        connect_timeout: float = 10.0,
        token: Callable[[], str] = lambda: secrets.token_urlsafe(16),
    ) -> None:
        self.users = users
        self.vhosts = vhosts
        self.limits = limits or ServerLimits()
        self.heart_beat_minimum = heart_beat_minimum
        self.connect_timeout = connect_timeout
        self.token = token
        self.server = f"stomptui/{__version__}"
        self.silent = False
        """Whether promised heart-beats are held back, to see what a client makes of it."""
        self.port = 0
        self.queues: dict[str, ServerQueue] = {}
        """Named queues and reply queues, by name; the ones of topic subscriptions are not among them."""
        self.connections: set[ClientConnection] = set()
        self._bindings: dict[ServerQueue, re.Pattern[str]] = {}
        self._routes: dict[str, list[ServerQueue]] = {}
        self._server: asyncio.Server | None = None
        self._nobody = asyncio.Event()

    # -- the server

    async def start(self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        """Listen; port 0 picks a free one, `port` says which.

        Raises:
            OSError: The port is taken or not ours to have.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: ClientConnection(self), host, port, ssl=tls, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and drop the clients without a word, as a broker that is stopped does; queues stay."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._nobody.clear()
        for connection in list(self.connections):
            connection.abort()
        if self.connections:
            await self._nobody.wait()

    def gone(self) -> None:
        """A connection is over."""
        if not self.connections:
            self._nobody.set()

    def drop_clients(self) -> None:
        """Close every connection without a word and go on listening."""
        for connection in list(self.connections):
            connection.abort()

    # -- messages

    def publish(self, destination: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        """Send a message as if a client had.

        Raises:
            Refused: A destination that is none.
        """
        self.route(parse(destination, "SEND"), tuple(headers), body)

    def route(self, target: ServerDestination, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
        """Put a message where its target says; a queue that is not there is made for /queue/ alone."""
        if target.kind == "/topic":
            self._route_topic(target.name, headers, body)
            return
        queue = self.queues.get(target.name)
        if queue is None and target.kind == "/queue":
            queue = self.declare(target.name)
        if queue is not None:
            queue.put(StoredMessage(queue.destination, headers, body))

    def _route_topic(self, key: str, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
        queues = self._routes.get(key)
        if queues is None:
            if len(self._routes) > 10_000:
                self._routes.clear()
            queues = self._routes[key] = [queue for queue, wanted in self._bindings.items() if matches(wanted, key)]
        if not queues:
            return
        message = StoredMessage(f"/topic/{key}", headers, body)
        for queue in list(queues):
            queue.put(message)
            if queue.size > self.limits.backlog:
                for subscription in list(queue.subscriptions):
                    subscription.reader.overflowed(subscription)

    @staticmethod
    def check(target: ServerDestination) -> None:
        """Refuse a destination that is well written and nowhere to be found."""
        if target.kind == "/exchange":
            raise FrameRefused("not_found", f"NOT_FOUND - no exchange '{target.name}' in vhost '/'", fatal=True)

    # -- queues

    def declare(self, name: str) -> ServerQueue:
        """The queue of that name, made if it is not there."""
        queue = self.queues.get(name)
        if queue is None:
            queue = self.queues[name] = ServerQueue(name, f"/queue/{name}")
        return queue

    def queue_to_read(self, target: ServerDestination) -> ServerQueue:
        """The queue that a SUBSCRIBE reads; a topic subscription gets one of its own.

        Raises:
            Refused: It is not there, and its kind of destination makes none.
        """
        if target.kind == "/topic":
            queue = ServerQueue(f"stomp-subscription-{self.token()}", f"/topic/{target.name}", private=True)
            self._bindings[queue] = pattern(target.name)
            self._routes.clear()
            return queue
        if target.kind == "/queue":
            return self.declare(target.name)
        found = self.queues.get(target.name)
        if found is None:
            raise FrameRefused("not_found", f"NOT_FOUND - no queue '{target.name}' in vhost '/'", fatal=True)
        return found

    def private_queue(self, prefix: str, where: str) -> ServerQueue:
        """A queue with a name nobody can guess, which goes with the connection that reads it."""
        name = prefix + self.token()
        queue = self.queues[name] = ServerQueue(name, where + name, private=True)
        return queue

    def remove_private(self, queue: ServerQueue) -> None:
        self.queues.pop(queue.name, None)
        if self._bindings.pop(queue, None) is not None:
            self._routes.clear()

    def full(self, queue: ServerQueue) -> bool:
        return queue.size >= self.limits.queue

    def delete(self, name: str) -> None:
        """Delete a queue as an administrator would; whoever reads it is told."""
        queue = self.queues.pop(name)
        for subscription in list(queue.subscriptions):
            connection = subscription.reader
            queue.subscriptions.remove(subscription)
            if isinstance(connection, ClientConnection):
                connection.session.subscriptions.pop(subscription.tag, None)
                id = subscription.id
                named = f"id='{id}'" if id is not None else f"destination='{queue.destination}'"
                text = f'The server has canceled a subscription.\nNo more messages will be delivered for "{named}".\n'
                connection.session.error(FrameRefused("Server cancelled subscription", text), subscription=id)

    def depths(self) -> dict[str, Depth]:
        """How deep the named queues are, by name."""
        return {
            name: Depth(len(q.ready), q.unacked, len(q.subscriptions), q.published, q.delivered)
            for name, q in self.queues.items()
            if not q.private
        }

    def answer(self, question: str) -> bytes:
        """What is told to who asks at /broker/NAME, as JSON: of "queues" one object a named queue.

        Raises:
            Refused: Nothing is known under that name.
        """
        if question != "queues":
            raise FrameRefused("Unknown destination", f"'/broker/{question}' is nothing to ask: try /broker/queues\n")
        return json.dumps([{"name": name, **asdict(depth)} for name, depth in self.depths().items()]).encode()
