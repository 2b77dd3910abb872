"""Which rows of a log are in view: the newest, or those that the person reads, which stay where they are."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget

from stomptui.journal.visible_rows import VisibleRows
from stomptui.ui.widgets.log.thumb import Thumb


class LogWindow:
    """Scrolls a log, and knows its rows by their numbers: positions change while the oldest fall off.

    Args:
        view: The log.
        rows: Its rows.
    """

    def __init__(self, view: ScrollView, rows: VisibleRows) -> None:
        self._view = view
        self._rows = rows
        self.top = 0
        """The number of the row at the top, which stays there while others come and fall off."""
        self.seen = 0
        """The number after that of the newest row that was in view."""
        self.moving = False
        """Whether it is the log that scrolls, not the person."""
        self._height = 0
        self._thumb = Thumb()

    @property
    def page(self) -> int:
        """Rows that fit on the screen."""
        return max(1, self._view.scrollable_content_region.height)

    def arrange(self, following: bool) -> int:
        """Size and place for the rows there are now: the newest at the bottom, or the same row at the top as before.

        Returns:
            The position of the row at the top.
        """
        view, count = self._view, len(self._rows)
        if view.virtual_size.height != count or view.virtual_size.width != view.size.width:
            # The scrollbar is always there: a row more needs no layout, and assigning `virtual_size` would ask for one.
            view.set_reactive(Widget.virtual_size, Size(view.size.width, count))
        place = view.max_scroll_y if following else min(self._rows.position(self.top), view.max_scroll_y)
        self.moving = True
        try:
            view.scroll_to(y=place, animate=False, force=True, immediate=True)
        finally:
            self.moving = False
        self.note()
        return place

    def note(self) -> None:
        """Remember which rows are in view, and show on the scrollbar where they are."""
        view, count, place = self._view, len(self._rows), self._view.scroll_offset.y
        self._thumb.place(view.vertical_scrollbar, count, self.page, view.scroll_y)
        if place < count:
            self.top = self._rows.number(place)
            self.seen = max(self.seen, self._rows.number(min(count, place + self.page) - 1) + 1)

    def resized(self, cursor: int | None) -> None:
        """The view has another height: a row that was in view and must stay so is not covered by what opens below.

        Args:
            cursor: The number of that row, None if there is none.
        """
        height, self._height = self._height, self.page
        if cursor is not None:
            top, here = self._rows.position(self.top), self._rows.position(cursor)
            if top <= here < top + height and here >= top + self.page:
                self.top = self._rows.number(here - self.page + 1)
