"""Whether a message sent to a destination will reach a queue, judged by the broker's list of queues."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum

from stomptui.application.destinations.known import KnownDestinations
from stomptui.compose.draft import Draft
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.missing_queue import Absence, Becomes


class Taker(Enum):
    """Who takes a message."""

    QUEUE = "a queue"
    READER = "whoever reads there now"
    NOBODY = "nobody"
    UNKNOWN = "nobody has told"


DOUBTS = {
    Taker.QUEUE: "",
    Taker.READER: "without a reader it is gone",
    Taker.NOBODY: "but no queue took it",
    Taker.UNKNOWN: "whether a queue took it is not known",
}
"""What to add to “confirmed”."""


class Arrivals:
    """Judges drafts by the list of queues, and by what was done here since.

    Args:
        known: What the broker told.
        watched: Tells the destinations that are subscribed to.
    """

    def __init__(self, known: KnownDestinations, watched: Callable[[], Iterable[str]]) -> None:
        self._known = known
        self._watched = watched
        self._made: set[str] = set()
        """Destinations that were sent to, and whose queues the broker made if they were missing."""
        self._listed: tuple[list[str], Dialect, frozenset[str]] = ([], Dialect(), frozenset())
        """Of which list, for which broker, the names of queues."""

    def forget(self) -> None:
        """It is another broker now."""
        self._made.clear()

    def went(self, draft: Draft, dialect: Dialect) -> None:
        """A draft was handed over."""
        if if_missing(draft, dialect).becomes is Becomes.QUEUED:
            self._made.add(draft.destination)

    def unmade(self, destination: str, dialect: Dialect) -> str:
        """The name of the queue that a SEND there goes to, unless it was made or is read from here; "" otherwise."""
        name = dialect.listed_as(destination)
        here = (dialect.listed_as(there) for there in (*self._made, *self._watched()))
        return name if name and name not in here else ""

    def _is_missing(self, destination: str, dialect: Dialect) -> bool:
        """Whether a SEND there goes to a queue that the broker has not listed, and nobody here made since."""
        name = self.unmade(destination, dialect) if self._known.listed else ""
        if not name:
            return False
        listed = self._known.destinations
        if self._listed[0] is not listed or self._listed[1] is not dialect:
            self._listed = (listed, dialect, frozenset(dialect.listed_as(there) for there in listed))
        return name not in self._listed[2]

    def absence(self, draft: Draft, dialect: Dialect) -> Absence | None:
        """What follows from the queue of a draft not being there; None if it is, or if that is not known."""
        return if_missing(draft, dialect) if self._is_missing(draft.destination, dialect) else None

    def taker(self, draft: Draft, dialect: Dialect) -> Taker:
        """Who takes it, if the broker confirms it now."""
        destination = draft.destination
        becomes = if_missing(draft, dialect).becomes
        if becomes is Becomes.QUEUED or not dialect.receipt_proves(destination):
            return Taker.QUEUE
        if becomes is Becomes.DISCARDED and (self._known.listed or not self.unmade(destination, dialect)):
            if not self._is_missing(destination, dialect):
                return Taker.QUEUE
            # A list that is being asked for anew may be too old to say that something is not there.
            return Taker.UNKNOWN if self._known.coming else Taker.NOBODY
        if not dialect.is_queue(destination):
            return Taker.QUEUE if destination in self._watched() else Taker.READER
        return Taker.UNKNOWN


def if_missing(draft: Draft, dialect: Dialect) -> Absence:
    """What follows if the queue of a draft is not there."""
    return dialect.if_missing(draft.destination, [(line.name, line.value) for _, line in draft.lines()])
