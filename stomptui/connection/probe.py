"""Seeing who is there, without staying."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable

from stomptui.config.connection import Connection
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Connected, ConnectFailed
from stomptui.connection.session import Session

Answer = Connected | ConnectFailed


class Probe:
    """Connects, sees who answers, and leaves again. Used once; no method waits.

    Args:
        connection: Where to and as whom.
        tell: Called with what came of it, once, in another thread.
        brokers: Tells which broker answered.
    """

    def __init__(self, connection: Connection, tell: Callable[[Answer], None], brokers: Brokers) -> None:
        self._tell = tell
        self._told = False
        self._inbox = EventQueue(self._look)
        self._session = Session(connection, self._inbox, brokers)

    def start(self) -> None:
        self._session.open()

    def cancel(self) -> None:
        """End it at once; it is told as cancelled, unless an answer came before."""
        self._session.close("cancelled")

    def _look(self) -> None:
        while (event := self._inbox.get()) is not None:
            if self._told or not isinstance(event, (Connected, ConnectFailed)):
                continue
            self._told = True
            if isinstance(event, Connected):
                self._session.disconnect(1.0)
            self._tell(event)


def probe(connection: Connection, brokers: Brokers, timeout: float | None = None) -> Answer:
    """The same, and wait for it; not for the event loop's thread.

    Args:
        connection: Where to and as whom.
        brokers: Tells which broker answered.
        timeout: Seconds for connecting, those of the connection by default.
    """
    if timeout is not None:
        connection = dataclasses.replace(connection, timeout=timeout)
    answered = threading.Event()
    found: list[Answer] = []

    def tell(answer: Answer) -> None:
        found.append(answer)
        answered.set()

    Probe(connection, tell, brokers).start()
    answered.wait()
    return found[0]
