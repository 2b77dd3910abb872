"""Frames a second, now and over the last minute."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic


class FrameRate:
    """Counts per second, in one bucket for each of the last seconds. Costs nothing while nothing happens.

    Args:
        seconds: How far back `history` goes.
        clock: Where time comes from, in seconds that never go back.
    """

    WINDOW = 3
    """Whole seconds the rate is the mean of, so that it can be read while it changes."""

    def __init__(self, seconds: int = 60, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._size = seconds + 1
        self._buckets = [0] * self._size
        self._second = int(clock())
        self._born = clock()
        self.total = 0

    def add(self, count: int, when: float | None = None) -> None:
        """Count what happened at `when`, by the meter's clock; now if None."""
        second = int(self._clock() if when is None else when)
        self._advance(second)
        if second > self._second - self._size:
            self._buckets[second % self._size] += count
        self.total += count

    def rate(self, now: float | None = None) -> float:
        """Per second, over the last few seconds; the second that is still running counts for its part."""
        now = self._clock() if now is None else now
        self._advance(int(now))
        span = min(self.WINDOW + now - int(now), max(now - self._born, 1.0))
        buckets = min(self.WINDOW, self._size - 1) + 1
        return sum(self._buckets[(self._second - back) % self._size] for back in range(buckets)) / span

    def history(self, now: float | None = None) -> list[int]:
        """Counts of the whole seconds past, oldest first; the one that is still running is not among them."""
        self._advance(int(self._clock() if now is None else now))
        return [self._buckets[(self._second - back) % self._size] for back in range(self._size - 1, 0, -1)]

    def _advance(self, second: int) -> None:
        """Empty the buckets of the seconds in which nothing was counted."""
        for passed in range(max(self._second + 1, second - self._size + 1), second + 1):
            self._buckets[passed % self._size] = 0
        self._second = max(self._second, second)
