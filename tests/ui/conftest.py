"""Tests of the screen wait for what they look for; Textual's own waiting is for this process alone."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest
import textual.app
import textual.pilot

GRAIN = 0.02
"""Seconds between two looks at the event loop; longer than Textual puts a refresh off."""


async def settled(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until the event loop has nothing left to do.

    Textual compares the time that the process had with the time that passed, so beside busy processes it takes one that
    was given no time for an idle one; and with a broker in a thread of it, it is never idle.
    """
    loop = asyncio.get_running_loop()
    until = monotonic() + max_sleep
    while True:
        await asyncio.sleep(GRAIN)
        if monotonic() >= until or not (_ready(loop) or _due_soon(loop)):
            return


def _ready(loop: asyncio.AbstractEventLoop) -> bool:
    return bool(getattr(loop, "_ready"))  # noqa: B009


def _due_soon(loop: asyncio.AbstractEventLoop) -> bool:
    timers: list[asyncio.TimerHandle] = getattr(loop, "_scheduled")  # noqa: B009
    soon = loop.time() + GRAIN
    return any(not timer.cancelled() and timer.when() <= soon for timer in timers)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textual.app, "wait_for_idle", settled)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", settled)
