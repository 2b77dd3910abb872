"""Reports where the cursor of the log is; while following, a few times a second at most."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual.timer import Timer
from textual.widget import Widget

EVERY = 0.25
"""Seconds between two reports while following: who shows the newest row need not do so for each one."""


class CursorReport:
    """Calls `report` with the cursor when it moved.

    Args:
        widget: What has the cursor; its timers are used.
        cursor: Where it is now.
        report: What to call.
    """

    def __init__(
        self, widget: Widget, cursor: Callable[[], int | None], report: Callable[[int | None], object]
    ) -> None:
        self._widget = widget
        self._cursor = cursor
        self._report = report
        self._reported: int | None = None
        self._when = 0.0
        self._timer: Timer | None = None

    def moved(self, following: bool) -> None:
        """The cursor may have moved: report it, now or soon."""
        if self._cursor() == self._reported:
            return
        wait = self._when + EVERY - monotonic() if following else 0.0
        if wait <= 0:
            self._now()
        elif self._timer is None:
            self._timer = self._widget.set_timer(wait, self._later)

    def _later(self) -> None:
        self._timer = None
        if self._cursor() != self._reported:
            self._now()

    def _now(self) -> None:
        self._reported, self._when = self._cursor(), monotonic()
        self._report(self._reported)
