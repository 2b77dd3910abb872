"""A reconnecting session over a real socket, with the part of the event loop that it needs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Event
from stomptui.connection.reconnect import ConnectionState, ReconnectingSession
from stomptui.connection.session import Session


class Pump:
    """The part of the event loop: takes events out, lets the link act on them, and ticks."""

    def __init__(self, connection: Connection) -> None:
        self._woken = threading.Event()
        self.inbox = EventQueue(self._woken.set)
        self.notes: list[tuple[str, str]] = []
        self.events: list[Event] = []
        self.link = ReconnectingSession(
            connection,
            lambda c: Session(c, self.inbox, BROKERS),
            BROKERS,
            note=lambda kind, text: self.notes.append((kind, text)),
        )
        self.link.open()

    def until(self, reached: Callable[[], bool], what: str, timeout: float = 30.0) -> None:
        deadline = time.monotonic() + timeout
        while not reached():
            assert time.monotonic() < deadline, f"not {what}: {self.link.state_text}, {self.notes}"
            self._woken.wait(0.1)
            self._woken.clear()
            while (event := self.inbox.get()) is not None:
                self.events.append(event)
                self.link.handle(event)
            self.link.tick()

    def up(self) -> None:
        self.until(lambda: self.link.state is ConnectionState.UP, "connected")

    def end(self) -> None:
        """End the connection without a word, and wait until it is gone."""
        session = self.link.session
        self.link.stop()
        if isinstance(session, Session):
            session.close()
            session.join(5)
