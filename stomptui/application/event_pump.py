"""Moves events from the event queue to the journal and the screen, on the event loop, within a time budget."""

from __future__ import annotations

import asyncio
import contextvars
import gc
from collections.abc import Callable
from time import perf_counter
from typing import Generic, Protocol, TypeVar

E = TypeVar("E")
E_co = TypeVar("E_co", covariant=True)

BUDGET = 0.012
"""Seconds of one beat that may be spent on handling; the rest is for keys and paints."""
LIVELY = 0.04
"""Seconds from one beat to the next when keys are pressed, when little happens, or when the event queue fills up."""
CALM = 0.1
"""Seconds between two beats under a steady load: paints are what costs, and nobody reads faster."""
QUIET_RATE = 30
"""Frames a second up to which each paint is worth its cost."""
FLOOD_RATE = 150_000
"""Frames a second from which on waiting longer would only make the senders wait."""
STEADY_BEATS = 5
"""Beats of a middling load before the pace becomes calm: the beginning of a flood looks like one."""
KEY_MEMORY = 0.5
"""Seconds a key press is remembered."""


class EventSource(Protocol[E_co]):
    """What is emptied: an event queue that calls `wake` once it has something, and again after `get` returned None."""

    @property
    def frames(self) -> int: ...

    @property
    def full(self) -> bool: ...

    def get(self) -> E_co | None: ...


class EventPump(Generic[E]):
    """Takes events out in beats: as many as fit in the budget, then one `settle`, then the loop is free.

    Nothing runs while nothing arrives. The first event after a silence is handled at once; the pace then follows the
    load and the keys.

    Args:
        event_queue: Where events come from; its `wake` must call this pump's.
        handle: Called with each event, in order.
        settle: Called once after the events of a beat, to bring the screen up to date.
    """

    def __init__(self, event_queue: EventSource[E], handle: Callable[[E], None], settle: Callable[[], None]) -> None:
        self._event_queue = event_queue
        self._handle = handle
        self._settle = settle
        self._loop: asyncio.AbstractEventLoop | None = None
        # Widgets find their app through the context, which a wake from another thread does not have.
        self._context = contextvars.copy_context()
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = False
        self._last_beat = 0.0
        self._pace = LIVELY
        self._steady = 0
        self._key_at = -KEY_MEMORY

    def start(self) -> None:
        """Begin, on the running loop; what is in the event queue already is handled soon."""
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._schedule()

    def stop(self) -> None:
        """Handle nothing more."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def wake(self) -> None:
        """Something arrived. From any thread."""
        loop = self._loop
        if loop is not None and not self._stopped:
            # After the loop has closed there is nobody left to tell.
            try:
                loop.call_soon_threadsafe(self._schedule, context=self._context)
            except RuntimeError:
                self._stopped = True

    def nudge(self) -> None:
        """A person is at the keys: for a while the beats come quickly, the next one now if one is due."""
        self._key_at = perf_counter()
        if self._timer is not None and self._pace > LIVELY:
            self._timer.cancel()
            self._timer = None
            self._pace = LIVELY
            self._schedule()

    def _schedule(self) -> None:
        """See to it that a beat comes, not sooner than the pace allows."""
        if self._timer is None and not self._stopped and self._loop is not None:
            wait = max(0.0, self._last_beat + self._pace - perf_counter())
            self._timer = self._loop.call_later(wait, self._beat, context=self._context)

    def _beat(self) -> None:
        self._timer = None
        event_queue, handle = self._event_queue, self._handle
        began = perf_counter()
        until = began + BUDGET
        waiting, full = event_queue.frames, event_queue.full
        emptied = False
        try:
            while perf_counter() < until:
                event = event_queue.get()
                if event is None:
                    emptied = True
                    break
                handle(event)
        finally:
            # Even if handling one event failed, the ones behind it come.
            rate = max(0, waiting - event_queue.frames) / max(began - self._last_beat, 0.001)
            self._pace = self._next_pace(rate, full or not emptied, began)
            self._last_beat = began
            if not emptied:
                self._schedule()
            self._settle()

    def _next_pace(self, rate: float, crowded: bool, now: float) -> float:
        """Seconds to the next beat, by the frames a second that came since the last one."""
        lively = crowded or rate >= FLOOD_RATE or rate <= QUIET_RATE or now - self._key_at < KEY_MEMORY
        self._steady = 0 if lively else self._steady + 1
        return CALM if self._steady >= STEADY_BEATS else LIVELY


def calm_collector() -> None:
    """Spare the screen the stalls of the garbage collector, once the first screen is up.

    What lives by then lives for good and is not looked at again, and full collections become rare: rows of the journal
    are few objects that no cycle holds. The young are collected often, in steps of a few milliseconds; with every key
    Textual makes cycles, and once 100,000 objects have piled up a collection takes 80 ms.
    """
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 10, 200)
