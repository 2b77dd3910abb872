"""Hints about a draft before it is sent: from the broker's dialect, and whether its queue exists."""

from __future__ import annotations

from dataclasses import replace

from stomptui.application.current_broker import CurrentBroker
from stomptui.application.destinations.completion import Destinations
from stomptui.application.destinations.has_queue import Arrivals, Taker, if_missing
from stomptui.application.destinations.known import KnownDestinations
from stomptui.compose.draft import Draft

HINTED = 64 << 10
"""How much of a body hints are made from: they are asked for with every key."""


class DraftAdvice:
    """Advises on drafts for the broker of now.

    Args:
        broker: The broker of now.
        known: The destinations that it told of.
        arrivals: Whether queues take what is sent.
        destinations: Asks the broker for its queues.
    """

    def __init__(
        self, broker: CurrentBroker, known: KnownDestinations, arrivals: Arrivals, destinations: Destinations
    ) -> None:
        self._broker = broker
        self._known = known
        self._arrivals = arrivals
        self._destinations = destinations

    def look_up(self, destination: str) -> bool:
        """Whether it is worth waiting for the broker to say whether a queue is there; it is asked if that is needed."""
        if not self._broker.connected or not self._arrivals.unmade(destination, self._broker.dialect):
            return False
        self._destinations.ask()
        return self._known.coming

    def if_missing(self, draft: Draft) -> str:
        """What is said of a draft if no queue of that name is there."""
        return if_missing(draft, self._broker.dialect).text

    def question(self, draft: Draft) -> str | None:
        """What to ask about before a draft goes, as far as the broker has told by now."""
        dialect = self._broker.dialect
        absence = self._arrivals.absence(draft, dialect)
        if absence is not None:
            return absence.text if absence.asks else None
        waiting = self._broker.connected and self._known.coming and not self._known.listed
        if waiting and if_missing(draft, dialect).asks and self._arrivals.unmade(draft.destination, dialect):
            name = dialect.in_a_sentence
            return f"Whether there is such a queue is not known yet: {name} has not answered what queues it has"
        return None

    def hints(self, draft: Draft) -> list[tuple[str, str, bool]]:
        """What the broker's dialect has to say about a draft: (field, text, whether to ask before it is sent)."""
        dialect = self._broker.dialect
        # The body's file is not read for this.
        body = replace(draft, body_file=None).body_start(HINTED)
        lines = [(line.name, line.value) for _, line in draft.lines()]
        hints: list[tuple[str, str, bool]] = []
        if misread := dialect.misread(draft.destination, self._broker.version):
            hints.append(("destination", misread, True))
        if (absence := self._arrivals.absence(draft, dialect)) is not None:
            hints.append(("destination", absence.text, absence.asks))
        # Whether a queue takes it is better known than by what receipts prove in general.
        receipt = draft.receipt and dialect.gives_receipt(draft.destination)
        known = self._arrivals.taker(draft, dialect) in (Taker.QUEUE, Taker.NOBODY)
        general = dialect.receipt_proves(draft.destination) if known else ""
        return hints + [
            (hint.field, hint.text, hint.asks)
            for hint in dialect.hints.send(draft.destination, lines, draft.content_length, body[:HINTED], receipt)
            if not (hint.if_missing and absence is not None) and (hint.text != general or not general)
        ]
