"""Paints one row of the table of queues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from stomptui.ui.widgets.log.columns import fit, fit_name
from stomptui.ui.widgets.queues.columns import BAR, CHANGE, MINUTE, Column, QueueColumns, bar_text, change_text
from stomptui.ui.widgets.queues.history import DepthHistory
from stomptui.ui.widgets.queues.rows import DEAD, QueueOrder, TableRow, cell_text
from stomptui.ui.widgets.subscriptions import sparkline


class QueueRowPainter:
    """Makes lines of queues, for one width and one theme.

    Args:
        columns: What of a queue is shown at this width.
        styles: Styles by name: "name", "dim", "number", "warn", "dead", "grave", "bar", "minute", "head".
        history: How deep queues were.
    """

    def __init__(self, columns: QueueColumns, styles: Mapping[str, Style], history: DepthHistory) -> None:
        self._columns = columns
        self._styles = styles
        self._history = history

    def head(self, order: QueueOrder) -> Strip:
        """The titles of the columns; the one that rows are ordered by has a sign."""
        columns, style = self._columns, self._styles["head"]
        name = "name ▴" if order is QueueOrder.NAME else "name"
        segments = [Segment("  "), Segment(fit(name, columns.name), style)]
        for column in columns.between:
            by_this = order is QueueOrder.DEPTH and column.field == "ready"
            segments += _padded(f"▾ {column.title}" if by_this else column.title, column, style)
        segments += [Segment("  "), Segment("note", style)] if columns.note else []
        return Strip(segments)

    def line(self, row: TableRow, deepest: int) -> Strip:
        """The line of a queue, without what lies under it; `deepest` are the messages of a whole bar."""
        return Strip(list(self._segments(row, deepest)))

    def _segments(self, row: TableRow, deepest: int) -> Iterator[Segment]:
        columns, queue, styles = self._columns, row.queue, self._styles
        style = "name"
        if queue.dead_letters:
            style = "grave" if (queue.ready or 0) + (queue.held or 0) else "dead"
        # Blanks are segments of their own: an SVG of the screen would lose those that begin one.
        yield Segment(f"{DEAD} " if queue.dead_letters else "  ", styles[style])
        yield Segment(fit_name(row.name, columns.name), styles[style])
        for column in columns.between:
            if column.field in (BAR, MINUTE):
                if column.field == BAR:
                    graph, colour = bar_text(queue.ready, deepest, column.cells), "bar"
                else:
                    graph, colour = sparkline(self._history.minute(row.key, column.cells), column.cells), "minute"
                yield Segment(" ")
                yield Segment(graph, styles["grave" if queue.dead_letters else colour])
                yield Segment(" " * (column.cells - len(graph)))
                continue
            if column.field == CHANGE:
                change = self._history.change(row.key)
                yield from _padded(change_text(change), column, styles["number" if change else "dim"])
                continue
            text, dim = cell_text(queue, column)
            number = style if column.field == "ready" and queue.dead_letters else "number"
            if column.field == "consumers" and row.unread:
                number, dim = "warn", False
            yield from _padded(text, column, styles["dim" if dim else number])
        if columns.note and row.note:
            yield Segment("  ")
            yield Segment(fit(row.note, columns.note), styles["dim"])


def _padded(text: str, column: Column, style: Style) -> list[Segment]:
    """A text in its column: words at its left end, numbers at its right."""
    left = 0 if column.field in ("kind", MINUTE) else max(0, column.cells - cell_len(text))
    return [Segment(" " * (1 + left)), Segment(fit(text, column.cells - left), style)]
