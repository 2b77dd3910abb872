"""Connect only to see which broker answers, or why none does, and disconnect."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable

from stomptui.config.connection import Connection
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Connected, ConnectFailed
from stomptui.connection.failures import Failures
from stomptui.connection.session import Session

ProbeResult = Connected | ConnectFailed


class Probe:
    """One connection that is closed as soon as the broker answered. Used once; no method waits.

    Args:
        connection: Where to connect to and as whom; its addresses are tried in their order until a broker answers, or
            one refuses the login, as `ReconnectingSession` does.
        on_result: Called once, in another thread, with `Connected` or `ConnectFailed`.
        brokers: Recognises the broker by its CONNECTED frame.

    Attributes:
        connection: The same, at the address that was tried last.
        reasons: Why the addresses before it failed.
    """

    def __init__(self, connection: Connection, on_result: Callable[[ProbeResult], None], brokers: Brokers) -> None:
        self._on_result = on_result
        self._brokers = brokers
        self._done = self._cancelled = False
        self.reasons: list[str] = []
        self._failures = Failures()
        self.connection, *self._others = connection.in_turn
        self._events = EventQueue(self._drain)
        self._session = Session(self.connection, self._events, brokers)

    def start(self) -> None:
        self._session.open()

    def cancel(self) -> None:
        """End it at once; the result is a `ConnectFailed` that says so, unless there was one before."""
        self._cancelled = True
        self._session.close("cancelled")

    def _drain(self) -> None:
        while (event := self._events.get()) is not None:
            if self._done or not isinstance(event, (Connected, ConnectFailed)):
                continue
            if isinstance(event, ConnectFailed):
                self.reasons.append(event.reason)
                final = self._failures.is_final(event)
                if self._others and not self._cancelled and not final:
                    self._next()
                    continue
                event = dataclasses.replace(event, reason="; ".join(dict.fromkeys(self.reasons)))
            self._done = True
            if isinstance(event, Connected):
                self._session.disconnect(1.0)
            self._on_result(event)

    def _next(self) -> None:
        self.connection = self._others.pop(0)
        self._session = Session(self.connection, self._events, self._brokers)
        self._session.open()
        if self._cancelled:
            self._session.close("cancelled")


def probe(connection: Connection, brokers: Brokers, timeout: float | None = None) -> ProbeResult:
    """Run a `Probe` and wait for its result; not for the event loop's thread. Args as of `probe_addresses`."""
    return probe_addresses(connection, brokers, timeout)[0]


def probe_addresses(
    connection: Connection, brokers: Brokers, timeout: float | None = None
) -> tuple[ProbeResult, Connection]:
    """Run a `Probe` and wait for its result; not for the event loop's thread.

    Args:
        connection: Where to connect to and as whom.
        brokers: Recognises the broker by its CONNECTED frame.
        timeout: Seconds for connecting, those of the connection by default.

    Returns:
        The result, and the connection at the address that it comes from.
    """
    if timeout is not None:
        connection = dataclasses.replace(connection, timeout=timeout)
    done = threading.Event()
    found: list[ProbeResult] = []

    def on_result(result: ProbeResult) -> None:
        found.append(result)
        done.set()

    asking = Probe(connection, on_result, brokers)
    asking.start()
    done.wait()
    return found[0], asking.connection
