"""Detects keys that arrived together, as pastes do on a terminal without bracketed paste."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from weakref import WeakSet

from textual.events import Key

TOGETHER = 0.008
"""Seconds between two keys that no person types so quickly: a key held down repeats every 15 ms at most."""


class Bursts:
    """Knows of each key whether it came in a burst. Noted by the thread that reads, asked by the event loop.

    Args:
        clock: Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._keys: WeakSet[Key] = WeakSet()
        self._last = -TOGETHER

    def note(self, keys: Sequence[Key]) -> None:
        """These keys were read at once, now. Only what a paste may hold counts: text, and its line ends and tabs."""
        typed = [key for key in keys if key.is_printable or key.key in ("enter", "tab", "ctrl+j")]
        if not typed:
            return
        now = self._clock()
        if len(typed) > 1 or now - self._last < TOGETHER:
            self._keys.update(typed)
        self._last = now

    def __contains__(self, key: object) -> bool:
        return key in self._keys
