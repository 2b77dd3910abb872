"""The base of the log and of the list of a peek: which rows are in view, following and pausing, and painting them."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from stomptui.journal.journal import Journal
from stomptui.journal.row_groups import RowGroup
from stomptui.journal.search.row_filter import FilterProblem, FilterReader
from stomptui.journal.search.word_filter import read_filter
from stomptui.journal.visible_rows import VisibleRows
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.empty_state import EmptyText
from stomptui.ui.widgets.log.columns import TimeMode
from stomptui.ui.widgets.log.cursor_report import CursorReport
from stomptui.ui.widgets.log.filter_steps import FilterSteps
from stomptui.ui.widgets.log.marks import Marks
from stomptui.ui.widgets.log.no_rows import no_rows_text
from stomptui.ui.widgets.log.painting import HIT, STYLES, UNDER, LogPainting, MakePainter
from stomptui.ui.widgets.log.row import ColourOf, Head, RowPainter
from stomptui.ui.widgets.log.window import LogWindow
from stomptui.ui.widgets.paint_styles import COLOURS, COLOURS_CSS


class LogView(ScrollView):
    """A view on a journal, one line a row; only the lines on screen are ever made.

    The journal is not watched: call `settle()` when it changed.

    Args:
        journal: What to show.
        colour_of: From the id of a subscription to the number of its colour.
        hidden: The groups of rows that are hidden to begin with.
        read: Reads filters.
        make_painter: Makes what paints rows, where they have other columns than those of the log.
    """

    # Rows are selected by their own numbers: Textual's way of selecting costs more than painting them.
    ALLOW_SELECT = False
    COMPONENT_CLASSES = {
        *(f"message-log--{name}" for name in (*STYLES, *UNDER, HIT)),
        *COLOURS,
    }
    DEFAULT_CSS = (
        """
    LogView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        padding: 0 0 0 1;
        background: transparent;
        & > .message-log--time { color: $foreground; }
        & > .message-log--dim { color: $text-muted; }
        & > .message-log--text { color: $foreground; }
        & > .message-log--kind { color: $text-muted; text-style: italic; }
        & > .message-log--in { color: $foreground; }
        & > .message-log--out { color: $text-primary; }
        & > .message-log--good { color: $text-success; }
        & > .message-log--warn { color: $text-warning; }
        & > .message-log--error { color: $text-error; }
        & > .message-log--cursor { background: $primary 35%; text-style: bold; }
        & > .message-log--cursor-blurred { background: $primary 15%; }
        & > .message-log--marked { background: $accent 20%; }
        & > .message-log--hit { background: $warning 20%; color: $text-warning; }
    """
        + COLOURS_CSS
        + "}"
    )
    following: var[bool] = var(True)
    """The newest row is kept in view."""
    time_mode: var[TimeMode] = var(TimeMode.MILLISECONDS)
    """How the times of rows are shown."""
    header: var[str | None] = var(None)
    """The name of the header that has a column of its own, None for no such column."""
    heads: var[tuple[Head, ...]] = var(())
    """What stands over the columns of the rows as they are painted now."""
    paused: var[bool] = var(False)
    """Rows that come are recorded and not shown."""

    class Highlighted(Message, namespace="message_log"):
        """The cursor is on another row. While following, posted a few times a second at most."""

        def __init__(self, log: LogView, number: int | None) -> None:
            super().__init__()
            self.log = log
            self.number = number
            """The number of the row in the journal, None if there is no row."""

        @property
        def control(self) -> LogView:
            return self.log

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LogView.Highlighted)

    class Selected(Message, namespace="message_log"):
        """The person pressed Enter on a row, or clicked it twice."""

        def __init__(self, log: LogView, number: int) -> None:
            super().__init__()
            self.log = log
            self.number = number

        @property
        def control(self) -> LogView:
            return self.log

    class StateChanged(Message, namespace="message_log"):
        """Whether it follows or is paused, the filter, or how far that has come, changed."""

        def __init__(self, log: LogView) -> None:
            super().__init__()
            self.log = log

        @property
        def control(self) -> LogView:
            return self.log

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LogView.StateChanged)

    def __init__(
        self,
        journal: Journal,
        colour_of: ColourOf = lambda subscription: None,
        *,
        hidden: frozenset[RowGroup] = frozenset(),
        read: FilterReader = read_filter,
        make_painter: MakePainter | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.journal = journal
        self.rows = VisibleRows(journal, hidden)
        """The rows that are shown, in order."""
        self.cursor: int | None = None
        """The number of the row the cursor is on; it may have fallen off since."""
        self.marks = Marks()
        self.window = LogWindow(self, self.rows)
        self.read_filter = read
        """Reads what is typed as a filter."""
        self.painting = LogPainting(
            self,
            self.rows,
            make_painter or (lambda width, styles, under, wanted: RowPainter(width, styles, under, colour_of, wanted)),
            self._under_row,
            # Why there is no row, or else what can be done while nothing comes; not where a filter shows few.
            lambda: (
                no_rows_text(self.rows, self.paused, lambda name: key_of(self, name))
                or (self.empty() if self.rows.filter is None else None)
            ),
            lambda heads: setattr(self, "heads", heads),
        )
        self.empty: Callable[[], EmptyText | None] = lambda: None
        """What is said below the last row where there is space, because nothing that a person waits for has come."""
        self._painted: tuple[int, int, int, EmptyText | None] | None = None
        """What was painted last: first row, number of rows, outcomes known, and what stands in place of rows."""
        self.filter_steps = FilterSteps(self, self.rows, lambda: self.page, self._filter_progressed)
        self.cursor_report = CursorReport(
            self, lambda: self.cursor, lambda number: self.post_message(self.Highlighted(self, number))
        )

    # -- what is shown --------------------------------------------------------------------------------------------

    @property
    def shown(self) -> int:
        """Rows in the view: all there are, or those that match."""
        return len(self.rows)

    @property
    def new_count(self) -> int:
        """Rows that came since the view stopped following or was paused, and have not been in view."""
        if self.following and not self.paused:
            return 0
        return self.rows.count_from(self.window.seen)

    @property
    def needle(self) -> str:
        """The filter as it was typed, "" if all rows are shown."""
        return self.rows.filter.text if self.rows.filter is not None else ""

    @property
    def searching(self) -> bool:
        """Whether rows are left that the filter has not searched."""
        return self.rows.searching

    @property
    def row(self) -> int | None:
        """The number of the row under the cursor if it is shown: a key must not act on what a filter hides."""
        return self.cursor if self.cursor is not None and self.rows.shows(self.cursor) else None

    def look_at(self, number: int) -> None:
        """The person looks at a row: if it is an error, it is counted as open no longer."""
        if self.journal.errors.seen(number):
            self.post_message(self.StateChanged(self))

    @property
    def page(self) -> int:
        """Rows that fit on the screen."""
        return self.window.page

    def settle(self) -> None:
        """The journal changed: bring the view up to date. Cheap when nothing that is in view changed."""
        self.filter_steps.rows_came()
        self.place_rows()

    def search(self, text: str) -> FilterProblem | None:
        """Show only rows that match a filter, all rows if it is empty.

        Returns:
            What is wrong with the filter; then the same rows are shown as before.
        """
        if text == self.needle:
            return None
        wanted = self.read_filter(text) if text else None
        if isinstance(wanted, FilterProblem):
            return wanted
        around = None if self.following else min(self.window.top + self.page, self.journal.end)
        self.rows.search(wanted, around)
        self._painted = None
        if text:
            self.filter_steps.step()
        else:
            self.place_rows()
            self.post_message(self.StateChanged(self))
        return None

    def hide(self, hidden: frozenset[RowGroup]) -> None:
        """Hide these groups of rows and no others."""
        self.rows.groups.hide(hidden)
        self.regrouped()

    def regrouped(self) -> None:
        """Other rows are shown than before: the cursor goes to the nearest of them."""
        rows = self.rows
        if self.cursor is not None and len(rows) and not rows.shows(self.cursor):
            self.cursor = rows.number(min(rows.position(self.cursor), len(rows) - 1))
        self._painted = None
        self.painting.forget_styles()
        self.place_rows()
        self.post_message(self.StateChanged(self))

    def clear(self) -> None:
        """Clear the journal; numbers and counters go on."""
        self.journal.clear()
        self.marks.clear()
        self.painting.forget_widths()
        self.cursor = None
        if self.paused:
            self.rows.frozen = self.journal.end
        self.window.seen = self.journal.end
        self.settle()
        self.post_message(self.StateChanged(self))

    def bring_back(self) -> int:
        """Undo the last `clear`; how many rows come back."""
        count = self.journal.bring_back()
        self.settle()
        self.post_message(self.StateChanged(self))
        return count

    # -- keeping it right -----------------------------------------------------------------------------------------

    def watch_following(self, following: bool) -> None:
        self.window.seen = self.rows.end
        if following:
            self.place_rows()
        self.post_message(self.StateChanged(self))

    def watch_paused(self, paused: bool) -> None:
        self.rows.frozen = self.journal.end if paused else None
        self.window.seen = self.journal.end if paused or self.following else self.window.seen
        self.place_rows()
        self.post_message(self.StateChanged(self))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        # In place of Textual's own, which would paint the scrollbar with every row that comes.
        if round(old_value) == round(new_value):
            return
        self.refresh(self.size.region)
        if self.window.moving:
            return
        # A view that grew shows more above its last row: nobody scrolled up.
        if new_value < old_value and round(new_value) < self.max_scroll_y:
            self.following = False
        elif new_value > old_value and round(new_value) >= self.max_scroll_y and not self.paused:
            self.following = True
        self.window.note()

    def on_resize(self, event: events.Resize) -> None:
        self.painting.forget_styles()
        self.window.resized(None if self.following else self.cursor)
        self.heads = self.painting.painter.heads()
        self.place_rows()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.painting.forget_styles()

    def place_rows(self) -> None:
        """Bring the newest row to the bottom, or the same row to the top as before, and paint what changed."""
        rows, count = self.rows, len(self.rows)
        place = self.window.arrange(self.following)
        if self.following:
            self.cursor = rows.number(count - 1) if count else None
        top = rows.number(place) if place < count else -1
        painted = (top, min(count - place, self.page), self.journal.settled, self.painting.find_words())
        if painted != self._painted:
            self._painted = painted
            self.refresh()
        self.cursor_report.moved(self.following)

    def _filter_progressed(self) -> None:
        """The filter searched on: once it has looked about the cursor, the nearest hit gets it, if there is one."""
        self.place_rows()
        rows, count = self.rows, len(self.rows)
        lost = not self.following and self.cursor is not None and not rows.shows(self.cursor)
        if lost and count and self.cursor is not None and (not rows.searching or count >= self.page):
            before, self.cursor = self.cursor, rows.number(min(rows.position(self.cursor), count - 1))
            self.painting.refresh_row(before)
            self.painting.refresh_row(self.cursor)
            self.cursor_report.moved(self.following)
        self.post_message(self.StateChanged(self))

    # -- painting -------------------------------------------------------------------------------------------------

    def _under_row(self, number: int) -> str:
        """What lies under the text of a row."""
        if number == self.cursor:
            return "cursor" if self.has_focus else "cursor-blurred"
        return "marked" if number in self.marks.numbers else ""

    def secrets_switched(self) -> None:
        self.painting.repaint()

    def watch_time_mode(self) -> None:
        self.painting.want(self.time_mode, self.header)

    watch_header = watch_time_mode

    def render_lines(self, crop: Region) -> list[Strip]:
        strips = self.painting.padded_lines(crop)
        return super().render_lines(crop) if strips is None else strips

    def render_line(self, y: int) -> Strip:
        return self.painting.line(y)
