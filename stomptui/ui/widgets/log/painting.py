"""Painting the rows of a log: which painter, in which styles, and how wide the columns are by what was seen so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from stomptui.journal.search.row_filter import RowFilter
from stomptui.journal.visible_rows import VisibleRows
from stomptui.ui.widgets.empty_state import EmptyText
from stomptui.ui.widgets.log.columns import TimeMode, WantedColumns, header_cells, widest_name
from stomptui.ui.widgets.log.padded_lines import PaddedLines
from stomptui.ui.widgets.log.row import Head, RowPainter
from stomptui.ui.widgets.log.row_selection import MOST_COPIED, RowSelection, with_selected
from stomptui.ui.widgets.paint_styles import COLOURS, behind, ink
from stomptui.ui.widgets.reveal import shows_secrets

UNDER = ("cursor", "cursor-blurred", "marked")
"""What can lie under the text of a row."""
STYLES = ("time", "dim", "text", "kind", "in", "out", "good", "warn", "error")
HIT = "hit"
"""What lies under text that the filter matches."""
MakePainter = Callable[[int, Mapping[str, Style], Mapping[str, Style], WantedColumns], RowPainter]
"""Makes what paints rows, for a width in cells, styles, what lies under rows, and what is wanted of the columns."""


class LogPainting:
    """Paints the rows of a log, in the styles of the view's component classes, `message-log--NAME`.

    Args:
        view: The log.
        rows: Its rows.
        make: Makes what paints them.
        state: From the number of a row to what lies under it, "" if nothing does.
        no_rows: What stands below the last row where there is space, None if nothing does.
        heads_changed: Called with what stands over the columns as they are painted from now on.
    """

    def __init__(
        self,
        view: ScrollView,
        rows: VisibleRows,
        make: MakePainter,
        state: Callable[[int], str],
        no_rows: Callable[[], EmptyText | None],
        heads_changed: Callable[[tuple[Head, ...]], object],
    ) -> None:
        self._view = view
        self._rows = rows
        self._make = make
        self._state = state
        self._no_rows = no_rows
        self._heads_changed = heads_changed
        self._words: EmptyText | None = None
        self._painter: RowPainter | None = None
        self._padded = PaddedLines(view)
        self.selection = RowSelection()
        """What is selected with the mouse."""
        self.wanted = WantedColumns()
        """What is wanted of the columns. The cells grow as rows are painted."""

    def want(self, times: TimeMode, header: str | None) -> None:
        """Show times so, and the header of that name in a column of its own; None for no such column."""
        value = self.wanted.value if header == self.wanted.header else cell_len(header or "")
        self.wanted = replace(self.wanted, times=times, header=header, value=value)
        self.repaint()

    def forget_widths(self) -> None:
        """The rows were cleared: columns are as wide as those that come now want them to be."""
        self.wanted = replace(self.wanted, destination=0, value=cell_len(self.wanted.header or ""))
        self._painter = None

    def forget_styles(self) -> None:
        """The styles of the view changed, or its width: rows are painted anew when they are painted next."""
        self._painter = None

    def repaint(self) -> None:
        """Paint all rows anew."""
        self._painter = None
        self._view.refresh()

    def refresh_row(self, number: int | None) -> None:
        """Paint a row again, if it is on the screen."""
        if number is not None:
            y = self._rows.position(number) - self._view.scroll_offset.y
            if 0 <= y < self._view.scrollable_content_region.height:
                self._view.refresh(Region(0, y, self._view.size.width, 1))

    def padded_lines(self, crop: Region) -> list[Strip] | None:
        """The lines in a part of the view with the padding beside them, None if Textual has to make them."""
        return self._padded.render(crop, self._view.render_line)

    def find_words(self) -> EmptyText | None:
        """Find out what stands below the last row, None for nothing, and paint that from now on."""
        space = len(self._rows) < self._view.scrollable_content_region.height
        self._words = self._no_rows() if space else None
        return self._words

    def line(self, y: int) -> Strip:
        """The line that is so many lines below the top of the view."""
        painter = self.painter
        rows, position = self._rows, self._view.scroll_offset.y + y
        if position >= len(rows):
            free = self._view.scrollable_content_region.height - len(rows)
            return painter.beneath(self._words, position - len(rows), free)
        line = self._row(position)
        self._widen(painter)
        cells = self.selection.cells(rows.number(position), painter.width)
        return line if cells is None else with_selected(line, cells, self._selected)

    def _row(self, position: int) -> Strip:
        """The row at a position, without what is selected in it."""
        rows, number = self._rows, self._rows.number(position)
        return self.painter.line(
            rows.journal, number, self._state(number), rows.groups.opened(number), self._time_before(position)
        )

    @property
    def _selected(self) -> Style:
        """What lies under selected text. Where colours cannot tell it is in reverse and underlined: the row under the
        cursor is in reverse, marked ones are underlined."""
        app = self._view.app
        if app.native_ansi_color or app.no_color:
            return Style(reverse=True, underline=True)
        return self._view.screen.get_component_rich_style("screen--selection")

    @property
    def selected_text(self) -> str:
        """The text that is selected, as it is shown; "" if none is."""
        ends, rows, width = self.selection.ends, self._rows, self.painter.width
        if ends is None:
            return ""
        first = rows.position(ends[0].number)
        after = min(len(rows), rows.position(ends[1].number + 1), first + MOST_COPIED)
        lines = []
        for position in range(first, after):
            cells = self.selection.cells(rows.number(position), width)
            lines.append(self._row(position).crop(*cells).text.rstrip() if cells is not None else "")
        return "\n".join(lines)

    @property
    def painter(self) -> RowPainter:
        """What paints rows in this width and theme."""
        row_filter = self._rows.filter
        if self._painter is None or self._painter.filter is not row_filter:
            self._painter = self._made(row_filter)
        return self._painter

    def _made(self, row_filter: RowFilter | None) -> RowPainter:
        view = self._view
        styles = {name: ink(view, f"message-log--{name}") for name in STYLES}
        styles |= {name: ink(view, name) for name in COLOURS}
        styles[HIT] = behind(view, f"message-log--{HIT}") + ink(view, f"message-log--{HIT}")
        under = {"": view.rich_style}
        for name in UNDER:
            under[name] = view.rich_style + behind(view, f"message-log--{name}")
        painter = self._make(view.scrollable_content_region.width, styles, under, self.wanted)
        painter.shows_secrets = shows_secrets(view)
        painter.filter = row_filter
        self._heads_changed(painter.heads())
        return painter

    def _time_before(self, position: int) -> float:
        """When the row above a position was, if times are shown by that; 0.0 if there is none."""
        if self.wanted.times is not TimeMode.SINCE or not position:
            return 0.0
        return self._rows.journal.entry(self._rows.number(position - 1)).when

    def _widen(self, painter: RowPainter) -> None:
        """Give the columns the space that the longest texts in them want, as far as there is space for them."""
        before = self.wanted
        if painter.longest_name <= before.destination and painter.longest_value <= before.value:
            return
        self.wanted = replace(before, destination=painter.longest_name, value=painter.longest_value)
        columns = painter.columns
        name = min(painter.longest_name, widest_name(painter.width))
        value = header_cells(columns.preview + columns.header + 1, painter.longest_value) if columns.header else 0
        if name > max(before.destination, columns.destination) or value > max(before.value, columns.header):
            self._view.call_later(self.repaint)
