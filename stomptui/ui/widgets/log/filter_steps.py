"""Runs the filter of the log in short steps, between which keys and paints get their turn."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual.timer import Timer
from textual.widget import Widget

from stomptui.journal.visible_rows import VisibleRows

BUDGET, PAUSE = 0.010, 0.004
"""Seconds of searching at a time, and seconds in between."""
PROGRESS_EVERY = 0.2
"""Seconds between two reports of progress, once there is a page of hits."""


class FilterSteps:
    """Searches on until all rows have been looked at.

    Args:
        widget: What shows the rows; its timers are used.
        rows: The rows, and their filter.
        page: How many rows fit on the screen.
        progressed: Called when there is something new to show.
    """

    def __init__(
        self, widget: Widget, rows: VisibleRows, page: Callable[[], int], progressed: Callable[[], object]
    ) -> None:
        self._widget = widget
        self._rows = rows
        self._page = page
        self._progressed = progressed
        self.when_done: Callable[[], object] = lambda: None
        """Called when all rows have been looked at."""
        self._timer: Timer | None = None
        self._reported = 0.0

    def rows_came(self) -> None:
        """Search the newest rows at once, as far as that is done in a moment."""
        hits = self._rows.hits
        if hits is not None and not hits.scan(BUDGET / 2):
            self._go_on_later()

    def step(self) -> None:
        """Search on for a moment, and again later while rows are left."""
        self._timer = None
        hits = self._rows.hits
        if hits is None:
            return
        before = len(self._rows)
        done = hits.scan(BUDGET)
        if not done:
            self._go_on_later()
        now = monotonic()
        if done or before < self._page() or now - self._reported >= PROGRESS_EVERY:
            self._reported = now
            self._progressed()
        if done:
            self.when_done()

    def _go_on_later(self) -> None:
        if self._timer is None and self._widget.is_attached:
            self._timer = self._widget.set_timer(PAUSE, self.step)
