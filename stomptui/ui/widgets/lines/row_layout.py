"""The rows of a view of lines: laid out for its width a part at a time, and where in them the person is."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.timer import Timer

from stomptui.journal.views.folding import FoldedLines
from stomptui.journal.views.lines import Lines
from stomptui.ui.widgets.lines.line_display import line_display
from stomptui.ui.widgets.lines.wrapping import WrappedRows

AT_ONCE, AT_A_TIME, HURRIED = 0.02, 0.006, 0.03
"""Seconds of looking ahead: before the first paint, at a time, on the way to the end."""
PAUSE, SHORT_PAUSE = 0.025, 0.004
"""Seconds in between, and on the way to the end."""
NARROWEST_NUMBERED = 40
"""Cells of a view that has numbers of lines."""


class RowLayout:
    """Lays out lines and scrolls the view over them.

    Args:
        view: Where they are painted.
    """

    def __init__(self, view: ScrollView) -> None:
        self._view = view
        self.lines: Lines | None = None
        self.rows: WrappedRows | None = None
        """None before they are laid out."""
        self.gutter = 0
        """Cells on the left for the numbers of the lines and the marks of what can be folded."""
        self.cursor = 0
        """The row that a key folds."""
        self.left = 0
        """Cells that are out of sight on the left, where lines are not wrapped."""
        self._numbered = False
        self._width = 0
        """The width that the rows were made for."""
        self._anchor: float | None = None
        """The place to be at the top as soon as its row is known."""
        self._to_end = False
        self._timer: Timer | None = None

    def show(self, lines: Lines | None, place: float, numbered: bool) -> None:
        """Lay out other lines; see `LinesView.show`."""
        self.lines = FoldedLines(lines) if lines is not None and lines.foldable else lines
        self.rows, self._numbered = None, numbered
        self._to_end = False
        self.gutter = self.cursor = self.left = 0
        self.lay_out(place)

    @property
    def place(self) -> float:
        """What is at the top, whatever the width."""
        if self._anchor is not None or self.rows is None:
            return self._anchor or 0.0
        return self.rows.anchor(self._view.scroll_offset.y)

    @property
    def width(self) -> int:
        """Cells in a row, those on the left of the text counted."""
        return max(1, self._view.scrollable_content_region.width)

    @property
    def text_width(self) -> int:
        """Cells for text in a row."""
        return max(1, self.width - self.gutter)

    @property
    def wraps(self) -> bool:
        """Whether lines go on in the next row where they are too wide."""
        return line_display(self._view).wrap

    # -- getting to know the rows ----------------------------------------------------------------------------------

    def resized(self) -> None:
        """Lay out anew if the width is another."""
        if self.rows is None or self._width != self.width:
            self.lay_out_again()

    def lay_out_again(self) -> None:
        """What was at the top stays there, and the end stays the end."""
        view, known = self._view, self.rows
        self._to_end |= known is not None and known.complete and 0 < view.max_scroll_y <= view.scroll_offset.y
        self.lay_out(self.place)

    def lay_out(self, place: float) -> None:
        """Begin anew for these lines and this width, with a place at the top."""
        view = self._view
        self._anchor = place
        view.refresh()
        if self.lines is None or not view.size.width:
            return
        self.gutter = self._gutter_wanted(self.lines)
        self._width = self.width
        self.rows = WrappedRows(self.lines, self.text_width, self.wraps)
        self.rows.look_ahead(2 * view.size.height, AT_ONCE)
        self.rows_changed()

    def rows_changed(self) -> None:
        """Other rows are known than before: scroll over them, and go on to get to know more."""
        rows, view = self.rows, self._view
        if rows is None:
            return
        view.virtual_size = Size(self.width, rows.count)
        if self._width != self.width or self.gutter != self._gutter_wanted(rows.lines):
            # The scrollbar has come and takes a cell.
            self.lay_out_again()
            return
        place = rows.row_at(self._anchor) if self._anchor is not None else None
        if self._to_end:
            place = rows.count
            self.cursor = max(0, rows.count - 1)
        if place is not None:
            view.scroll_to(y=place, animate=False, force=True, immediate=True)
            if rows.complete or rows.count >= place + view.size.height:
                self._anchor = None
        if rows.complete:
            self._to_end = False
        else:
            self._look_later()

    @property
    def _waiting(self) -> bool:
        """The person wants to see what is not known yet, and may find keys a little slower meanwhile."""
        return self._to_end or self._anchor is not None

    def _look_later(self) -> None:
        if self._timer is None and self._view.is_attached:
            self._timer = self._view.set_timer(SHORT_PAUSE if self._waiting else PAUSE, self._look_on)

    def _look_on(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.rows is not None:
            self.rows.look_ahead(1 << 62, HURRIED if self._waiting else AT_A_TIME)
            self.rows_changed()

    def _gutter_wanted(self, lines: Lines) -> int:
        """Cells for the numbers known so far, and a mark; none for a single line."""
        if not (self._numbered and line_display(self._view).numbers and self.width >= NARROWEST_NUMBERED):
            return 0
        if not lines.known_lines:
            lines.chunk(0)
        return max(3, len(str(lines.known_lines))) + 3 if lines.known_lines > 1 else 0

    # -- where the person is ---------------------------------------------------------------------------------------

    def go_to_end(self) -> None:
        """Go to the last row, as soon as it is known."""
        self._to_end = True
        self._look_on()

    def leave_end(self) -> None:
        """The person no longer wants to be at the end."""
        self._to_end = False

    def go_to_start(self) -> None:
        """Go to the first row."""
        self._to_end, self._anchor = False, None
        self.cursor = self.left = 0
        self._view.scroll_home(animate=False)

    def scrolled(self, top: int) -> None:
        """The view shows other rows: the cursor is in one of them."""
        self.cursor = max(top, min(self.cursor, top + max(1, self._view.size.height) - 1))

    def scroll_to_cursor(self) -> None:
        """Bring the cursor into sight."""
        view = self._view
        top, height = view.scroll_offset.y, max(1, view.size.height)
        if not top <= self.cursor < top + height:
            y = self.cursor if self.cursor < top else self.cursor - height + 1
            view.scroll_to(y=y, animate=False, force=True, immediate=True)
        view.refresh()
