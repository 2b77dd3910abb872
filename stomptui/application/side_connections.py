"""The side connections of a console: for peeks, actions, drains and the list of queues."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue, open_client
from stomptui.connection.errors import NotConnected, SessionError
from stomptui.connection.event_queue import EventSink, NullSink
from stomptui.protocol.names import shown
from stomptui.queues.access_context import Connector


class Purpose(NamedTuple):
    """What a side connection is for."""

    doing: str
    """In a word or a few: "peeking"."""
    queue: str
    """The queue, as a person reads it; "" if it is not one alone."""

    @property
    def name(self) -> str:
        """Both."""
        return f"{self.doing} {self.queue}" if self.queue else self.doing


class SideConnections:
    """Opens them, and knows their names.

    Args:
        events: Where what they report is put on record.
        connection: To which broker, as of now; None without one.
    """

    def __init__(self, events: EventSink, connection: Callable[[], Connection | None]) -> None:
        self._events = events
        self._connection = connection
        self._purposes: dict[int, Purpose] = {}
        self._for_the_log: set[int] = set()
        """Those whose messages the person wants to see as they come."""
        self._live: dict[int, BlockingClient] = {}

    def name(self, session: int) -> str:
        """What a connection is for, "" for one that is none of these."""
        purpose = self._purposes.get(session)
        return purpose.name if purpose is not None else ""

    def folded_purpose(self, session: int) -> Purpose | None:
        """What a side connection is for, if what it carries is one row of the log; else None."""
        return None if session in self._for_the_log else self._purposes.get(session)

    @property
    def live(self) -> tuple[str, ...]:
        """The names of those that stand, each once."""
        for number, line in list(self._live.items()):
            if line.session.state.over:
                self._live.pop(number, None)
        return tuple(dict.fromkeys(self._purposes[number].name for number in list(self._live)))

    def check(self) -> None:
        """Ask for a sign of life on those that stand; one that gives none counts as lost."""
        for line in list(self._live.values()):
            try:
                line.session.check()
            except SessionError:
                pass  # it is over, and says so itself

    def dialer(
        self,
        what: str | Callable[[], str],
        event_queue: BlockingEventQueue,
        stopped: Callable[[], str | None] = lambda: None,
        *,
        for_the_log: bool = False,
        heart_beats: bool = True,
    ) -> Connector:
        """What opens connections for something, their events in that event queue. It can be called from any thread.

        They go to the broker of now, also when the person has gone on to another one.

        Args:
            what: The queue, as a person reads it; a function tells it when a connection is opened.
            event_queue: Where they are heard.
            stopped: Why no connection is wanted any more, None while one is; asked when the event queue is woken.
            for_the_log: Whether the person wants to see the messages that come by them as those of a subscription.
            heart_beats: Whether they have the heart-beats of the connection; else nothing goes out on them by itself.
        """

        to = self._connection()

        def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
            if to is None:
                raise NotConnected("there is no connection")
            connection = dataclasses.replace(to.for_side_connection(), versions=versions or to.versions)
            if not heart_beats:
                connection = dataclasses.replace(connection, heart_beat=(0, 0))

            def make() -> BlockingClient:
                client = BlockingClient.make(connection, NullSink() if quiet else self._events, event_queue, BROKERS)
                if not quiet:
                    if for_the_log:
                        self._for_the_log.add(client.number)
                    queue = what if isinstance(what, str) else what()
                    self._purposes[client.number] = Purpose(word, shown(queue) if queue else "")
                    self._live[client.number] = client
                return client

            return open_client(make, stopped)[0]

        return dial
