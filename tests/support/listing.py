"""Asking a broker for its queues without a screen, and an HTTP server that answers what a test says.

Usage:
    with asking(connection) as way:
        listing = way.ask()
    with web({"/api/queues/%2F": [{"name": "q"}]}) as server:
        server.url, server.requests
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.event_queue import NullSink
from stomptui.connection.events import ConnectFailed
from stomptui.connection.probe import probe
from stomptui.queues.access_context import AccessContext
from stomptui.queues.listing.listing import Listing, QueueInfo, QueueLister


@contextlib.contextmanager
def asking(
    connection: Connection, dialect: Dialect | None = None, stopped: Callable[[], str | None] = lambda: None
) -> Iterator[QueueLister]:
    """The way to ask that broker; without a dialect it is found out by connecting."""
    if dialect is None:
        found = probe(connection, BROKERS)
        assert not isinstance(found, ConnectFailed), found
        dialect = BROKERS.named(found.dialect, found.server)
    event_queue = BlockingEventQueue()

    def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        client = BlockingClient.make(
            dataclasses.replace(connection, versions=versions or connection.versions), NullSink(), event_queue, BROKERS
        )
        client.open()
        return client

    way = BROKERS.lister(connection, dialect, AccessContext(dial, event_queue, stopped, connection.login))
    try:
        yield way
    finally:
        way.close()


def named(listing: Listing) -> dict[str, QueueInfo]:
    """The queues by name; of a queue and a topic of one name the queue."""
    return {queue.name: queue for queue in sorted(listing.queues, key=lambda q: q.kind, reverse=True)}


class Request(NamedTuple):
    method: str
    path: str
    """With the query."""
    headers: dict[str, str]
    """By name in lower case."""
    body: bytes


class Answer(NamedTuple):
    """An answer other than JSON with status 200."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


Answers = Callable[[Request], Any]
"""Gives an `Answer`, or what is answered as JSON."""


class Web:
    """What came to the server so far, and where it is."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.requests: list[Request] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, without queries."""
        return [request.path.partition("?")[0] for request in self.requests]


@contextlib.contextmanager
def web(answers: Answers | Mapping[str, Any]) -> Iterator[Web]:
    """An HTTP server on loopback.

    Args:
        answers: What is answered to a request, or by path without query; 404 to all else.
    """
    routes = answers if isinstance(answers, Mapping) else {}

    def routed(request: Request) -> Any:
        return routes.get(request.path.partition("?")[0], Answer(404, b'{"error":"Object Not Found"}'))

    state = Web(routed if isinstance(answers, Mapping) else answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, self.rfile.read(size))
            state.requests.append(request)
            given = state.answers(request)
            answer = given if isinstance(given, Answer) else Answer(200, json.dumps(given).encode())
            self.send_response(answer.status)
            for name, value in {"content-length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)
