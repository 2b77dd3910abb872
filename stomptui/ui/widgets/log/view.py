"""The base of the log and of the list of a peek: which rows are in view, following and pausing, and painting them."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from stomptui.journal.journal import Journal
from stomptui.journal.row_groups import RowGroup
from stomptui.journal.visible_rows import VisibleRows
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.log.columns import LogColumns, TimeMode, widest_name
from stomptui.ui.widgets.log.cursor_report import CursorReport
from stomptui.ui.widgets.log.filter_steps import FilterSteps
from stomptui.ui.widgets.log.marks import Marks
from stomptui.ui.widgets.log.no_rows import no_rows_text
from stomptui.ui.widgets.log.padded_lines import PaddedLines
from stomptui.ui.widgets.log.row import ColourOf, RowPainter
from stomptui.ui.widgets.log.thumb import Thumb
from stomptui.ui.widgets.palette import COLOURS, COLOURS_CSS, behind, ink
from stomptui.ui.widgets.reveal import shows_secrets

UNDER = ("cursor", "cursor-blurred", "marked")
"""What can lie under the text of a row."""
STYLES = ("time", "dim", "text", "kind", "in", "out", "good", "warn", "error")


class LogView(ScrollView):
    """A view on a journal, one line a row; only the lines on screen are ever made.

    The journal is not watched: call `settle()` when it changed.

    Args:
        journal: What to show.
        colour_of: From the id of a subscription to the number of its colour.
        hidden: The groups of rows that are hidden to begin with.
    """

    COMPONENT_CLASSES = {
        *(f"message-log--{name}" for name in STYLES),
        *(f"message-log--{name}" for name in UNDER),
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
    """
        + COLOURS_CSS
        + "}"
    )
    following: var[bool] = var(True)
    """The newest row is kept in view."""
    time_mode: var[TimeMode] = var(TimeMode.MILLISECONDS)
    """How the times of rows are shown."""
    columns: var[LogColumns | None] = var(None)
    """The columns of the rows as they are painted now."""
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
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.journal = journal
        self.rows = VisibleRows(journal, hidden)
        """The rows that are shown, in order."""
        self.cursor: int | None = None
        """The number of the row the cursor is on; it may have fallen off since."""
        self.marks = Marks()
        self._colour_of = colour_of
        self._padded = PaddedLines(self)
        self._painter: RowPainter | None = None
        self._longest_name = 0
        """Cells of the longest destination seen since the log was cleared."""
        self._top = 0
        """The number of the row at the top, which stays there while others come and fall off."""
        self._seen = 0
        """The number after that of the newest row that was in view."""
        self._height = 0
        self._moving = False
        """It is the log that scrolls, not the person."""
        self._painted: tuple[int, int, int, str] | None = None
        """What was painted last: first row, number of rows, outcomes known, and what stands in place of rows."""
        self._thumb = Thumb()
        self._filter_steps = FilterSteps(self, self.rows, lambda: self.page, self._filter_progressed)
        self._cursor_report = CursorReport(
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
        return self.rows.count_from(self._seen)

    @property
    def needle(self) -> str:
        """The word that rows must contain, "" if all are shown."""
        return self.rows.needle

    @property
    def searching(self) -> bool:
        """Whether rows are left that the filter has not searched."""
        return self.rows.searching

    @property
    def row(self) -> int | None:
        """The number of the row under the cursor if it is shown: a key must not act on what a filter hides."""
        return self.cursor if self.cursor is not None and self.rows.shows(self.cursor) else None

    @property
    def page(self) -> int:
        """Rows that fit on the screen."""
        return max(1, self.scrollable_content_region.height)

    def settle(self) -> None:
        """The journal changed: bring the view up to date. Cheap when nothing that is in view changed."""
        self._filter_steps.rows_came()
        self._arrange()

    def search(self, needle: str) -> None:
        """Show only rows that contain the word in either case, all rows if it is empty."""
        if needle == self.needle:
            return
        self.rows.search(needle, None if self.following else min(self._top + self.page, self.journal.end))
        self._painted = None
        if needle:
            self._filter_steps.step()
        else:
            self._arrange()
            self.post_message(self.StateChanged(self))

    def hide(self, hidden: frozenset[RowGroup]) -> None:
        """Hide these groups of rows and no others."""
        self.rows.groups.hide(hidden)
        self._regrouped()

    def toggle_fold(self, number: int) -> bool:
        """Show the rows that this row stands for, or hide them again; False if there is nothing to show or hide."""
        if not self.rows.groups.toggle(number):
            return False
        self.following = False
        self._regrouped()
        return True

    def _regrouped(self) -> None:
        """Other rows are shown than before: the cursor goes to the nearest of them."""
        rows = self.rows
        if self.cursor is not None and len(rows) and not rows.shows(self.cursor):
            self.cursor = rows.number(min(rows.position(self.cursor), len(rows) - 1))
        self._painted = self._painter = None
        self._arrange()
        self.post_message(self.StateChanged(self))

    def clear(self) -> None:
        """Clear the journal; numbers and counters go on."""
        self.journal.clear()
        self.marks.clear()
        self._longest_name, self._painter = 0, None
        self.cursor = None
        if self.paused:
            self.rows.frozen = self.journal.end
        self._seen = self.journal.end
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
        self._seen = self.rows.end
        if following:
            self._arrange()
        self.post_message(self.StateChanged(self))

    def watch_paused(self, paused: bool) -> None:
        self.rows.frozen = self.journal.end if paused else None
        self._seen = self.journal.end if paused or self.following else self._seen
        self._arrange()
        self.post_message(self.StateChanged(self))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        # In place of Textual's own, which would paint the scrollbar with every row that comes.
        if round(old_value) == round(new_value):
            return
        self.refresh(self.size.region)
        if self._moving:
            return
        self._thumb.place(self.vertical_scrollbar, len(self.rows), self.page, self.scroll_y)
        # A view that grew shows more above its last row: nobody scrolled up.
        if new_value < old_value and round(new_value) < self.max_scroll_y:
            self.following = False
        elif round(new_value) >= self.max_scroll_y and not self.paused:
            self.following = True
        self._note_place()

    def on_resize(self, event: events.Resize) -> None:
        height, self._height = self._height, self.page
        self._restyle()
        if not self.following and self.cursor is not None:
            # A pane that opens below must not cover the row it is opened for.
            top, here = self.rows.position(self._top), self.rows.position(self.cursor)
            if top <= here < top + height and here >= top + self.page:
                self._top = self.rows.number(here - self.page + 1)
        self._arrange()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painter = None

    def _arrange(self) -> None:
        """Size and place for what there is now: the newest row at the bottom, or the same row at the top as before."""
        rows, count = self.rows, len(self.rows)
        if self.virtual_size.height != count or self.virtual_size.width != self.size.width:
            # The scrollbar is always there: a row more needs no layout, and assigning `virtual_size` would ask for one.
            self.set_reactive(Widget.virtual_size, Size(self.size.width, count))
        if self.following:
            place = self.max_scroll_y
            self.cursor = rows.number(count - 1) if count else None
        else:
            place = min(rows.position(self._top), self.max_scroll_y)
        self._moving = True
        try:
            self.scroll_to(y=place, animate=False, force=True, immediate=True)
        finally:
            self._moving = False
        self._thumb.place(self.vertical_scrollbar, len(self.rows), self.page, self.scroll_y)
        self._note_place()
        top = rows.number(place) if place < count else -1
        words = "" if count else self._no_rows()
        painted = (top, min(count - place, self.page), self.journal.settled, words)
        if painted != self._painted:
            self._painted = painted
            self.refresh()
        self._cursor_report.moved(self.following)

    def _note_place(self) -> None:
        """Remember which rows are in view."""
        count, place = len(self.rows), self.scroll_offset.y
        if place < count:
            self._top = self.rows.number(place)
            self._seen = max(self._seen, self.rows.number(min(count, place + self.page) - 1) + 1)

    def _filter_progressed(self, done: bool) -> None:
        self._arrange()
        self._cursor_to_hits()
        self.post_message(self.StateChanged(self))
        if done:
            self.filter_done()

    def filter_done(self) -> None:
        """The filter has searched every row there is; subclasses may act on it."""

    def _no_rows(self) -> str:
        return no_rows_text(self.rows, self.paused, lambda name: key_of(self, name))

    def _cursor_to_hits(self) -> None:
        """Once the rows about the cursor have been looked through, put it on the nearest hit; without hits it stays."""
        rows, count = self.rows, len(self.rows)
        if self.following or not count or self.cursor is None or rows.shows(self.cursor):
            return
        if not rows.searching or count >= self.page:
            before, self.cursor = self.cursor, rows.number(min(rows.position(self.cursor), count - 1))
            self._refresh_row(before)
            self._refresh_row(self.cursor)
            self._cursor_report.moved(self.following)

    # -- painting -------------------------------------------------------------------------------------------------

    def _restyle(self) -> RowPainter:
        """The painter for this width and theme."""
        styles = {name: ink(self, f"message-log--{name}") for name in STYLES}
        styles |= {name: ink(self, name) for name in COLOURS}
        under = {"": self.rich_style}
        for name in UNDER:
            under[name] = self.rich_style + behind(self, f"message-log--{name}")
        self._painter = self._make_painter(self.scrollable_content_region.width, styles, under)
        self._painter.shows_secrets = shows_secrets(self)
        self.columns = self._painter.columns
        return self._painter

    def _make_painter(self, width: int, styles: Mapping[str, Style], under: Mapping[str, Style]) -> RowPainter:
        """What paints rows in a width; subclasses whose rows have other columns override it."""
        return RowPainter(width, styles, under, self._colour_of, self._longest_name, self.time_mode)

    def secrets_switched(self) -> None:
        self._painter = None
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        strips = self._padded.render(crop, self.render_line)
        return super().render_lines(crop) if strips is None else strips

    def render_line(self, y: int) -> Strip:
        painter = self._painter or self._restyle()
        position = self.scroll_offset.y + y
        if position >= len(self.rows):
            return painter.words(self._no_rows()) if y == 0 and not len(self.rows) else painter.blank
        number = self.rows.number(position)
        if number == self.cursor:
            under = "cursor" if self.has_focus else "cursor-blurred"
        else:
            under = "marked" if number in self.marks.numbers else ""
        line = painter.line(self.journal, number, under, self.rows.groups.opened(number), self._time_before(position))
        if painter.longest_name > self._longest_name:
            self._longest_name, before = painter.longest_name, self._longest_name
            if min(self._longest_name, widest_name(painter.width)) > max(before, painter.columns.destination):
                self.call_later(self._widen)
        return line

    def _time_before(self, position: int) -> float:
        """When the row above a position was, if times are shown by that; 0.0 if there is none."""
        if self.time_mode is not TimeMode.SINCE or not position:
            return 0.0
        return self.journal.entry(self.rows.number(position - 1)).when

    def watch_time_mode(self) -> None:
        self._painter = None
        self.refresh()

    def _widen(self) -> None:
        """Give destinations the space that the longest one wants."""
        self._painter = None
        self.refresh()

    def _refresh_row(self, number: int | None) -> None:
        if number is not None:
            y = self.rows.position(number) - self.scroll_offset.y
            if 0 <= y < self.page:
                self.refresh(Region(0, y, self.size.width, 1))
