"""Where a peek at all of a queue ends while messages keep coming: at what was in it when it began."""

from __future__ import annotations

import time
from collections.abc import Callable

from stomptui.queues.depths import SLOW, Count

SETTLED = 2.0
"""Seconds after which the broker is asked how many there are: most looks have ended by then."""
LONG = 30.0
"""Seconds after which a peek ends where the broker does not count and messages come no faster than people send them."""
WINDOW = 5.0
"""Seconds over which it is seen how fast they come."""
FAST = 5_000
"""Messages in that time that come out of a queue, and not from somebody who sends at this moment."""
FAST_BYTES = 5 << 20
"""The same for their bytes."""


class PeekFlow:
    """What comes in one look.

    Args:
        count: Asks the broker how many messages are in the queue.
    """

    def __init__(self, count: Callable[[], Count | None]) -> None:
        self.reached = False
        """Whether the look ended because all that was there is shown."""
        self.flowing = False
        """Whether it ended because messages kept coming, and nobody knows how many there were."""
        self._count = count
        self._began = time.monotonic()
        self._ask_at = SETTLED
        """Seconds after the beginning from which on the broker is to be asked."""
        self._goal: int | None = None
        """Messages that are shown once all is that was there."""
        self._seen = (0.0, 0, 0)
        """When the window began that is looked at, and what had come by then."""

    def ends(self, shown: int, size: int) -> bool:
        """Whether a peek ends that has shown so many messages, of so many bytes in all."""
        passed = time.monotonic() - self._began
        if self._goal is None and passed >= self._ask_at:
            self._ask(passed, shown)
        self.reached = self._goal is not None and shown >= self._goal
        self.flowing = self._is_slow(passed, shown, size)
        return self.reached or self.flowing

    def _ask(self, passed: float, shown: int) -> None:
        counted = self._count()
        if counted is None:
            self._ask_at = float("inf")
        elif counted.late and passed < SLOW:
            # What it counts may be older than the look.
            self._ask_at = SLOW
        else:
            others = max(0, (counted.unacked or 0) - shown)
            self._goal = max(1, counted.total - others)

    def _is_slow(self, passed: float, shown: int, size: int) -> bool:
        """Whether nobody counts, it has been going on for long, and no more comes than somebody may be sending."""
        since, before, bytes_before = self._seen
        if passed - since < WINDOW:
            return False
        self._seen = passed, shown, size
        slow = shown - before < FAST and size - bytes_before < FAST_BYTES
        return self._goal is None and passed >= LONG and slow
