"""Waiting until an app has done what it was asked for, in the place of Textual's own waiting."""

from __future__ import annotations

import asyncio
import sys
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from textual.pilot import Pilot

GRAIN = 0.02
"""Seconds between two looks at the event loop; longer than Textual puts a refresh off."""
LOOKS = 50
"""So often it is looked at a loop that never rests. Not for so long: a second of a busy machine may be one look."""
JUST_NOW = 0.001
"""Textual waits twice behind each key: the second time there is nothing left to wait for."""

_last: tuple[int, float] = (0, 0.0)


async def settled(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until the event loop has nothing left to do.

    Textual compares the time that the process had with the time that passed, so beside busy processes it takes one that
    was given no time for an idle one; and with a broker in a thread of it, it is never idle.
    """
    global _last
    loop = asyncio.get_running_loop()
    if _last[0] == id(loop) and monotonic() - _last[1] < JUST_NOW and not _waits(loop):
        return
    for _ in range(LOOKS):
        await asyncio.sleep(GRAIN)
        if not _waits(loop):
            break
    _last = id(loop), monotonic()


def _waits(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether something is to be run now or very soon."""
    if getattr(loop, "_ready"):  # noqa: B009
        return True
    timers: list[asyncio.TimerHandle] = getattr(loop, "_scheduled")  # noqa: B009
    soon = loop.time() + GRAIN
    return any(not timer.cancelled() and timer.when() <= soon for timer in timers)


async def _screen_settled(pilot: Pilot[Any], timeout: float = 30.0) -> bool:
    """What Textual does by a message to each widget, which waits in vain for one that is removed meanwhile."""
    await settled()
    return pilot.app._exception is None


def settle_by_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Textual wait so, if this test can have anything to do with it."""
    if "textual.pilot" in sys.modules:
        monkeypatch.setattr("textual.app.wait_for_idle", settled)
        monkeypatch.setattr("textual.pilot.wait_for_idle", settled)
        monkeypatch.setattr("textual.pilot.Pilot._wait_for_screen", _screen_settled)
