"""A view of lines that are made on demand; only those on the screen are painted."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from stomptui.journal.views.lines import Lines
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.widgets.message.wrapping import FoldedRows
from stomptui.ui.widgets.palette import ink

STYLES = (
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
AT_ONCE, AT_A_TIME, HURRIED = 0.02, 0.006, 0.03
"""Seconds of looking ahead: before the first paint, at a time, on the way to the end."""
PAUSE, SHORT_PAUSE = 0.025, 0.004
"""Seconds in between, and on the way to the end."""


class LinesView(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines of text, folded to the width, scrolled up and down."""

    COMPONENT_CLASSES = {f"lines-view--{name}" for name in STYLES}
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
    }
    """
    # Without those of ScrollView: left and right belong to whoever holds the view.
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.MESSAGE_LINES)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Lines | None = None
        self._rows: FoldedRows | None = None
        self._styles: dict[str, Style] = {}
        self._timer: Timer | None = None
        self._anchor: float | None = None
        """The place to be at the top as soon as its row is known."""
        self._to_end = False

    def show(self, lines: Lines | None, place: float = 0.0) -> None:
        """Paint other lines.

        Args:
            lines: What to paint, None for nothing.
            place: What is to be at the top, a `place` of the same text in whatever width.
        """
        self._lines, self._rows = lines, None
        self._to_end = False
        self._arrange(place)

    @property
    def place(self) -> float:
        """What is at the top, whatever the width."""
        if self._anchor is not None or self._rows is None:
            return self._anchor or 0.0
        return self._rows.anchor(self.scroll_offset.y)

    @property
    def width(self) -> int:
        """Cells in a row."""
        return max(1, self.scrollable_content_region.width)

    @property
    def row_count(self) -> int:
        """Rows known so far."""
        return self._rows.count if self._rows else 0

    def action_scroll_up(self) -> None:
        self._to_end = False
        super().action_scroll_up()

    def on_mouse_scroll_up(self) -> None:
        self._to_end = False

    def action_page_up(self) -> None:
        self._to_end = False
        self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        self.scroll_page_down(animate=False)

    def action_scroll_home(self) -> None:
        self._to_end, self._anchor = False, None
        self.scroll_home(animate=False)

    def action_to_end(self) -> None:
        """Go to the last row, as soon as it is known."""
        self._to_end = True
        self._look_on()

    def on_resize(self, event: events.Resize) -> None:
        if self._rows is None or self._rows.width != self.width:
            self._fold_anew()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()

    def _fold_anew(self) -> None:
        """The width changed: what was at the top stays there, and the end stays the end."""
        known = self._rows
        self._to_end |= known is not None and known.complete and 0 < self.max_scroll_y <= self.scroll_offset.y
        self._arrange(self.place)

    def _arrange(self, place: float) -> None:
        """Begin anew for these lines and this width."""
        self._anchor = place
        self.refresh()
        if self._lines is None or not self.size.width:
            return
        self._rows = FoldedRows(self._lines, self.width)
        self._rows.look_ahead(2 * self.size.height, AT_ONCE)
        self._grown()

    def _grown(self) -> None:
        """More rows are known than before."""
        rows = self._rows
        if rows is None:
            return
        self.virtual_size = Size(self.width, rows.count)
        if rows.width != self.width:
            # The scrollbar has come and takes a cell.
            self._fold_anew()
            return
        place = rows.row_at(self._anchor) if self._anchor is not None else None
        if self._to_end:
            place = rows.count
        if place is not None:
            self.scroll_to(y=place, animate=False, force=True, immediate=True)
            if rows.complete or rows.count >= place + self.size.height:
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
        if self._timer is None and self.is_attached:
            self._timer = self.set_timer(SHORT_PAUSE if self._waiting else PAUSE, self._look_on)

    def _look_on(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._rows is not None:
            self._rows.look_ahead(1 << 62, HURRIED if self._waiting else AT_A_TIME)
            self._grown()

    def render_line(self, y: int) -> Strip:
        width = self.width
        rows = self._rows
        base = self.rich_style
        if rows is None:
            return Strip.blank(width, base)
        styles = self._styles or self._restyle()
        row = rows.row(self.scroll_offset.y + y)
        segments = [Segment(text, base + styles[style]) for text, style in row]
        return Strip(segments).adjust_cell_length(width, base)

    def _restyle(self) -> dict[str, Style]:
        self._styles = {name: ink(self, f"lines-view--{name}") for name in STYLES}
        return self._styles
