"""Counts per second: the current rate and the history of the last minute."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic


class RateCounter:
    """Counts events in buckets of one second. Costs nothing while nothing happens.

    Args:
        seconds: How far back `history` goes.
        clock: Returns seconds that never go back; used where no time is given.
    """

    WINDOW = 3
    """Whole seconds that the rate is the mean of, so that it can be read while it changes."""

    def __init__(self, seconds: int = 60, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._size = seconds + 1
        self._buckets = [0] * self._size
        self._second = 0
        """The second that is running."""
        self._since: float | None = None
        """When the first event was counted."""
        self.total = 0

    def add(self, count: int, when: float | None = None) -> None:
        """Count events at a time of the clock; now if None."""
        when = self._clock() if when is None else when
        if self._since is None:
            self._since = when
        second = int(when)
        self._advance(second)
        if second > self._second - self._size:
            self._buckets[second % self._size] += count
        self.total += count

    def rate(self, now: float | None = None) -> float:
        """Events per second over the last few seconds, of which the one that is running counts for its part."""
        now = self._clock() if now is None else now
        if self._since is None:
            return 0.0
        self._advance(int(now))
        span = min(self.WINDOW + now - int(now), max(now - self._since, 1.0))
        buckets = min(self.WINDOW, self._size - 1) + 1
        return sum(self._buckets[(self._second - back) % self._size] for back in range(buckets)) / span

    def history(self, now: float | None = None) -> list[int]:
        """Events in each of the last whole seconds, oldest first; the second that is running is not among them."""
        self._advance(int(self._clock() if now is None else now))
        return [self._buckets[(self._second - back) % self._size] for back in range(self._size - 1, 0, -1)]

    def _advance(self, second: int) -> None:
        """Empty the buckets of the seconds that have passed since the last call."""
        for passed in range(max(self._second + 1, second - self._size + 1), second + 1):
            self._buckets[passed % self._size] = 0
        self._second = max(self._second, second)
