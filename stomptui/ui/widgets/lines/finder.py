"""Finding a text in a view of lines: searches a part at a time, and goes from one place of it to the next."""

from __future__ import annotations

import re
from collections.abc import Callable

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.timer import Timer

from stomptui.ui.widgets.lines.line_folding import LineFolding
from stomptui.ui.widgets.lines.line_search import LineSearch
from stomptui.ui.widgets.lines.row_layout import AT_A_TIME, HURRIED, PAUSE, SHORT_PAUSE, RowLayout


class Finder:
    """Finds one text at a time.

    Args:
        view: The view.
        layout: Its rows.
        folding: Unfolds what is searched.
        report: Called with where the person is among the places found, as `3 of 7`; "" while nothing is being found.
    """

    def __init__(
        self, view: ScrollView, layout: RowLayout, folding: LineFolding, report: Callable[[str], object]
    ) -> None:
        self._view = view
        self._layout = layout
        self._folding = folding
        self._report = report
        self._search: LineSearch | None = None
        """What is being found, None if nothing is."""
        self._timer: Timer | None = None

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What is being found, None if nothing is."""
        return self._search.pattern if self._search is not None else None

    def lines_replaced(self) -> None:
        """The view shows other lines: find the same in them, and stay where the person is."""
        self.find(self._search.text if self._search is not None else "", go=False)

    def find(self, text: str, go: bool = True) -> None:
        """Find a text, "" for nothing.

        Args:
            text: The text.
            go: Whether to go to the first place of it from what is at the top.
        """
        self._view.refresh()
        self._search = None
        lines = self._layout.lines
        if not text or lines is None:
            self._report("")
            return
        self._folding.unfold_all()
        self._search = LineSearch(lines, text)
        self._search_on(go)

    def _search_on(self, go: bool) -> None:
        search, rows = self._search, self._layout.rows
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if search is None:
            return
        search.go_on(AT_A_TIME)
        if go and search.hits:
            place = rows.place_of(self._view.scroll_offset.y) if rows is not None else None
            search.at = search.first_from(*(place or (0, 0, 0))[:2])
            go = False
            self._show_hit()
        self._report(search.count_text)
        if not search.done and self._view.is_attached:
            self._timer = self._view.set_timer(PAUSE, lambda: self._search_on(go))

    def step(self, by: int) -> None:
        """Go to the next place (1) of what is found or to the one before (-1); after the last comes the first."""
        search = self._search
        if search is None or not search.hits:
            return
        search.at = (search.at + by if search.at is not None else 0 if by > 0 else -1) % len(search.hits)
        self._show_hit()
        self._report(search.count_text)

    def _show_hit(self) -> None:
        """Put the hit that the person is at on the screen, as soon as its row is known."""
        search, layout, view = self._search, self._layout, self._view
        rows = layout.rows
        if search is None or rows is None or search.at is None:
            return
        hit = search.hits[search.at]
        if rows.row_of(hit.chunk, hit.line) is None:
            rows.look_ahead(1 << 62, HURRIED)
        row = rows.row_of(hit.chunk, hit.line, hit.start)
        if row is None:
            view.set_timer(SHORT_PAUSE, self._show_hit)
            return
        view.virtual_size = Size(layout.width, rows.count)
        layout.cursor = row
        if not layout.wraps:
            cells = layout.text_width
            layout.left = 0 if hit.start < cells - 8 else hit.start - cells // 2
        height = max(1, view.size.height)
        if not view.scroll_offset.y <= row < view.scroll_offset.y + height:
            view.scroll_to(y=max(0, row - height // 3), animate=False, force=True, immediate=True)
        layout.cursor = row
        view.refresh()
