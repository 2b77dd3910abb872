"""The embedded broker in a thread of its own, for tests of any room.

Usage:
    def test_something(embedded: EmbeddedBroker) -> None:
        with RawStomp(embedded.host, embedded.port) as client: ...
        assert embedded.depth("orders") == (2, 0)

The fixture is `embedded` in tests/conftest.py; `EmbeddedBroker(users={"guest": "guest"})` makes one by hand.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from types import TracebackType
from typing import Any, TypeVar

from stomptui.embedded.broker import EmbeddedServer
from tests.support.ports import free_port

T = TypeVar("T")


class EmbeddedBroker:
    """Starts at once. Every method may be called from any thread but the broker's own.

    Args:
        port: 0 picks a free one that nobody takes between `stop` and `start`.
        options: What `EmbeddedServer` takes.
    """

    host = "127.0.0.1"

    def __init__(self, port: int = 0, **options: Any) -> None:
        self.port = port or free_port()
        self.faults: list[dict[str, Any]] = []
        """Exceptions nobody expected on the broker's loop; `close` fails if there are any."""
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: self.faults.append(context))
        self._thread = threading.Thread(target=self._loop.run_forever, name="embedded broker", daemon=True)
        self._thread.start()

        async def make() -> EmbeddedServer:
            return EmbeddedServer(**options)

        self.server = self._run(make())
        self.queues = self.server.queues
        self.start()

    def start(self) -> None:
        """Listen (again), on the same port, with the queues as they were."""
        self._run(self.server.start(self.host, self.port))

    def stop(self) -> None:
        """Stop listening and drop all clients without a word; the queues stay."""
        self._run(self.server.stop())

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        assert not self.faults, f"the embedded broker failed: {self.faults}"

    def drop_clients(self) -> None:
        """Close every connection without a word and go on listening."""
        self.call(self.server.drop_clients)

    def silence(self, silent: bool = True) -> None:
        """Hold promised heart-beats back, or let them go again."""
        self.call(lambda: setattr(self.server.options, "silent", silent))

    def publish(self, destination: str, body: bytes | str, headers: Iterable[tuple[str, str]] = ()) -> None:
        """Put a message there without a client."""
        data = body.encode() if isinstance(body, str) else body
        self.call(lambda: self.queues.publish(destination, headers, data))

    def delete(self, name: str) -> None:
        """Delete a queue under its readers."""
        self.call(lambda: self.queues.delete(name))

    def depth(self, name: str) -> tuple[int, int]:
        """(waiting, in somebody's hand) of a queue; (0, 0) if there is none of that name."""
        depth = self.call(self.queues.depths).get(name)
        return (depth.ready, depth.unacked) if depth else (0, 0)

    def bodies(self, name: str) -> list[bytes]:
        """The bodies that wait in a queue, in order, looked at without touching them."""
        return self.call(lambda: [entry.message.body for entry in self.queues.named[name].ready])

    @property
    def clients(self) -> int:
        """How many connections are open."""
        return self.call(lambda: len(self.server.connections))

    def wait(self, condition: Callable[[], bool], timeout: float = 10.0) -> None:
        """Wait until something about the broker is true."""
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, "the broker never came to that"
            time.sleep(0.005)

    def call(self, function: Callable[[], T]) -> T:
        """Run something on the broker's loop."""

        async def run() -> T:
            return function()

        return self._run(run())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def __enter__(self) -> EmbeddedBroker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
