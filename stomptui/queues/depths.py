"""How many messages a queue has, where the broker says so, and what a finished peek can say of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

SLOW = 5.5
"""Seconds of silence after which what the broker counts as waiting is taken not to come: RabbitMQ counts what is in a
quorum queue every five."""


class Count(NamedTuple):
    """Messages of a queue at one moment, as the broker counts them."""

    total: int
    """All of them."""
    unacked: int | None = None
    """Those among them that consumers have and have not acknowledged, None if that is not told."""

    late: bool = False
    """Whether it may be a few seconds old."""

    @property
    def ready(self) -> int | None:
        """Those that nobody has."""
        return None if self.unacked is None else max(0, self.total - self.unacked)


@dataclass(frozen=True)
class End:
    """How a peek ended."""

    shown: int
    limit: int | None
    """As of `PeekOptions`."""
    count: Count | None
    """What the broker counts, None if it does not tell; unless `reached`, nothing came for a while after that."""
    silence: float
    """Seconds in which nothing came at the end."""
    holds: bool = True
    """Whether what was shown is unacknowledged."""
    one_reader: bool = False
    """Whether the queue gives messages to one consumer alone (single active consumer)."""
    stopped: str | None = None
    """Why it was stopped, None if it was not."""
    full: int = 0
    """Bytes shown, if it ended because of them."""
    reached: bool = False
    """Whether it ended because as many were shown as the broker had counted."""
    others: int = 0
    """Messages that were known then to be unacknowledged at other consumers."""
    flowing: bool = False
    """Whether it ended because messages kept coming."""

    @property
    def words(self) -> str:
        """What is to say of what was not shown, "" if everything was that was wanted."""
        count = self.count
        of = f" of {count.total:,}" if count is not None and count.total > self.shown else ""
        if self.full:
            return f"Stopped after {self.full >> 20} MiB: {self.shown:,}{of} shown."
        if self.stopped:
            return f"Stopped {self.stopped}: {self.shown:,}{of} shown."
        if self.limit is not None and self.shown >= self.limit:
            return ""
        if self.reached:
            return self._more(count)
        if self.flowing:
            return f"Stopped at {self.shown:,}: messages keep coming, and the broker does not say how many there were."
        return self._unknown if count is None else self._known(count)

    @property
    def _unknown(self) -> str:
        """Nobody tells how many there are."""
        if self.shown:
            return f"Nothing more came for {self.silence:g} s; the broker does not say whether that is all."
        if self.one_reader:
            return (
                "Nothing came. This queue gives its messages to one consumer alone (single active consumer): "
                "if there is one, nobody else sees what is in it."
            )
        return (
            f"Nothing came for {self.silence:g} s: the queue is empty, other consumers have all that is in it, "
            "or it gives its messages to one of them alone."
        )

    def _more(self, count: Count | None) -> str:
        """It ended at what was there."""
        if count is None or count.total <= self.shown:
            return ""
        rest = count.total - self.shown
        if rest <= self.others:
            return self._elsewhere(count.total)
        return (
            f"Stopped at {self.shown:,}, as many as were in it; messages keep coming, and {rest:,} more are in it now."
        )

    def _came(self, total: int) -> str:
        return f"{self.shown:,} of {total:,} came" if self.shown else f"None of {total:,} came"

    def _elsewhere(self, total: int) -> str:
        """Other consumers have what was not shown."""
        which = f"the other {total - self.shown:,}" if self.shown else "all"
        return f"{self._came(total)}: {which} are unacknowledged at other consumers."

    def _known(self, count: Count) -> str:
        rest = count.total - self.shown
        if rest <= 0:
            return "" if self.shown else "The queue is empty."
        came = self._came(count.total)
        if self.one_reader:
            return f"{came}: this queue gives its messages to one consumer alone (single active consumer)."
        if count.ready == 0:
            return self._elsewhere(count.total)
        others = max(0, (count.unacked or 0) - (self.shown if self.holds else 0))
        told = f", {others:,} of them unacknowledged at other consumers" if others else ""
        return f"{came}: the others did not within {self.silence:g} s{told}."
