"""Waiting for what a test asserts, and counting how often a connection's thread wakes."""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST = 40.0
"""Seconds after which what is waited for does not come."""
FEW = 50
"""How often a thread that only keeps heart-beats may wake in half a second; one that spins does thousands of times."""


class Wakes:
    """How often a connection's thread has looked whether its socket is ready."""

    count = 0


def until(condition: Callable[[], object], what: str = "") -> None:
    """Wait until that holds."""
    deadline = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < deadline, f"never: {what or condition}"
        time.sleep(0.005)


def calm(wakes: Wakes) -> None:
    """Wait until half a second passes in which the thread hardly wakes."""

    def quiet() -> bool:
        before = wakes.count
        time.sleep(0.5)
        return wakes.count - before < FEW

    until(quiet, f"its thread wakes again and again: {wakes.count} times by now")
