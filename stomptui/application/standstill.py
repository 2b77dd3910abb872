"""Notices that this process was stopped or the computer suspended, and tells that from a busy machine."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Literal, NamedTuple

LONG = 4.0
"""Seconds by which a tick has to be late to be more than a busy moment."""
FROZEN = 30.0
"""Seconds that no load keeps a process from running: then it was frozen, with its container or by a debugger."""

Why = Literal["suspended", "stopped", "late"]
"""What made a gap: the computer slept; this process was stopped; or it did not run, for whatever reason."""


class Gap(NamedTuple):
    """A time in which nothing was done here."""

    why: Why
    seconds: float


class Stops:
    """Whether this process was told to go on again, which it is after any stop by a signal."""

    def __init__(self) -> None:
        self._went_on = False

    def note(self) -> None:
        """A SIGCONT came; called in its handler."""
        self._went_on = True

    def take(self) -> bool:
        """Whether one came since this was asked last."""
        went_on, self._went_on = self._went_on, False
        return went_on


def boot_clock() -> float:
    """Seconds that go on while the computer is suspended, and that nobody can set.

    Where the system has no such clock besides the usual one, it is that one, and a sleep may look like a late tick.
    """
    if sys.platform == "darwin":
        # There it counts the time asleep, and Python's monotonic clock does not.
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(clock) if clock is not None else time.monotonic()


class Standstill:
    """Told at even distances that time goes by; says when there was a gap.

    Args:
        every: Seconds between two ticks.
        stops: Knows of stops by a signal.
        steady: Seconds that go on while the process is stopped, and not while the computer is suspended.
        boot: Seconds that go on while the computer is suspended too.
    """

    def __init__(
        self,
        every: float,
        stops: Stops,
        steady: Callable[[], float] = time.monotonic,
        boot: Callable[[], float] = boot_clock,
    ) -> None:
        self._every = every
        self._stops = stops
        self._clocks = (steady, boot)
        self._last = [clock() for clock in self._clocks]

    def tick(self) -> Gap | None:
        """The gap since the last tick, None if there was none worth telling apart from a busy moment."""
        now = [clock() for clock in self._clocks]
        late, whole = (after - before - self._every for after, before in zip(now, self._last, strict=True))
        self._last = now
        stopped = self._stops.take()
        if whole - late >= LONG:
            return Gap("suspended", whole)
        if late >= LONG:
            return Gap("stopped" if stopped or late >= FROZEN else "late", late)
        return None
