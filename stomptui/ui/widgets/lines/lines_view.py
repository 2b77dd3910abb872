"""A view of lines that are made on demand; only those on the screen are painted."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from stomptui.journal.search.row_filter import RowFilter
from stomptui.journal.views.lines import Lines
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.lines.finder import Finder
from stomptui.ui.widgets.lines.line_folding import LineFolding
from stomptui.ui.widgets.lines.mouse_selection import selected_text
from stomptui.ui.widgets.lines.row_layout import RowLayout
from stomptui.ui.widgets.lines.row_painter import HIT, MATCH, STYLES, WrappedRowPainter


class LinesView(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines of text, wrapped at the width or cut there, scrolled up and down."""

    COMPONENT_CLASSES = {f"lines-view--{name}" for name in (*STYLES, HIT, MATCH)}
    DEFAULT_CSS = """
    LinesView {
        height: 1fr;
        padding: 0 0 0 1;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        background: transparent;
        & > .lines-view--plain { color: $foreground; }
        & > .lines-view--dim { color: $text-muted; }
        & > .lines-view--key { color: $text-primary; }
        & > .lines-view--string { color: $text-success; }
        & > .lines-view--number { color: $text-accent; }
        & > .lines-view--literal { color: $text-accent; }
        & > .lines-view--punctuation { color: $text-muted; }
        & > .lines-view--tag { color: $text-primary; }
        & > .lines-view--attribute { color: $text-secondary; }
        & > .lines-view--comment { color: $text-muted; }
        & > .lines-view--mark { color: $text-warning; }
        & > .lines-view--number-gutter { color: $text-disabled; }
        & > .lines-view--hit { background: $warning 30%; text-style: bold; }
        & > .lines-view--match { background: $warning 20%; color: $text-warning; }
        & > .lines-view--cursor { color: $text-accent; text-style: bold; }
    }
    """
    # Without those of ScrollView: left and right belong to whoever holds the view.
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.MESSAGE_LINES)

    class Found(Message):
        """What is being found was found more often, or the person is at another place of it.

        Args:
            view: The view in which it is.
            count: Where the person is among the places found, as `3 of 7`; "" while nothing is being found.
        """

        def __init__(self, view: LinesView, count: str) -> None:
            super().__init__()
            self.view = view
            self.count = count

        @property
        def control(self) -> LinesView:
            return self.view

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._row_layout = RowLayout(self)
        self.folding = LineFolding(self, self._row_layout)
        self.finder = Finder(
            self, self._row_layout, self.folding, lambda count: self.post_message(self.Found(self, count))
        )
        self._painter = WrappedRowPainter(self, self._row_layout)

    def show(self, lines: Lines | None, place: float = 0.0, numbered: bool = False) -> None:
        """Paint other lines.

        Args:
            lines: What to paint, None for nothing.
            place: What is to be at the top, a `place` of the same text in whatever width.
            numbered: Whether its lines have numbers that mean something.
        """
        if self.is_attached and self in self.screen.selections:
            self.screen.clear_selection()
        self._row_layout.show(lines, place, numbered)
        self.finder.lines_replaced()

    def mark(self, row_filter: RowFilter | None) -> None:
        """Mark what the filter of the log matches, nothing if there is none."""
        if self._painter.filter is not row_filter:
            self._painter.filter = row_filter
            self.refresh()

    @property
    def place(self) -> float:
        """What is at the top, whatever the width."""
        return self._row_layout.place

    @property
    def width(self) -> int:
        """Cells in a row."""
        return self._row_layout.width

    @property
    def row_count(self) -> int:
        """Rows known so far."""
        return self._row_layout.rows.count if self._row_layout.rows else 0

    # -- painting --------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        return self._painter.paint(self.scroll_offset.y + y, self.finder.pattern)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painter.forget_styles()

    def on_resize(self, event: events.Resize) -> None:
        self._row_layout.resized()

    def display_switched(self) -> None:
        """Whether lines are wrapped or numbered changed."""
        self._row_layout.left = 0
        self._row_layout.lay_out_again()

    # -- moving about ----------------------------------------------------------------------------------------------

    def action_scroll_up(self) -> None:
        self._row_layout.leave_end()
        if not self.folding.move_cursor(-1):
            super().action_scroll_up()

    def action_scroll_down(self) -> None:
        if not self.folding.move_cursor(1):
            super().action_scroll_down()

    def action_sideways(self, cells: int) -> None:
        """Where lines are not wrapped, show what is further on the right, or on the left."""
        if not self._row_layout.wraps:
            self._row_layout.left = max(0, self._row_layout.left + cells)
            self.refresh()

    def on_mouse_scroll_up(self) -> None:
        self._row_layout.leave_end()

    def action_page_up(self) -> None:
        self._row_layout.leave_end()
        self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        self.scroll_page_down(animate=False)

    def action_scroll_home(self) -> None:
        self._row_layout.go_to_start()

    def action_to_end(self) -> None:
        """Go to the last row, as soon as it is known."""
        self._row_layout.go_to_end()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._row_layout.scrolled(round(new_value))

    # -- the mouse -------------------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        self.folding.click(event)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, and what it ends with where more is selected after it."""
        rows = self._row_layout.rows
        return (selected_text(rows, selection), "\n") if rows is not None else None

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()
