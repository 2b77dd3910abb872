"""How deep queues were during the last minute, as our own refreshes found them."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping

MINUTE = 60.0
MOST = 120
"""Refreshes kept at most."""
RECENT = 10.0
"""Seconds over which a change is measured."""


class DepthHistory:
    """Depths by queue, one a refresh. Times are `time.monotonic()`."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()
        self._depths: dict[Hashable, deque[int]] = {}
        """The latest stand at the right; a queue that is new has fewer than there are times."""

    def add(self, depths: Mapping[Hashable, int], now: float) -> None:
        """Note how deep all queues are; one that is missing is forgotten."""
        self._times.append(now)
        while self._times[0] < now - MINUTE or len(self._times) > MOST:
            self._times.popleft()
        count, kept = len(self._times), {}
        for key, depth in depths.items():
            known = self._depths.get(key)
            if known is None:
                known = deque()
            known.append(depth)
            while len(known) > count:
                known.popleft()
            kept[key] = known
        self._depths = kept

    def minute(self, key: Hashable, cells: int) -> list[int]:
        """The depths of a queue over the last minute, a value a cell; 0 from before it was known."""
        values = [-1] * cells
        known = self._depths.get(key)
        if known and cells:
            end = self._times[-1]
            for age_place in range(1, len(known) + 1):
                age = end - self._times[-age_place]
                cell = cells - 1 - min(cells - 1, int(age * cells / MINUTE))
                # The latest of a cell counts, and they come from the latest to the oldest.
                if values[cell] < 0:
                    values[cell] = known[-age_place]
        before = 0
        for cell, value in enumerate(values):
            before = values[cell] = value if value >= 0 else before
        return values

    def change(self, key: Hashable) -> float | None:
        """Messages a second by which a queue has grown lately; None where it was seen once only."""
        known = self._depths.get(key)
        if known is None or len(known) < 2:
            return None
        end = self._times[-1]
        back = 2
        while back < len(known) and end - self._times[-back - 1] <= RECENT:
            back += 1
        seconds = end - self._times[-back]
        return (known[-1] - known[-back]) / seconds if seconds > 0 else None
