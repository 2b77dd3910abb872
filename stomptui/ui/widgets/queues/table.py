"""The table of queues: ordering, filter, cursor; of thousands of rows only those on the screen are painted."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual import events, on
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from stomptui.journal.search.folding import fold
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.paint_styles import behind, ink
from stomptui.ui.widgets.queues.columns import columns_for
from stomptui.ui.widgets.queues.history import DepthHistory
from stomptui.ui.widgets.queues.row_painter import QueueRowPainter
from stomptui.ui.widgets.queues.rows import (
    DeadLettersAt,
    FilledColumns,
    QueueOrder,
    QueueRow,
    TableRow,
    by_depth,
    by_name,
    make_row,
)

STYLES = ("name", "dim", "number", "warn", "dead", "grave", "bar", "minute", "head")
UNDER = ("cursor", "cursor-blurred")


class QueueTable(ScrollView, can_focus=True):
    """A row a queue, under a cursor that stays on its queue whatever comes and goes around it."""

    COMPONENT_CLASSES = {*(f"queue-table--{name}" for name in (*STYLES, *UNDER))}
    DEFAULT_CSS = """
    QueueTable {
        height: 1fr;
        padding: 0 1;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        background: transparent;
        & > .queue-table--name { color: $foreground; }
        & > .queue-table--dim { color: $text-muted; }
        & > .queue-table--number { color: $foreground; }
        & > .queue-table--warn { color: $text-warning; }
        & > .queue-table--dead { color: $text-muted; }
        & > .queue-table--bar { color: $text-accent; }
        & > .queue-table--minute { color: $text-success; }
        & > .queue-table--grave { color: $text-error; text-style: bold; }
        & > .queue-table--head { color: $text-muted; text-style: bold; }
        & > .queue-table--cursor { background: $primary 35%; text-style: bold; }
        & > .queue-table--cursor-blurred { background: $primary 15%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.QUEUE_TABLE)

    class Highlighted(Message):
        """The cursor is on another queue, or what is known of its queue changed; None if there is no row."""

        def __init__(self, queue: QueueRow | None) -> None:
            super().__init__()
            self.queue = queue

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, QueueTable.Highlighted)

    class Selected(Message):
        """The person pressed Enter on a queue, or clicked it twice."""

        def __init__(self, queue: QueueRow) -> None:
            super().__init__()
            self.queue = queue

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.order = QueueOrder.NAME
        self.needle = ""
        self._all: list[TableRow] = []
        self._rows: list[TableRow] = []
        self._place = 0
        self._longest = 0
        self._noted = False
        self._history = DepthHistory()
        self._filled = FilledColumns()
        self._wanted: DeadLettersAt | None = None
        """The queue to go to as soon as it is there."""
        self._deepest = 0
        """Messages that are ready in the deepest queue shown."""
        self._row_painter: QueueRowPainter | None = None
        self._under: dict[str, Style] = {}

    # -- what is shown --------------------------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """Queues there are."""
        return len(self._all)

    @property
    def shown(self) -> int:
        """Queues that match the filter."""
        return len(self._rows)

    @property
    def queue(self) -> QueueRow | None:
        """The one under the cursor."""
        return self._rows[self._place].queue if self._rows else None

    @property
    def page(self) -> int:
        """Rows that fit on the screen."""
        return max(1, self.scrollable_content_region.height)

    def show(self, queues: Iterable[QueueRow]) -> None:
        """Show these queues in place of all others; the cursor stays on its queue, and that on its line."""
        known = {row.key: row for row in self._all}
        queues = list(queues)
        self._filled.note(queues)
        self._all = [make_row(queue, known.get((queue.kind, queue.name))) for queue in queues]
        self._history.add({row.key: row.depth or 0 for row in self._all}, monotonic())
        self._longest = max((cell_len(row.name) for row in self._all), default=0)
        self._noted = any(row.note for row in self._all)
        self._row_painter = None
        self._arrange()

    def sort(self, order: QueueOrder) -> None:
        """Order rows another way."""
        if order != self.order:
            self.order = order
            self._arrange()

    def search(self, needle: str) -> None:
        """Show only queues with the word in their name, type or note; all if it is empty."""
        if needle != self.needle:
            self.needle = needle
            self._arrange()

    def _arrange(self) -> None:
        """Order and filter anew, and put the cursor where it was."""
        before = self._rows[self._place].key if self._rows else None
        line = self._place - self.scroll_offset.y
        needle = fold(self.needle)
        rows = [row for row in self._all if needle in row.searched] if needle else self._all
        self._rows = sorted(rows, key=by_depth if self.order is QueueOrder.DEPTH else by_name)
        self._deepest = max((row.queue.ready or 0 for row in self._rows), default=0)
        found = next((index for index, row in enumerate(self._rows) if row.key == before), None)
        if self._wanted is not None and (there := self._wanted.place(self._rows)) is not None:
            self._wanted, found, line = None, there, min(there, self.page // 2)
        self._place = max(0, min(self._place, len(self._rows) - 1)) if found is None else found
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._rows))
        if 0 <= line < self.page:
            self._scroll(self._place - line)
        self.refresh()
        self.post_message(self.Highlighted(self.queue))

    def go_to_dead_letters(self, key: tuple[str, str] | None) -> None:
        """Put the cursor on a dead-letter queue as soon as it is shown.

        Args:
            key: Its kind and name; None for the first that has messages, or else the first.
        """
        self._wanted = DeadLettersAt(key)
        if self._rows:
            self._arrange()

    # -- moving ---------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._rows) if action == "select" else True

    def action_cursor(self, step: int) -> None:
        """One row up or down."""
        self._go(self._place + step)

    def action_page(self, step: int) -> None:
        """One screen up or down."""
        self._go(self._place + step * max(1, self.page - 1))

    def action_edge(self, step: int) -> None:
        """The first or the last row."""
        self._go(0 if step < 0 else len(self._rows))

    def action_select(self) -> None:
        """Say that the person wants to peek at the queue."""
        if self.queue is not None:
            self.post_message(self.Selected(self.queue))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        place = self.scroll_offset.y + offset.y if offset is not None else -1
        if 0 <= place < len(self._rows):
            self._go(place)
            if event.chain == 2:
                self.action_select()

    @on(events.Focus)
    @on(events.Blur)
    def _focus_changed(self) -> None:
        self._refresh_row(self._place)

    def _go(self, place: int) -> None:
        self._wanted = None
        if not self._rows:
            return
        before, self._place = self._place, max(0, min(place, len(self._rows) - 1))
        top = self.scroll_offset.y
        if self._place < top:
            self._scroll(self._place)
        elif self._place >= top + self.page:
            self._scroll(self._place - self.page + 1)
        self._refresh_row(before)
        self._refresh_row(self._place)
        if before != self._place:
            self.post_message(self.Highlighted(self.queue))

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=max(0, min(top, self.max_scroll_y)), animate=False, force=True, immediate=True)

    def _refresh_row(self, place: int) -> None:
        y = place - self.scroll_offset.y
        if 0 <= y < self.page:
            self.refresh(Region(0, y, self.size.width, 1))

    # -- painting -------------------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        self._row_painter = None
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._rows))
        if self._place >= self.scroll_offset.y + self.page:
            self._scroll(self._place - self.page + 1)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._row_painter = None

    def _painter(self) -> QueueRowPainter:
        """What paints rows in this width and theme."""
        if self._row_painter is None:
            columns = columns_for(
                self.scrollable_content_region.width, self._longest, self._noted, self._filled.unwanted
            )
            styles = {name: ink(self, f"queue-table--{name}") for name in STYLES}
            self._under = {"": self.rich_style}
            for name in UNDER:
                self._under[name] = self.rich_style + behind(self, f"queue-table--{name}")
            self._row_painter = QueueRowPainter(columns, styles, self._history)
        return self._row_painter

    def head(self) -> Strip:
        """The titles of the columns, for the line above."""
        return self._painter().head(self.order)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        painter = self._painter()
        place = self.scroll_offset.y + y
        if place >= len(self._rows):
            return Strip.blank(width, self._under[""])
        under = "" if place != self._place else "cursor" if self.has_focus else "cursor-blurred"
        return painter.line(self._rows[place], self._deepest).adjust_cell_length(width).apply_style(self._under[under])


class QueueHead(Widget):
    """The titles over the columns of a table."""

    DEFAULT_CSS = "QueueHead { height: 1; padding: 0 0 0 1; }"

    def __init__(self, table: QueueTable, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._table = table

    def render_line(self, y: int) -> Strip:
        return self._table.head().adjust_cell_length(self.size.width).apply_style(self.rich_style)
