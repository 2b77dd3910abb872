"""The part of the live log that shows: which rows are in view and where, and how they are painted."""

from __future__ import annotations

from time import monotonic

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from stomptui.journal.journal import Journal
from stomptui.journal.visible_rows import View
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.log.row import ColourOf, RowPainter
from stomptui.ui.widgets.palette import COLOURS, COLOURS_CSS, behind, ink
from stomptui.ui.widgets.reveal import shows_secrets

SEARCH_BUDGET, SEARCH_PAUSE = 0.010, 0.004
"""Seconds the filter works at a time, and seconds it leaves to keys and paints in between."""
SEARCH_SHOWN = 0.2
"""Seconds between two paints of how far the filter has come, once there is a page of hits."""
NAMED = 40
"""Characters of the word searched for that are named where nothing holds it."""
HIGHLIGHT_EVERY = 0.25
"""Seconds between two `Highlighted` while following: who shows the newest row need not do so for each one."""
UNDER = ("cursor", "cursor-blurred", "marked")
"""What can lie under the text of a row."""
STYLES = ("time", "dim", "text", "kind", "in", "out", "good", "warn", "error")


class LogView(ScrollView):
    """A view on a journal, one line a row; only the lines on screen are ever made.

    Nothing is watched: `settle()` says that the journal changed.

    Args:
        journal: What to show.
        colour_of: From the id of a subscription to the number of its colour.
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
    paused: var[bool] = var(False)
    """Rows that come are recorded and not shown."""

    class Highlighted(Message, namespace="message_log"):
        """The cursor is on another row. While following, told a few times a second at most."""

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
        """Following, paused, the filter or how far it has come is another than before."""

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
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.journal = journal
        self.view = View(journal)
        self.cursor: int | None = None
        """The number of the row the cursor is on; it may have fallen off since."""
        self.marked: set[int] = set()
        """The numbers of rows a person has marked."""
        self._colour_of = colour_of
        self._painter: RowPainter | None = None
        self._top = 0
        """The number of the row at the top, which stays there while others come and fall off."""
        self._seen = 0
        """The number after that of the newest row that was in view."""
        self._height = 0
        self._moving = False
        """It is the log that scrolls, not the person."""
        self._painted: tuple[int, int, int, str] | None = None
        """What was painted last: first row, number of rows, outcomes known, and what stands in place of rows."""
        self._thumb = (0, 0)
        """Where the thumb of the scrollbar begins and how long it is, in eighths of a cell."""
        self._told: tuple[int | None, float] = (None, 0.0)
        self._tell_timer: Timer | None = None
        self._search_timer: Timer | None = None
        self._search_shown = 0.0

    # -- what is shown --------------------------------------------------------------------------------------------

    @property
    def shown(self) -> int:
        """Rows in the view: all there are, or those that match."""
        return len(self.view)

    @property
    def new_count(self) -> int:
        """Rows that came since the view stopped following or was paused, and have not been in view."""
        if self.following and not self.paused:
            return 0
        return self.view.count_from(self._seen)

    @property
    def needle(self) -> str:
        """The word that rows must hold, "" if all are shown."""
        return self.view.needle

    @property
    def searching(self) -> bool:
        """True while rows are left that the filter has not looked at."""
        return self.view.searching

    @property
    def row(self) -> int | None:
        """The number of the row under the cursor if it is shown: a key must not act on what a filter hides."""
        return self.cursor if self.cursor is not None and self.view.shows(self.cursor) else None

    @property
    def page(self) -> int:
        """Rows that fit on the screen."""
        return max(1, self.scrollable_content_region.height)

    def settle(self) -> None:
        """The journal changed: bring the view up to date. Cheap when nothing that is in view changed."""
        hits = self.view.hits
        if hits is not None and not hits.scan(SEARCH_BUDGET / 2):
            self._search_on()
        self._arrange()

    def search(self, needle: str) -> None:
        """Show only rows that hold the word in either case, all rows if it is empty."""
        if needle == self.needle:
            return
        self.view.search(needle, None if self.following else min(self._top + self.page, self.journal.end))
        self._painted = None
        if needle:
            self._search_step()
        else:
            self._arrange()
            self.post_message(self.StateChanged(self))

    def clear(self) -> None:
        """Put all rows of the journal away; their numbers and the counters go on."""
        self.journal.clear()
        self.marked.clear()
        self.cursor = None
        if self.paused:
            self.view.frozen = self.journal.end
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
        self._seen = self.view.end
        if following:
            self._arrange()
        self.post_message(self.StateChanged(self))

    def watch_paused(self, paused: bool) -> None:
        self.view.frozen = self.journal.end if paused else None
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
        self._place_thumb()
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
            top, here = self.view.position(self._top), self.view.position(self.cursor)
            if top <= here < top + height and here >= top + self.page:
                self._top = self.view.number(here - self.page + 1)
        self._arrange()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painter = None

    def _arrange(self) -> None:
        """Size and place for what there is now: the newest row at the bottom, or the same row at the top as before."""
        view, count = self.view, len(self.view)
        if self.virtual_size.height != count or self.virtual_size.width != self.size.width:
            # The scrollbar is always there: a row more needs no layout, and assigning `virtual_size` would ask for one.
            self.set_reactive(Widget.virtual_size, Size(self.size.width, count))
        if self.following:
            place = self.max_scroll_y
            self.cursor = view.number(count - 1) if count else None
        else:
            place = min(view.position(self._top), self.max_scroll_y)
        self._moving = True
        try:
            self.scroll_to(y=place, animate=False, force=True, immediate=True)
        finally:
            self._moving = False
        self._place_thumb()
        self._note_place()
        top = view.number(place) if place < count else -1
        painted = (top, min(count - place, self.page), self.journal.settled, "" if count else self._no_rows())
        if painted != self._painted:
            self._painted = painted
            self.refresh()
        self._tell_cursor()

    def _place_thumb(self) -> None:
        """Tell the scrollbar where the view is; it is painted only if that can be seen: it costs as much as rows."""
        bar, count, place = self.vertical_scrollbar, len(self.view), self.scroll_y
        size = self.page
        thumb = max(1.0, size * size / count) if count > size else 0.0
        start = int((size - thumb) * place / (count - size) * 8) if thumb else 0
        if (start, round(thumb * 8)) == self._thumb:
            bar.set_reactive(ScrollBar.window_virtual_size, count)
            bar.set_reactive(ScrollBar.position, place)
        else:
            self._thumb = (start, round(thumb * 8))
            bar.window_virtual_size, bar.position = count, place

    def _note_place(self) -> None:
        """Remember which rows are in view."""
        count, place = len(self.view), self.scroll_offset.y
        if place < count:
            self._top = self.view.number(place)
            self._seen = max(self._seen, self.view.number(min(count, place + self.page) - 1) + 1)

    def _search_on(self) -> None:
        if self._search_timer is None and self.is_attached:
            self._search_timer = self.set_timer(SEARCH_PAUSE, self._search_step)

    def _search_step(self) -> None:
        self._search_timer = None
        hits = self.view.hits
        if hits is None:
            return
        before = len(self.view)
        done = hits.scan(SEARCH_BUDGET)
        if not done:
            self._search_on()
        now = monotonic()
        if done or before < self.page or now - self._search_shown >= SEARCH_SHOWN:
            self._search_shown = now
            self._arrange()
            self._cursor_to_hits()
            self.post_message(self.StateChanged(self))
        if done:
            self.searched()

    def searched(self) -> None:
        """The filter has looked at every row there is."""

    def _cursor_to_hits(self) -> None:
        """Once the rows about the cursor have been looked through, put it on the nearest hit; without hits it stays."""
        view, count = self.view, len(self.view)
        if self.following or not count or self.cursor is None or view.shows(self.cursor):
            return
        if not view.searching or count >= self.page:
            before, self.cursor = self.cursor, view.number(min(view.position(self.cursor), count - 1))
            self._refresh_row(before)
            self._refresh_row(self.cursor)
            self._tell_cursor()

    def _no_rows(self) -> str:
        """What stands in place of rows where there are none to show though there could be; clean."""
        view, needle = self.view, self.needle
        if needle:
            word = clean(needle if len(needle) <= NAMED else needle[: NAMED - 1] + "…")
            if view.searching:
                return f"Looking for '{word}' …"
            where = " before the pause" if view.count_from(0) else ""
            return f"No rows{where} contain '{word}'. Esc shows all"
        if self.paused and len(self.journal):
            return "Paused, and none of the rows shown then is left. Space goes on"
        return ""

    def _tell_cursor(self) -> None:
        """Say where the cursor is, if it moved; at most a few times a second while following."""
        number, when = self._told
        if self.cursor == number:
            return
        wait = when + HIGHLIGHT_EVERY - monotonic() if self.following else 0.0
        if wait <= 0:
            self._told = (self.cursor, monotonic())
            self.post_message(self.Highlighted(self, self.cursor))
        elif self._tell_timer is None:
            self._tell_timer = self.set_timer(wait, self._tell_later)

    def _tell_later(self) -> None:
        self._tell_timer = None
        self._tell_cursor()

    # -- painting -------------------------------------------------------------------------------------------------

    def _restyle(self) -> RowPainter:
        """The painter for this width and theme."""
        styles = {name: ink(self, f"message-log--{name}") for name in STYLES}
        styles |= {name: ink(self, name) for name in COLOURS}
        under = {"": self.rich_style}
        for name in UNDER:
            under[name] = self.rich_style + behind(self, f"message-log--{name}")
        self._painter = RowPainter(self.scrollable_content_region.width, styles, under, self._colour_of)
        self._painter.shows_secrets = shows_secrets(self)
        return self._painter

    def secrets_switched(self) -> None:
        self._painter = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        painter = self._painter or self._restyle()
        position = self.scroll_offset.y + y
        if position >= len(self.view):
            return painter.words(self._no_rows()) if y == 0 and not len(self.view) else painter.blank
        number = self.view.number(position)
        if number == self.cursor:
            under = "cursor" if self.has_focus else "cursor-blurred"
        else:
            under = "marked" if number in self.marked else ""
        return painter.line(self.journal, number, under)

    def _refresh_row(self, number: int | None) -> None:
        if number is not None:
            y = self.view.position(number) - self.scroll_offset.y
            if 0 <= y < self.page:
                self.refresh(Region(0, y, self.size.width, 1))
