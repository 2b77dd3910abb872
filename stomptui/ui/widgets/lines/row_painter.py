"""Paints one row of a view of lines: its text, what is found or selected in it, the number of its line."""

from __future__ import annotations

import re

from rich.segment import Segment
from rich.style import Style
from textual.scroll_view import ScrollView
from textual.strip import Strip

from stomptui.journal.search.row_filter import RowFilter
from stomptui.journal.views.folding import FoldedLines
from stomptui.journal.views.lines import OPEN, NumberedLine
from stomptui.ui.widgets.lines.line_search import highlighted, overlaid
from stomptui.ui.widgets.lines.mouse_selection import selected_span
from stomptui.ui.widgets.lines.row_layout import RowLayout
from stomptui.ui.widgets.lines.wrapping import WrappedRows
from stomptui.ui.widgets.paint_styles import behind, ink

TEXT_STYLES = (
    "plain",
    "dim",
    "key",
    "string",
    "number",
    "literal",
    "punctuation",
    "tag",
    "attribute",
    "comment",
    "mark",
)
"""Styles of spans of a line; see `journal.views.lines`."""
STYLES = (*TEXT_STYLES, "number-gutter", "cursor")
HIT, MATCH = "hit", "match"
"""What lies under text that the person finds, and under text that the filter of the log matches."""


class WrappedRowPainter:
    """Paints rows in the styles of the view's component classes, `lines-view--NAME`.

    Args:
        view: The view.
        layout: Its rows.
    """

    def __init__(self, view: ScrollView, layout: RowLayout) -> None:
        self._view = view
        self._layout = layout
        self._styles: dict[str, Style] = {}
        self.filter: RowFilter | None = None
        """The filter of the log, None while there is none."""

    def forget_styles(self) -> None:
        """The styles of the view changed."""
        self._styles.clear()

    def paint(self, number: int, found: re.Pattern[str] | None) -> Strip:
        """A row as wide as the view; blank beyond the last.

        Args:
            number: The number of the row.
            found: What is being found, None if nothing is.
        """
        view, layout = self._view, self._layout
        width, rows, base = layout.width, layout.rows, view.rich_style
        if rows is None:
            return Strip.blank(width, base)
        styles = self._styles or self._restyle()
        segments = [Segment(text, base + styles[style]) for text, style in rows.row(number) if text]
        if self.filter is not None:
            spans = self.filter.spans("".join(segment.text for segment in segments))
            segments = overlaid(segments, spans, styles[MATCH]) if spans else segments
        if found is not None:
            segments = highlighted(segments, found, styles[HIT])
        span = selected_span(view.text_selection, number, sum(len(segment.text) for segment in segments))
        if span is not None:
            segments = overlaid(segments, [span], view.screen.get_component_rich_style("screen--selection"))
        strip = Strip(segments)
        if not layout.wraps:
            strip = self._cut(strip, base + styles["dim"])
        # By the characters and rows that are set here a mouse selects.
        strip = strip.apply_offsets(0 if layout.wraps else layout.left, number)
        if layout.gutter:
            strip = Strip([*self._gutter_of(rows, number, base, styles), *strip])
        return strip.adjust_cell_length(width, base)

    def _cut(self, strip: Strip, mark: Style) -> Strip:
        """What of a row that is not wrapped is in sight, with a mark where it goes on."""
        left, cells = self._layout.left, self._layout.width - self._layout.gutter
        goes_on = strip.cell_length > left + cells
        strip = strip.crop(left, left + cells)
        return Strip([*strip.crop(0, cells - 1), Segment("›", mark)]) if goes_on else strip

    def _gutter_of(self, rows: WrappedRows, number: int, base: Style, styles: dict[str, Style]) -> list[Segment]:
        """The number of the line that a row begins, and whether something can be folded there."""
        layout = self._layout
        place = rows.place_of(number)
        if place is None or place[2]:
            return [Segment(" " * layout.gutter, base)]
        line = rows.lines.chunk(place[0])[place[1]]
        mark = "▸" if isinstance(line, NumberedLine) and line.folded else "▾" if OPEN in line else " "
        text = f"{rows.lines.numbers(place[0])[place[1]] + 1:>{layout.gutter - 3}} {mark} "
        here = isinstance(layout.lines, FoldedLines) and number == layout.cursor and self._view.has_focus
        return [Segment(text, base + styles["cursor" if here else "number-gutter"])]

    def _restyle(self) -> dict[str, Style]:
        self._styles = {name: ink(self._view, f"lines-view--{name}") for name in STYLES}
        self._styles[HIT] = behind(self._view, f"lines-view--{HIT}")
        self._styles[MATCH] = behind(self._view, f"lines-view--{MATCH}") + ink(self._view, f"lines-view--{MATCH}")
        return self._styles
