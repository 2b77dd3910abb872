"""A session without a screen: opens it, collects what it reports, and waits for what a test looks for."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Connected, ConnectFailed, Event, Received
from stomptui.connection.session import Session
from stomptui.protocol.frame import Frame

E = TypeVar("E", bound=Event)


class Listening:
    """`events` has everything that was reported, in order; `frames` every frame received, decoded."""

    def __init__(self, connection: Connection) -> None:
        self._woken = threading.Event()
        self.inbox = EventQueue(self._woken.set)
        self.session = Session(connection, self.inbox, BROKERS)
        self.events: list[Event] = []
        self.frames: list[Frame] = []

    def wait_for(self, kind: type[E], which: Callable[[E], bool] = lambda _: True, timeout: float = 30.0) -> E:
        """The first event of that kind that fits, of those that came or are still to come."""
        deadline = time.monotonic() + timeout
        looked_at = 0
        while True:
            self._drain()
            for event in self.events[looked_at:]:
                if isinstance(event, kind) and which(event):
                    return event
            looked_at = len(self.events)
            self._wait(deadline, f"no {kind.__name__}")

    def wait_for_frames(self, command: str, count: int, timeout: float = 60.0) -> list[Frame]:
        """That many frames of the command."""
        deadline = time.monotonic() + timeout
        while True:
            self._drain()
            found = [frame for frame in self.frames if frame.command == command]
            if len(found) >= count:
                return found
            self._wait(deadline, f"{len(found)} of {count} {command}")

    def poll(self, seconds: float) -> None:
        """Take in what comes within that time, or what came already."""
        self._woken.wait(seconds)
        self._woken.clear()
        self._drain()

    def _wait(self, deadline: float, what: str) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or not self._woken.wait(left):
            raise AssertionError(f"{what} among {[type(event).__name__ for event in self.events]}: {self.events[-3:]}")
        self._woken.clear()

    def _drain(self) -> None:
        while (event := self.inbox.get()) is not None:
            self.events.append(event)
            if isinstance(event, Received):
                version = self.session.version or "1.2"
                self.frames += [Frame(raw, version) for raw in event.batch.frames()]


@contextlib.contextmanager
def connected(connection: Connection) -> Iterator[Listening]:
    """A session that is up."""
    listening = Listening(connection)
    listening.session.open()
    try:
        listening.wait_for(Connected)
        yield listening
    finally:
        listening.session.close()
        listening.session.join(10)


def refused(connection: Connection) -> ConnectFailed:
    """Why this connection cannot be made."""
    listening = Listening(connection)
    listening.session.open()
    try:
        return listening.wait_for(ConnectFailed)
    finally:
        listening.session.close()
        listening.session.join(10)
