"""Noticing that this process, or the whole computer, stood still for a while."""

from __future__ import annotations

import time
from collections.abc import Callable

LONG = 4.0
"""Seconds by which a tick has to be late to be more than a busy moment."""


def boot_clock() -> float:
    """Seconds that go on while the computer is suspended, and that nobody can set where the system has such a clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(clock) if clock is not None else time.time()


class Standstill:
    """Told at even distances that time goes by; says when there was a gap.

    Args:
        every: Seconds between two ticks.
        steady: Seconds that go on while the process is stopped.
        boot: Seconds that go on while the computer is suspended too.
    """

    def __init__(
        self,
        every: float,
        steady: Callable[[], float] = time.monotonic,
        boot: Callable[[], float] = boot_clock,
    ) -> None:
        self._every = every
        self._clocks = (steady, boot)
        self._last = [clock() for clock in self._clocks]

    def tick(self) -> float:
        """Seconds that it stood still since the last tick, 0.0 if it did not."""
        now = [clock() for clock in self._clocks]
        gap = max(after - before for after, before in zip(now, self._last, strict=True)) - self._every
        self._last = now
        return gap if gap >= LONG else 0.0
