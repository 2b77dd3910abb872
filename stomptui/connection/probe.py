"""Connect only to see which broker answers, or why none does, and disconnect."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable

from stomptui.config.connection import Connection
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Connected, ConnectFailed
from stomptui.connection.session import Session

ProbeResult = Connected | ConnectFailed


class Probe:
    """One connection that is closed as soon as the broker answered. Used once; no method waits.

    Args:
        connection: Where to connect to and as whom.
        on_result: Called once, in another thread, with `Connected` or `ConnectFailed`.
        brokers: Recognises the broker by its CONNECTED frame.
    """

    def __init__(self, connection: Connection, on_result: Callable[[ProbeResult], None], brokers: Brokers) -> None:
        self._on_result = on_result
        self._done = False
        self._events = EventQueue(self._drain)
        self._session = Session(connection, self._events, brokers)

    def start(self) -> None:
        self._session.open()

    def cancel(self) -> None:
        """End it at once; the result is a `ConnectFailed` that says so, unless there was one before."""
        self._session.close("cancelled")

    def _drain(self) -> None:
        while (event := self._events.get()) is not None:
            if self._done or not isinstance(event, (Connected, ConnectFailed)):
                continue
            self._done = True
            if isinstance(event, Connected):
                self._session.disconnect(1.0)
            self._on_result(event)


def probe(connection: Connection, brokers: Brokers, timeout: float | None = None) -> ProbeResult:
    """Run a `Probe` and wait for its result; not for the event loop's thread.

    Args:
        connection: Where to connect to and as whom.
        brokers: Recognises the broker by its CONNECTED frame.
        timeout: Seconds for connecting, those of the connection by default.
    """
    if timeout is not None:
        connection = dataclasses.replace(connection, timeout=timeout)
    done = threading.Event()
    found: list[ProbeResult] = []

    def on_result(result: ProbeResult) -> None:
        found.append(result)
        done.set()

    Probe(connection, on_result, brokers).start()
    done.wait()
    return found[0]
