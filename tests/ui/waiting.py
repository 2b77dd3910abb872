"""Waiting for what a test asserts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

LONGEST = 60.0
"""Seconds after which what is waited for does not come."""


async def until(condition: Callable[[], object], seen: Callable[[], object] = lambda: "") -> None:
    """Wait until that holds; `seen` is told if it does not in time."""
    deadline = monotonic() + LONGEST
    while not condition():
        assert monotonic() < deadline, seen()
        await asyncio.sleep(0.01)
