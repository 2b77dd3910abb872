"""How many per second, over the last minute."""

from __future__ import annotations

from collections import deque


class RateCounter:
    """Counts in buckets of one second.

    Args:
        seconds: How many buckets are kept.
    """

    def __init__(self, seconds: int = 60) -> None:
        self._buckets: deque[int] = deque([0] * seconds, seconds)
        self._now = 0
        self._since: int | None = None

    def _roll(self, now: float) -> None:
        second = int(now)
        if self._now:
            for _ in range(min(second - self._now, len(self._buckets))):
                self._buckets.append(0)
        self._now = max(second, self._now)

    def add(self, count: int, now: float) -> None:
        """Count at a time, in seconds of any clock that does not go back."""
        self._roll(now)
        self._buckets[-1] += count
        if self._since is None:
            self._since = self._now

    def history(self, now: float) -> list[int]:
        """The counts, oldest first; the last is the second that is not over yet."""
        self._roll(now)
        return list(self._buckets)

    def rate(self, now: float, over: int = 5) -> float:
        """The mean per second of the last seconds that are over, counted from the first that had any."""
        buckets = self.history(now)
        if self._since is None:
            return 0.0
        seconds = min(over, self._now - self._since)
        return sum(buckets[-1 - seconds : -1]) / seconds if seconds else float(buckets[-1])
