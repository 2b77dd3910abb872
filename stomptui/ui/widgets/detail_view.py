"""Lines that are made when somebody looks, folded to the width of the view and painted one screen at a time."""

from __future__ import annotations

from bisect import bisect_right
from time import monotonic

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from stomptui.journal.lines import Line, Lines
from stomptui.ui.widgets.palette import ink

BUDGET = 0.012
"""Seconds that making lines may take at a time."""
STYLES = ("key", "string", "number", "literal", "punctuation", "tag", "attribute", "comment", "mark", "dim", "plain")


class LinesView(ScrollView, can_focus=True):
    """A view on `Lines`. A large text opens as fast as a small one: what lies below is made while one goes there."""

    COMPONENT_CLASSES = {f"lines-view--{name}" for name in STYLES}
    DEFAULT_CSS = """
    LinesView {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        background: transparent;
        padding: 0 1;
        & > .lines-view--key { color: $text-primary; }
        & > .lines-view--string { color: $text-success; }
        & > .lines-view--number { color: $text-warning; }
        & > .lines-view--literal { color: $text-accent; }
        & > .lines-view--punctuation { color: $text-muted; }
        & > .lines-view--tag { color: $text-primary; text-style: bold; }
        & > .lines-view--attribute { color: $text-secondary; }
        & > .lines-view--comment { color: $text-muted; text-style: italic; }
        & > .lines-view--mark { color: $text-warning; }
        & > .lines-view--dim { color: $text-muted; }
        & > .lines-view--plain { color: $foreground; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Lines | None = None
        self._starts: list[int] = [0]
        """The row each known chunk begins with, and the row after the last one."""
        self._made: dict[int, list[Line]] = {}
        self._ink: dict[str, Style] = {}
        self._to_the_end = False
        self._timer: Timer | None = None

    @property
    def width(self) -> int:
        """Cells in a row."""
        return max(1, self.scrollable_content_region.width)

    def show(self, lines: Lines | None) -> None:
        """Show other lines, from their beginning."""
        self._lines = lines
        self._begin()

    def on_resize(self, event: events.Resize) -> None:
        self._begin()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._ink = {}

    def _begin(self) -> None:
        self._starts, self._made, self._to_the_end = [0], {}, False
        self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self._reach(self.size.height * 2)
        self.refresh()

    def _reach(self, row: int) -> bool:
        """Make chunks until that row is there; False if time ran out first."""
        until = monotonic() + BUDGET
        while self._starts[-1] <= row and not self._complete:
            self._starts.append(self._starts[-1] + len(self._rows(len(self._starts) - 1)))
            if monotonic() > until:
                break
        size = Size(self.size.width, self._starts[-1])
        if self.virtual_size != size:
            self.virtual_size = size
        return self._complete or self._starts[-1] > row

    @property
    def _complete(self) -> bool:
        lines = self._lines
        return lines is None or (lines.done and len(self._starts) > lines.known)

    def _rows(self, chunk: int) -> list[Line]:
        rows = self._made.get(chunk)
        if rows is None:
            width = self.width
            rows = [row for line in self._lines.chunk(chunk) for row in fold(line, width)] if self._lines else []
            if len(self._made) > 16:
                self._made.clear()
            self._made[chunk] = rows
        return rows

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self._complete:
            self._reach(round(new_value) + 2 * self.size.height)

    def action_scroll_end(self) -> None:
        """Go to the end, making the lines up to there while keys and paints get their turn."""
        self._to_the_end = True
        self._go_on()

    def _go_on(self) -> None:
        self._timer = None
        if not self._to_the_end:
            return
        if self._reach(self._starts[-1] + 100_000) and self._complete:
            self._to_the_end = False
        else:
            self._timer = self.set_timer(0.004, self._go_on)
        self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def action_scroll_up(self) -> None:
        self._to_the_end = False
        super().action_scroll_up()

    def render_line(self, y: int) -> Strip:
        width = self.width
        row = self.scroll_offset.y + y
        if not 0 <= row < self._starts[-1]:
            return Strip.blank(width, self.rich_style)
        if not self._ink:
            self._ink = {name: ink(self, f"lines-view--{name}") for name in STYLES}
        chunk = bisect_right(self._starts, row) - 1
        line = self._rows(chunk)[row - self._starts[chunk]]
        base = self.rich_style
        return Strip([Segment(text, base + self._ink[style]) for text, style in line]).adjust_cell_length(width, base)


def fold(line: Line, width: int) -> list[Line]:
    """A line as rows of at most so many cells."""
    if sum(cell_len(text) for text, _ in line) <= width:
        return [line]
    rows: list[Line] = [[]]
    room = width
    for text, style in line:
        while text:
            if cell_len(text) <= room:
                rows[-1].append((text, style))
                room -= cell_len(text)
                break
            head = chop_cells(text, room)[0] if room else ""
            # A wide character may not fit into the one cell that is left.
            if head and cell_len(head) <= room:
                rows[-1].append((head, style))
                text = text[len(head) :]
            elif room == width:
                text = text[1:]
            rows.append([])
            room = width
    return [row for row in rows if row] or [[]]
