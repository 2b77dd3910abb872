"""Following a session in a test: what it reported, and waiting for what must come."""

from __future__ import annotations

import threading
import time
from typing import Any, TypeVar

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Connected, ConnectFailed, Event, Lost, Received
from stomptui.connection.session import Session
from stomptui.connection.transport.limits import Limits
from stomptui.protocol.frame import Frame

E = TypeVar("E", bound=Event)


class Recorder:
    """A session, its inbox, and everything that came out of it in order."""

    def __init__(self, connection: Connection, limits: Limits | None = None, **inbox: int) -> None:
        self._arrived = threading.Event()
        self.inbox = EventQueue(self._arrived.set, **inbox)
        self.session = Session(connection, self.inbox, BROKERS, limits)
        self.events: list[Event] = []

    def __enter__(self) -> Recorder:
        self.session.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
        assert self.session.join(20), "the session did not end when it was closed"

    def drain(self) -> None:
        """Take out what is there now."""
        while (event := self.inbox.get()) is not None:
            self.events.append(event)

    def wait(self, kind: type[E], within: float = 10.0, **fields: Any) -> E:
        """The first event of a kind, seen or to come, whose fields are as given."""
        end = time.monotonic() + within
        looked = 0
        while True:
            self.drain()
            for index in range(looked, len(self.events)):
                event = self.events[index]
                if isinstance(event, kind) and all(getattr(event, k) == v for k, v in fields.items()):
                    return event
            looked = len(self.events)
            left = end - time.monotonic()
            assert left > 0, f"no {kind.__name__} {fields or ''} among {self.names}"
            self._arrived.wait(left)
            self._arrived.clear()

    def connected(self, within: float = 10.0) -> Connected:
        """Wait until the connection stands; fails at once, with the reason, if it cannot."""
        end = time.monotonic() + within
        while not self.of(Connected):
            failed = self.of(ConnectFailed)
            assert not failed, f"the attempt failed: {failed}"
            left = end - time.monotonic()
            assert left > 0, f"neither connected nor failed: {self.names}"
            self._arrived.wait(left)
            self._arrived.clear()
        return self.of(Connected)[0]

    def failed(self, within: float = 10.0) -> ConnectFailed:
        """Wait until the attempt has failed and everything of it is gone."""
        event = self.wait(ConnectFailed, within)
        assert self.session.join(20)
        return event

    def lost(self, within: float = 10.0) -> Lost:
        """Wait until the connection is lost; asserts that this is the last word, said once."""
        event = self.wait(Lost, within)
        assert self.session.join(20)
        self.drain()
        assert self.events[-1] is event
        assert len(self.of(Lost)) == 1
        return event

    @property
    def names(self) -> str:
        """The events so far, for people."""
        return ", ".join(repr(event)[:200] for event in self.events[-20:])

    def of(self, kind: type[E]) -> list[E]:
        """All events of a kind so far."""
        self.drain()
        return [event for event in self.events if isinstance(event, kind)]

    def frames(self, command: str = "MESSAGE") -> list[Frame]:
        """All frames received so far with that command."""
        found = [Frame(raw, self.session.version) for received in self.of(Received) for raw in received.batch.frames()]
        return [frame for frame in found if frame.command == command]

    def bodies(self, count: int, within: float = 10.0) -> list[bytes]:
        """Wait for so many messages and give their bodies."""
        end = time.monotonic() + within
        while (there := sum(len(e.batch) - len(e.batch.others) for e in self.of(Received))) < count:
            left = end - time.monotonic()
            assert left > 0, f"{there} of {count} messages came"
            self._arrived.wait(left)
            self._arrived.clear()
        return [frame.body for frame in self.frames()]
