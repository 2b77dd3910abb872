"""The destinations of a console: those sent to, those that can be completed, and how many messages each saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from stomptui.application.current_broker import CurrentBroker
from stomptui.application.destinations.known import FRESH, KnownDestinations, RecentDestinations
from stomptui.journal.journal import Journal
from stomptui.protocol.clean import clean_name

KEPT = 200
"""Destinations that were sent to and are kept for completion."""


@dataclass
class DestinationCounts:
    """Counts per destination, for the line on leaving."""

    received: dict[str, int] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """One line a destination: `/queue/test  12 received, 3 sent`."""
        names = sorted({*self.received, *self.sent})
        painted = {name: clean_name(name) for name in names}
        width = max((len(name) for name in painted.values()), default=0)
        lines = []
        for name in names:
            parts = [
                f"{count:,} {word}"
                for count, word in ((self.received.get(name, 0), "received"), (self.sent.get(name, 0), "sent"))
                if count
            ]
            lines.append(f"{painted[name]:<{width}}  {', '.join(parts)}")
        return lines


class Destinations:
    """The destinations that a person may mean.

    Args:
        broker: The broker of now.
        known: What it told.
        journal: Where destinations of received messages are read.
        remembered: Returns the destinations of earlier days.
    """

    def __init__(
        self, broker: CurrentBroker, known: KnownDestinations, journal: Journal, remembered: Callable[[], list[str]]
    ) -> None:
        self._broker = broker
        self._known = known
        self._recent = RecentDestinations(journal)
        self._remembered = remembered
        self.sent: list[str] = []
        """Those that were sent to, newest last."""

    def add_sent(self, destination: str) -> None:
        """A message was sent there."""
        if destination in self.sent:
            self.sent.remove(destination)
        self.sent.append(destination)
        del self.sent[:-KEPT]

    def ask(self) -> None:
        """Ask the broker what queues it has: somebody is about to name one."""
        main = self._broker.main_connection
        if main is not None and self._broker.connected:
            self._known.ask(main.connection, self._broker.dialect, FRESH)

    def names(self) -> list[str]:
        """Destinations for completion: subscribed to, sent to, received from, told by the broker, and known shapes.

        The broker is asked for its queues in the background when this is needed; they are there a moment later.
        """
        main, dialect = self._broker.main_connection, self._broker.dialect
        if main is not None and self._broker.connected:
            self._known.ask(main.connection, dialect)
        return list(
            dict.fromkeys(
                [
                    *(watch.destination for watch in (main.wanted if main else ())),
                    *reversed(self.sent),
                    *map(dialect.as_sent, self._recent.names()),
                    *self._known.destinations,
                    *self._remembered(),
                    *dialect.destinations,
                ]
            )
        )

    def queues(self) -> list[str]:
        """The same without topics, for what is done with queues alone: to peek, to drain."""
        return [name for name in self.names() if self._broker.dialect.is_queue(name)]
