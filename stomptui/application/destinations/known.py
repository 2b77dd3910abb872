"""Known destinations, for completion: those seen in the log, and those that the broker lists when needed."""

from __future__ import annotations

import time
from collections.abc import Callable

from stomptui.application.side_connections import SideConnections
from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.connection.dialect.base import Dialect
from stomptui.journal.entry import RowKind
from stomptui.journal.journal import Journal
from stomptui.protocol.copies import original_destination
from stomptui.queues.access_context import AccessContext
from stomptui.queues.listing.lister import Lister
from stomptui.queues.listing.listing import Listing, Unlisted

LOOKED_AT = 300
"""Rows of the log, from the newest on, whose destinations are offered."""
OLD = 60.0
"""Seconds after which the broker is asked again, when somebody completes a name."""
FRESH = 3.0
"""Seconds for which an answer is good enough to say that a queue is not there."""
LOOKED_AT_MEANWHILE = 20
"""The same within `RESTS` seconds after that."""
RESTS = 0.5


class KnownDestinations:
    """What the broker told, asked for once and only when needed: asking takes a request or a connection of its own.

    A login that may not ask is not tried again with the same broker.

    Args:
        side_connections: Opens connections.
        tell: Called when there is an answer, in another thread.
    """

    def __init__(self, side_connections: SideConnections, tell: Callable[[], None]) -> None:
        self.destinations: list[str] = []
        self.listed = False
        """Whether the broker has told what it has, be it nothing."""
        self._untold = False
        """Whether there was no answer the last time."""
        self._sides = side_connections
        self._tell = tell
        self._asked: float | None = None
        self._refused = False
        self._asking: Lister | None = None

    def forget(self) -> None:
        """It is another broker now."""
        self.destinations = []
        self.listed = self._untold = False
        self._asked, self._refused = None, False
        self.stop()

    @property
    def coming(self) -> bool:
        """Whether the broker is being asked and is expected to answer."""
        return self._asking is not None and not self._untold

    def stop(self) -> None:
        """Wait for no answer."""
        asking, self._asking = self._asking, None
        if asking is not None:
            asking.stop()

    def put(self, destinations: list[str]) -> None:
        """Somebody else has asked, and this came of it."""
        self.stop()
        self._asked = time.monotonic()
        self._put(destinations)

    def _put(self, destinations: list[str]) -> None:
        self.destinations = destinations
        self.listed, self._untold = True, False

    def ask(self, connection: Connection, dialect: Dialect, age: float = OLD) -> None:
        """Ask the broker, unless it was asked a moment ago, has refused, or tells nobody. Never waits.

        Args:
            connection: Where the broker is.
            dialect: What it is.
            age: Seconds that an answer may be old.
        """
        if self._untold or self._asking is not None:
            age = OLD
        recently = self._asked is not None and time.monotonic() - self._asked < age
        if recently or self._refused or not BROKERS.lists_queues(dialect):
            return
        self.stop()
        self._asked = time.monotonic()
        event_queue = BlockingEventQueue()
        context = AccessContext(
            self._sides.dialer("", event_queue),
            event_queue,
            lambda: "left" if asking.stopped else None,
            connection.login,
        )

        def told(report: Listing | Unlisted) -> None:
            asking.stop()
            if self._asking is not asking:
                return
            if isinstance(report, Listing):
                # It is as old as the question.
                self._put(list(report.destinations))
            else:
                self._refused, self._untold = report.final, True
            self._asking = None
            self._tell()

        asking = Lister(BROKERS.lister(connection, dialect, context), told)
        self._asking = asking
        asking.start()


class RecentDestinations:
    """Where the messages of the log came from, and the newest first.

    Args:
        journal: The record.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._first = self._end = 0
        self._looked_at = -RESTS
        self._newest: dict[str, int] = {}
        """The number of the newest message from each destination."""

    def names(self) -> list[str]:
        """The destinations of the newest messages that came."""
        journal, newest = self._journal, self._newest
        if journal.first < self._first:
            # Rows that were cleared are back.
            self._end = 0
        self._first = journal.first
        now = time.monotonic()
        # This is asked at every key, and under a flood thousands have come since the last one.
        most = LOOKED_AT if now - self._looked_at >= RESTS else LOOKED_AT_MEANWHILE
        begin = max(journal.first, journal.end - LOOKED_AT)
        for number in range(max(self._end, begin, journal.end - most), journal.end):
            entry = journal.get(number)
            frame = entry.frame if entry is not None and entry.kind is RowKind.RECEIVED else None
            name = original_destination(frame) if frame is not None and frame.command == "MESSAGE" else ""
            if name:
                newest[name] = number
        self._end = journal.end
        if most == LOOKED_AT:
            self._looked_at = now
        for name in [name for name, number in newest.items() if number < begin]:
            del newest[name]
        return sorted(newest, key=newest.__getitem__, reverse=True)
