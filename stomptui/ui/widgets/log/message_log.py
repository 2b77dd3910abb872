"""The live log: the keys and the mouse that move about in it, mark rows and go to errors."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from stomptui.journal.journal import Journal
from stomptui.journal.row_groups import RowGroup
from stomptui.journal.search.row_filter import FilterReader
from stomptui.journal.search.word_filter import read_filter
from stomptui.ui.controllers import add_actions
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.cycle import after
from stomptui.ui.widgets.log.error_steps import NO_ERROR, ErrorSteps
from stomptui.ui.widgets.log.marking import Marking
from stomptui.ui.widgets.log.painting import MakePainter
from stomptui.ui.widgets.log.row import ColourOf
from stomptui.ui.widgets.log.row_selection import RowPlace
from stomptui.ui.widgets.log.view import LogView

WHY_NOT = {
    "follow": "The log follows already.",
    "last_error": NO_ERROR,
    "close_errors": "There are no errors to clear.",
}
"""Why an action does nothing, where it can do nothing."""


class MessageLog(LogView, can_focus=True):
    """Every frame in both directions and every note, one a row, with a cursor.

    Going up, by key or wheel, stops following; pausing holds the view still while the record goes on.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.LOG)

    class MarksChanged(Message):
        """Other messages are marked than before."""

    class FilterDropped(Message):
        """The filter was given up, because it hid a row that the person asked for."""

    class ColumnRequested(Message):
        """The person wants to choose which header has a column of its own."""

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
        super().__init__(journal, colour_of, hidden=hidden, read=read, make_painter=make_painter, id=id)
        self.marking = Marking(self, lambda: self.action_cursor(1), lambda: self.post_message(self.MarksChanged()))
        """Marks rows."""
        add_actions(self, self.marking, ErrorSteps(self, self.go_to))

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
        if reason := WHY_NOT.get(action):
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
                self.regrouped()
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

    def action_column(self) -> None:
        """Choose which header has a column of its own."""
        self.post_message(self.ColumnRequested())

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

    def action_select(self) -> None:
        """Open the row under the cursor."""
        if self.row is None:
            return
        if self.rows.groups.toggle(self.row):
            self.following = False
            self.regrouped()
        else:
            self.post_message(self.Selected(self, self.row))

    # -- moving ----------------------------------------------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """From here on the mouse selects text."""
        if event.button == 1 and (place := self._place_at(event)) is not None:
            if self.painting.selection.clear():
                self.painting.repaint()
            self.painting.selection.press(place)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Select to where the mouse is; beyond the edge of the view that scrolls it."""
        selection = self.painting.selection
        if not selection.pressed:
            return
        y = event.y - self.gutter.top
        if y < 0 or y >= self.page:
            self.following = False
            self.scroll_to(y=self.scroll_offset.y + (1 if y > 0 else -1), animate=False, immediate=True)
        place = self._place_at(event)
        if place is not None and selection.drag(place):
            self.following = False
            self.refresh()

    def on_mouse_up(self) -> None:
        if self.painting.selection.pressed:
            self.painting.selection.release()
            self.release_mouse()

    def _place_at(self, event: events.MouseEvent) -> RowPlace | None:
        """The place under the mouse, or the nearest to it in the view; None without rows."""
        if not self.shown:
            return None
        y = min(max(0, event.y - self.gutter.top), self.page - 1)
        position = min(self.scroll_offset.y + y, self.shown - 1)
        return RowPlace(self.rows.number(position), max(0, event.x - self.gutter.left))

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a row; the newest row does not end following, any other does."""
        offset = event.get_content_offset(self)
        position = self.scroll_offset.y + offset.y if offset is not None else -1
        if not 0 <= position < self.shown or self.painting.selection.ends is not None:
            return
        if position < self.shown - 1:
            self.following = False
        self._move_cursor(position)
        if event.chain == 2:
            self.action_select()

    def on_focus(self) -> None:
        self.painting.refresh_row(self.cursor)

    def on_blur(self) -> None:
        self.painting.refresh_row(self.cursor)

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
        self.painting.refresh_row(before)
        self.painting.refresh_row(self.cursor)
        self.cursor_report.moved(self.following)

    def _scroll_to_row(self, position: int) -> None:
        self.window.top = self.rows.number(position)
        self.place_rows()
