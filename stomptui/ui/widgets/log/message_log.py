"""The live log: the keys and the mouse that move about in it, mark rows and go to errors."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from stomptui.journal.row_groups import RowGroup
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.widgets.cycle import after
from stomptui.ui.widgets.log.view import LogView


class MessageLog(LogView, can_focus=True):
    """Every frame in both directions and every note, one a row, with a cursor.

    Going up, by key or wheel, stops following; pausing holds the view still while the record goes on.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.LOG)

    class MarksChanged(Message):
        """Other messages are marked than before."""

    class FilterDropped(Message):
        """The filter was given up, because it hid a row that the person asked for."""

    _mark_all_later = False
    """The person wants all rows marked that the filter finds, and it is not done yet."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Following is offered to who does not follow, errors where there are some, opening where there is a row."""
        if action == "follow":
            return not self.following or self.paused
        if action == "last_error":
            return self.journal.errors.last is not None
        if action == "close_errors":
            return self.journal.errors.open > 0
        if action == "select":
            return self.row is not None
        return True

    def action_say_why_not(self, action: str) -> None:
        """Say why a key does nothing here."""
        reason = {
            "follow": "The log follows already.",
            "last_error": "There is no error.",
            "close_errors": "There are no errors to clear.",
        }.get(action)
        if reason is not None:
            self.app.notify(reason)

    def go_to(self, number: int) -> bool:
        """Put the cursor on that row and bring it into view, giving up the filter and the pause if they hide it.

        Returns:
            False if the row is not there (any more).
        """
        if self.journal.get(number) is None:
            return False
        if number >= self.rows.end:
            self.paused = False
        if not self.rows.shows(number):
            if self.needle:
                self.search("")
                self.post_message(self.FilterDropped())
            if not self.rows.shows(number):
                self.rows.groups.show(number)
                self._regrouped()
        self.following = False
        self._move_cursor(self.rows.position(number))
        return True

    def action_follow(self) -> None:
        """Show the newest rows as they come, whatever the view was doing before."""
        self.paused = False
        self.following = True

    def action_pause(self) -> None:
        """Hold the view still, or resume it."""
        self.paused = not self.paused

    def action_group(self, name: str) -> None:
        """Hide a group of rows, or show it again.

        Args:
            name: The value of its `RowGroup`.
        """
        group = RowGroup(name)
        self.hide(self.rows.groups.hidden ^ {group})

    def action_times(self) -> None:
        """Show times another way: with milliseconds, without, or since the row before."""
        self.time_mode = after(self.time_mode)
        self.post_message(self.StateChanged(self))

    def action_page(self, step: int) -> None:
        """One screen up or down."""
        self.action_cursor(step * max(1, self.page - 1))

    def action_oldest(self) -> None:
        """The first row that is still there."""
        self.following = False
        self._move_cursor(0)

    def action_newest(self) -> None:
        """The last row, and follow from there; in a paused view its last row."""
        if self.paused:
            self._move_cursor(self.shown - 1)
        else:
            self.following = True

    def action_last_error(self) -> None:
        """The newest error there is."""
        if self.journal.errors.last is None:
            self.action_say_why_not("last_error")
        else:
            self.go_to(self.journal.errors.last)

    def action_close_errors(self) -> None:
        """Count the errors so far as open no longer."""
        self.journal.errors.close()
        self.post_message(self.StateChanged(self))

    def action_error(self, step: int) -> None:
        """The error before or after the cursor."""
        here = self.journal.end if self.cursor is None else self.cursor
        number = self.journal.errors.before(here) if step < 0 else self.journal.errors.after(here)
        if number is None:
            self.app.notify("There is no error before this row." if step < 0 else "There is no error after this row.")
        else:
            self.go_to(number)

    def action_select(self) -> None:
        """Open the row under the cursor."""
        if self.row is not None and not self.toggle_fold(self.row):
            self.post_message(self.Selected(self, self.row))

    # -- marks -----------------------------------------------------------------------------------------------------

    def chosen(self) -> list[int]:
        """The marked rows that are there, in order; without marks the one under the cursor."""
        marked = self.marks.there(self.journal)
        return marked if marked or self.row is None else [self.row]

    def _marks_changed(self) -> None:
        self._painter = None
        self.refresh()
        self.post_message(self.MarksChanged())

    def action_mark(self) -> None:
        """Mark the row under the cursor, or unmark it, and go one down."""
        if self.row is None:
            return
        self.marks.toggle(self.row)
        self._marks_changed()
        self.action_cursor(1)
        self.following = False

    def action_mark_range(self) -> None:
        """Mark all shown rows from the last mark, or the first row, to the cursor."""
        if self.row is not None:
            self.marks.mark_to(self.row, self.rows)
            self._marks_changed()

    def action_mark_all(self) -> None:
        """Mark every row that the filter shows, once it has looked at all that are there now."""
        self._mark_all_later = self.searching
        if self.searching:
            self.notify("All rows found will be marked when the filter is done.")
            return
        self.marks.mark_all(self.rows)
        self._marks_changed()

    def action_unmark(self) -> None:
        """Mark nothing."""
        self._mark_all_later = False
        self.marks.clear()
        self._marks_changed()

    def search(self, needle: str) -> None:
        self._mark_all_later = False
        super().search(needle)

    def filter_done(self) -> None:
        if self._mark_all_later:
            self.action_mark_all()

    # -- moving ----------------------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a row; the newest row does not end following, any other does."""
        offset = event.get_content_offset(self)
        position = self.scroll_offset.y + offset.y if offset is not None else -1
        if not 0 <= position < self.shown:
            return
        if position < self.shown - 1:
            self.following = False
        self._move_cursor(position)
        if event.chain == 2:
            self.action_select()

    def on_focus(self) -> None:
        self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        self._refresh_row(self.cursor)

    def action_cursor(self, step: int) -> None:
        """Move the cursor that many rows; from the edge of the screen if it is out of sight."""
        if not self.shown:
            return
        top = self.scroll_offset.y
        bottom = min(self.shown, top + self.page) - 1
        here = self.rows.position(self.cursor) if self.cursor is not None else -1
        if step < 0:
            self.following = False
        elif self.following:
            return
        edge = bottom if step < 0 else top
        target = here + step if top <= here <= bottom else edge
        if step > 0 and self.row is None and target == here + step:
            # The cursor's row is hidden: `here` is the row after it.
            target -= 1
        if target >= self.shown - 1 and step > 0 and not self.paused:
            self.following = True
        else:
            self._move_cursor(min(max(0, target), self.shown - 1))

    def _move_cursor(self, position: int) -> None:
        """Put the cursor on the row at that position and bring it into view."""
        if not 0 <= position < self.shown:
            return
        before, self.cursor = self.cursor, self.rows.number(position)
        top = self.scroll_offset.y
        if position < top:
            self._scroll_to_row(position)
        elif position >= top + self.page:
            self._scroll_to_row(position - self.page + 1)
        self._refresh_row(before)
        self._refresh_row(self.cursor)
        self._cursor_report.moved(self.following)

    def _scroll_to_row(self, position: int) -> None:
        self._top = self.rows.number(position)
        self._arrange()
