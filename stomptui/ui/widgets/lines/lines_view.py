"""A view of lines that are made on demand; only those on the screen are painted."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.timer import Timer

from stomptui.journal.views.folding import FoldedLines
from stomptui.journal.views.lines import CLOSE, OPEN, Lines, NumberedLine
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.widgets.lines.line_search import LineSearch, highlighted, overlaid
from stomptui.ui.widgets.lines.wrapping import FoldedRows
from stomptui.ui.widgets.palette import behind, ink

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
NARROWEST_NUMBERED = 40
"""Cells of a view that has numbers of lines."""
MOST_SELECTED = 100_000
"""Rows that can be selected."""
FAR = 64
"""Chunks within which the beginning of a group is looked for."""
PAUSE, SHORT_PAUSE = 0.025, 0.004
"""Seconds in between, and on the way to the end."""


class LinesView(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines of text, folded to the width, scrolled up and down."""

    COMPONENT_CLASSES = {f"lines-view--{name}" for name in (*STYLES, "number-gutter", "cursor", "hit")}
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
        & > .lines-view--hit { background: $warning 40%; }
        & > .lines-view--cursor { color: $text-accent; text-style: bold; }
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
        self._numbered = False
        self._wrapped_at = 0
        """The width that the rows were made for."""
        self._gutter = 0
        """Cells on the left for the numbers of the lines and the marks of what can be folded."""
        self._cursor = 0
        """The row that a key folds."""
        self._search: LineSearch | None = None
        """What is being found, None if nothing is."""
        self._search_timer: Timer | None = None
        self._left = 0
        """Cells that are out of sight on the left, where lines are not wrapped."""

    def show(self, lines: Lines | None, place: float = 0.0, numbered: bool = False) -> None:
        """Paint other lines.

        Args:
            lines: What to paint, None for nothing.
            place: What is to be at the top, a `place` of the same text in whatever width.
            numbered: Whether its lines have numbers that mean something.
        """
        if self.is_attached and self in self.screen.selections:
            self.screen.clear_selection()
        self._lines = FoldedLines(lines) if lines is not None and lines.foldable else lines
        self._rows, self._numbered = None, numbered
        self._to_end = False
        self._gutter = self._cursor = self._left = 0
        text = self._search.text if self._search is not None else ""
        self._search = None
        self._arrange(place)
        self.find(text, go=False)

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

    @property
    def wraps(self) -> bool:
        """Whether lines go on in the next row where they are too wide."""
        return bool(getattr(self.app, "wraps_bodies", True))

    @property
    def _shows_numbers(self) -> bool:
        return self._numbered and bool(getattr(self.app, "numbers_bodies", True)) and self.width >= NARROWEST_NUMBERED

    def action_scroll_up(self) -> None:
        self._to_end = False
        if not self._move_cursor(-1):
            super().action_scroll_up()

    def action_scroll_down(self) -> None:
        if not self._move_cursor(1):
            super().action_scroll_down()

    def action_sideways(self, cells: int) -> None:
        """Where lines are not wrapped, show what is further on the right, or on the left."""
        if not self.wraps:
            self._left = max(0, self._left + cells)
            self.refresh()

    def on_mouse_scroll_up(self) -> None:
        self._to_end = False

    def action_page_up(self) -> None:
        self._to_end = False
        self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        self.scroll_page_down(animate=False)

    def action_scroll_home(self) -> None:
        self._to_end, self._anchor = False, None
        self._cursor = self._left = 0
        self.scroll_home(animate=False)

    def action_to_end(self) -> None:
        """Go to the last row, as soon as it is known."""
        self._to_end = True
        self._look_on()

    def on_resize(self, event: events.Resize) -> None:
        if self._rows is None or self._wrapped_at != self.width:
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
        self._gutter = self._gutter_wanted(self._lines)
        self._wrapped_at = self.width
        self._rows = FoldedRows(self._lines, max(1, self.width - self._gutter), self.wraps)
        self._rows.look_ahead(2 * self.size.height, AT_ONCE)
        self._grown()

    def _grown(self) -> None:
        """More rows are known than before."""
        rows = self._rows
        if rows is None:
            return
        self.virtual_size = Size(self.width, rows.count)
        if self._wrapped_at != self.width or self._gutter != self._gutter_wanted(rows.lines):
            # The scrollbar has come and takes a cell.
            self._fold_anew()
            return
        place = rows.row_at(self._anchor) if self._anchor is not None else None
        if self._to_end:
            place = rows.count
            self._cursor = max(0, rows.count - 1)
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

    def _gutter_wanted(self, lines: Lines) -> int:
        """Cells for the numbers known so far, and a mark; none for a single line."""
        if not self._shows_numbers:
            return 0
        if not lines.known_lines:
            lines.chunk(0)
        return max(3, len(str(lines.known_lines))) + 3 if lines.known_lines > 1 else 0

    def render_line(self, y: int) -> Strip:
        width = self.width
        rows = self._rows
        base = self.rich_style
        if rows is None:
            return Strip.blank(width, base)
        styles = self._styles or self._restyle()
        number = self.scroll_offset.y + y
        segments = [Segment(text, base + styles[style]) for text, style in rows.row(number) if text]
        if self._search is not None:
            segments = highlighted(segments, self._search.pattern, styles["hit"])
        room = width - self._gutter
        if (selection := self.text_selection) is not None and (span := selection.get_span(number)) is not None:
            begin, end = span
            last = sum(len(segment.text) for segment in segments)
            over = self.screen.get_component_rich_style("screen--selection")
            segments = overlaid(segments, [(begin, last if end < 0 else end)], over)
        strip = Strip(segments)
        if not self.wraps:
            cells = strip.cell_length
            strip = strip.crop(self._left, self._left + room)
            if cells > self._left + room:
                strip = Strip([*strip.crop(0, room - 1), Segment("›", base + styles["dim"])])
        # By the characters and rows that are set here a mouse selects.
        strip = strip.apply_offsets(0 if self.wraps else self._left, number)
        if self._gutter:
            strip = Strip([*self._gutter_of(rows, number, base, styles), *strip])
        return strip.adjust_cell_length(width, base)

    def _gutter_of(self, rows: FoldedRows, number: int, base: Style, styles: dict[str, Style]) -> list[Segment]:
        """The number of the line that a row begins, and whether something can be folded there."""
        place = rows.place_of(number)
        if place is None or place[2]:
            return [Segment(" " * self._gutter, base)]
        line = rows.lines.chunk(place[0])[place[1]]
        mark = "▸" if isinstance(line, NumberedLine) and line.folded else "▾" if OPEN in line else " "
        text = f"{rows.lines.numbers(place[0])[place[1]] + 1:>{self._gutter - 3}} {mark} "
        here = self.folds and number == self._cursor and self.has_focus
        return [Segment(text, base + styles["cursor" if here else "number-gutter"])]

    def _restyle(self) -> dict[str, Style]:
        self._styles = {name: ink(self, f"lines-view--{name}") for name in (*STYLES, "number-gutter", "cursor")}
        self._styles["hit"] = behind(self, "lines-view--hit")
        return self._styles

    # -- selecting by the mouse ------------------------------------------------------------------------------------

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text as it is painted; the rows of one line are one line."""
        rows = self._rows
        if rows is None:
            return None
        start, end = selection.start or Offset(0, 0), selection.end
        last = min(rows.count - 1 if end is None else end.y, start.y + MOST_SELECTED)
        parts: list[str] = []
        for number in range(start.y, last + 1):
            text = "".join(part for part, _ in rows.row(number))
            text = text[: end.x] if end is not None and number == end.y else text
            place = rows.place_of(number)
            goes_on = bool(parts) and place is not None and place[2] > 0
            parts.append(text.lstrip(" ") if goes_on else f"\n{text[start.x :] if number == start.y else text}")
        return "".join(parts).removeprefix("\n"), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    # -- finding ---------------------------------------------------------------------------------------------------

    class Found(Message):
        """What is being found was found more often, or the person is at another place of it."""

        def __init__(self, count: str) -> None:
            super().__init__()
            self.count = count

    def find(self, text: str, go: bool = True) -> None:
        """Find a text, "" for nothing.

        Args:
            text: The text.
            go: Whether to go to the first place of it from what is at the top.
        """
        self.refresh()
        self._search = None
        if not text or self._lines is None:
            self.post_message(self.Found(""))
            return
        if isinstance(self._lines, FoldedLines) and self._lines.any_folded:
            self._lines.fold_all(False)
            self._arrange(0.0)
        self._search = LineSearch(self._lines, text)
        self._search_on(go)

    def _search_on(self, go: bool) -> None:
        search = self._search
        if self._search_timer is not None:
            self._search_timer.stop()
            self._search_timer = None
        if search is None:
            return
        search.go_on(AT_A_TIME)
        if go and search.hits:
            place = self._rows.place_of(self.scroll_offset.y) if self._rows is not None else None
            search.at = search.first_from(*(place or (0, 0, 0))[:2])
            go = False
            self._show_hit()
        self.post_message(self.Found(search.count_text))
        if not search.done and self.is_attached:
            self._search_timer = self.set_timer(PAUSE, lambda: self._search_on(go))

    def step(self, by: int) -> None:
        """Go to the next place (1) of what is found or to the one before (-1); after the last comes the first."""
        search = self._search
        if search is None or not search.hits:
            return
        search.at = (search.at + by if search.at is not None else 0 if by > 0 else -1) % len(search.hits)
        self._show_hit()
        self.post_message(self.Found(search.count_text))

    def _show_hit(self) -> None:
        """Put the hit that the person is at on the screen, as soon as its row is known."""
        search, rows = self._search, self._rows
        if search is None or rows is None or search.at is None:
            return
        hit = search.hits[search.at]
        if rows.row_of(hit.chunk, hit.line) is None:
            rows.look_ahead(1 << 62, HURRIED)
        row = rows.row_of(hit.chunk, hit.line, hit.start)
        if row is None:
            self.set_timer(SHORT_PAUSE, self._show_hit)
            return
        self.virtual_size = Size(self.width, rows.count)
        self._cursor = row
        if not self.wraps:
            room = max(1, self.width - self._gutter)
            self._left = 0 if hit.start < room - 8 else hit.start - room // 2
        height = max(1, self.size.height)
        if not self.scroll_offset.y <= row < self.scroll_offset.y + height:
            self.scroll_to(y=max(0, row - height // 3), animate=False, force=True, immediate=True)
        self._cursor = row
        self.refresh()

    # -- folding ---------------------------------------------------------------------------------------------------

    @property
    def folds(self) -> bool:
        """Whether there may be something to fold."""
        return isinstance(self._lines, FoldedLines)

    def _move_cursor(self, by: int) -> bool:
        """Move the cursor, and the view with it; False where there is none."""
        rows = self._rows
        if rows is None or not self.folds:
            return False
        self._cursor = max(0, min(self._cursor + by, rows.count - 1))
        self._scroll_to_cursor()
        return True

    def _scroll_to_cursor(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if not top <= self._cursor < top + height:
            y = self._cursor if self._cursor < top else self._cursor - height + 1
            self.scroll_to(y=y, animate=False, force=True, immediate=True)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        top = round(new_value)
        self._cursor = max(top, min(self._cursor, top + max(1, self.size.height) - 1))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or self._rows is None or not self.folds:
            return
        self._cursor = max(0, min(self.scroll_offset.y + offset.y, self._rows.count - 1))
        self.refresh()
        if offset.x < self._gutter:
            self.fold_here()

    def fold_here(self) -> None:
        """Fold or unfold the group that the line at the cursor begins, or else fold the one that it is in."""
        rows, lines = self._rows, self._lines
        place = rows.place_of(self._cursor) if rows is not None else None
        if rows is None or place is None or not isinstance(lines, FoldedLines):
            return
        found = group_around(lines, place[0], place[1])
        if found is None:
            return
        chunk, index = found
        number = lines.numbers(chunk)[index]
        lines.toggle(chunk, number)
        rows.forget(chunk)
        rows.look_ahead(self._cursor + 2 * self.size.height, AT_ONCE)
        self._cursor = rows.row_of(chunk, index) or 0
        self._grown()
        self._scroll_to_cursor()

    def fold_all(self) -> None:
        """Fold all groups but the outermost; unfold all if some are folded."""
        if isinstance(self._lines, FoldedLines):
            self._lines.fold_all(not self._lines.any_folded)
            self._cursor = 0
            self._arrange(0.0)

    def layout_switched(self) -> None:
        """Whether lines are wrapped or numbered changed."""
        self._left = 0
        self._fold_anew()


def group_around(lines: Lines, chunk: int, index: int) -> tuple[int, int] | None:
    """Where the group begins that a line begins or is in: chunk and place in it; None if it is in none, or far in."""
    level = 0
    first = True
    for at in range(chunk, max(-1, chunk - FAR), -1):
        made = lines.chunk(at)
        for here in range(index if at == chunk else len(made) - 1, -1, -1):
            line = made[here]
            folded = isinstance(line, NumberedLine) and line.folded
            if folded and first:
                return at, here
            if OPEN in line and not folded:
                if not level:
                    return at, here
                level -= 1
            level += CLOSE in line and not first
            first = False
    return None
