"""Header lines in their order: each can be edited, moved, switched off and removed, and names may repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget

from stomptui.compose.draft import HeaderLine
from stomptui.compose.draft_notes import DraftNote
from stomptui.compose.pasted import Pasted
from stomptui.config.secret_names import is_secret
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.compose.add_line import AddLine, LinePart
from stomptui.ui.widgets.compose.header_fields import Split
from stomptui.ui.widgets.compose.header_row import HeaderRow, LineAction, LineActionRequested
from stomptui.ui.widgets.text.fields import ExactField
from stomptui.ui.widgets.text.variable_completion import Names

NARROW = 46
"""Columns below which the buttons of a line are there only while the mouse is over it."""
LEAST_NAME, LEAST_VALUE = 8, 12
"""Cells of a name and of a value at least."""
SHOWN = 100
"""Lines that have a row: thousands of them would take a minute. Further ones are edited as text."""


class HeaderEditor(VerticalScroll, can_focus=False):
    """Edits a list of header lines in place.

    Args:
        lines: The lines; this very list changes.
        names: The header names to complete from.
        values: The values to complete from, by the name of the header.
        variables: Variables to complete in values, beside those that there always are; None where none is filled in.
        as_text: Whether all lines can be edited as text from a menu.
    """

    DEFAULT_CSS = """
    HeaderEditor {
        height: 1fr;
        scrollbar-size-vertical: 1;
        #add { width: auto; height: 1; color: $text-muted; padding-right: 1; }
        #add:focus, #add:hover { color: $text; background: $primary-muted; }
        &.-narrow LineButton { display: none; }
        &.-narrow HeaderRow.-over LineButton { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.HEADERS)

    class Changed(Message):
        """The lines are others now."""

        def __init__(self, editor: HeaderEditor) -> None:
            super().__init__()
            self.editor = editor

        @property
        def control(self) -> HeaderEditor:
            return self.editor

    class FramePasted(Message):
        """More than header lines was pasted: those are here, and destination and body belong elsewhere."""

        def __init__(self, pasted: Pasted) -> None:
            super().__init__()
            self.pasted = pasted

    class AsTextRequested(Message):
        """The person wants to edit all lines as text."""

    class NothingDone(Message):
        """A key did nothing.

        Args:
            why: The reason, for the person.
        """

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def __init__(
        self,
        lines: list[HeaderLine],
        names: Callable[[], Iterable[str]] = tuple,
        values: Callable[[str], Iterable[str]] = lambda name: (),
        variables: Names = lambda: None,
        as_text: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.lines = lines
        self._names = names
        self._values = values
        self._variables = variables
        self._as_text = as_text
        self._rows: list[HeaderRow] = []
        self._add = AddLine(self)

    def on_resize(self) -> None:
        self._widen()

    def on_descendant_blur(self) -> None:
        # While a name is typed its column stays as it is.
        self._widen()

    def _widen(self) -> None:
        """Give names the space that they need, as far as values leave it, and half of it at most otherwise."""
        width = self.scrollable_content_region.width
        narrow = width < NARROW
        self.set_class(narrow, "-narrow")
        room = width - HeaderRow.SWITCH - (0 if narrow else HeaderRow.BUTTONS)
        names = max((cell_len(row.line.name) for row in self._rows), default=0) + 1
        values = max((cell_len(row.line.value) for row in self._rows), default=0) + 1
        cells = max(room * 2 // 5, min(names, max(room - max(values, LEAST_VALUE), room // 2)))
        for row in self._rows:
            row.name_cells = max(LEAST_NAME, cells)

    def compose(self) -> ComposeResult:
        # A field with text in it can be made only while the app runs.
        self._rows = [self._row(line) for line in self.lines[:SHOWN]]
        yield from self._rows
        yield self._add

    def on_mount(self) -> None:
        self._add.show(self.more)

    @property
    def more(self) -> int:
        """How many lines have no row."""
        return max(0, len(self.lines) - SHOWN)

    @property
    def has_text(self) -> bool:
        """Whether all lines can be edited as text; only the compose pane has a place for that."""
        return self._as_text

    @property
    def full(self) -> bool:
        """Whether a further line would have no row; then that is said."""
        if len(self.lines) < SHOWN:
            return False
        self.post_message(self.NothingDone(f"no more than {SHOWN} header lines are edited here{self.elsewhere}"))
        return True

    def ask_as_text(self) -> None:
        """Have all lines edited as text."""
        self.post_message(self.AsTextRequested())

    @property
    def elsewhere(self) -> str:
        """Where all lines are edited, as the end of a sentence; only the compose pane has such a place."""
        return f": {key_of(self, 'compose.more')}, Edit headers as text" if self._as_text else ""

    def load(self, lines: list[HeaderLine]) -> None:
        """Edit another list from now on."""
        self.lines = lines
        self._show()

    def go_to(self, index: int, part: LinePart = "name") -> None:
        """Put the focus into a line; where there is none of that number, on what adds one."""
        if not 0 <= index < len(self._rows):
            self._add.focus()
            return
        row = self._rows[index]
        {"name": row.name_field, "value": row.value_field, "switch": row.switch}[part].focus()

    def go_to_missing(self) -> None:
        """Put the focus where a value is missing: a secret that is not kept anywhere; else a line with a secret."""
        secret = [index for index, line in enumerate(self.lines) if line.enabled and is_secret(line.name)]
        missing = [index for index in secret if not self.lines[index].value.strip()]
        index = next(iter([*missing, *secret]), None)
        if index is None:
            self._add.focus()
        else:
            self.go_to(index, "value")

    def show_notes(self, notes: Mapping[int, Sequence[DraftNote]]) -> None:
        """Show notes on the lines, by their place in the list."""
        for index, row in enumerate(self._rows):
            row.show_notes(notes.get(index, ()))

    @property
    def current(self) -> int | None:
        """The place of the line that has the focus."""
        focused = self.screen.focused
        return self._place_of(focused) if focused is not None else None

    def row_of(self, line: HeaderLine) -> HeaderRow | None:
        """The row that shows a line."""
        return next((row for row in self._rows if row.line is line), None)

    def _row(self, line: HeaderLine) -> HeaderRow:
        return HeaderRow(line, self._names, self._values, self._variables)

    def _show(self) -> None:
        """Make the rows say what the lines say, with the rows there are."""
        if not self.is_mounted:
            return
        for row in self._rows[len(self.lines) :]:
            row.remove()
        del self._rows[len(self.lines) :]
        for row, line in zip(self._rows, self.lines, strict=False):
            row.show(line)
        new = [self._row(line) for line in self.lines[len(self._rows) : SHOWN]]
        self._add.show(self.more)
        self._rows += new
        if new:
            self.mount(*new, before=self._add)
        self._widen()

    def changed(self) -> None:
        """Say that the lines were changed."""
        self.post_message(self.Changed(self))

    def _place_of(self, widget: Widget) -> int | None:
        return next((i for i, row in enumerate(self._rows) if row is widget or row in widget.ancestors), None)

    # -- changes --------------------------------------------------------------------------------------------------

    def add(self, line: HeaderLine, index: int | None = None) -> None:
        """Put a line in at a place, at the end if none is given, and go to it."""
        if self.full:
            return
        index = len(self.lines) if index is None else index
        self.lines.insert(index, line)
        self._show()
        self.call_after_refresh(self.go_to, index, "name")
        self.changed()

    def put_pasted(self, index: int, pasted: Pasted) -> None:
        """Put pasted header lines where a line is, and go to the last of them."""
        lines = pasted.kept_lines
        self.lines[index : index + 1] = [HeaderLine(name, value) for name, value in lines]
        self._show()
        self.call_after_refresh(self.go_to, index + len(lines) - 1, "value")
        self.changed()
        if pasted.body or pasted.not_kept or any(name == "destination" for name, _ in lines):
            self.post_message(self.FramePasted(pasted))

    def do(self, action: LineAction, index: int) -> None:
        """Do something with a line."""
        match action:
            case LineAction.SWITCH:
                self.lines[index].enabled = not self.lines[index].enabled
                self._rows[index].show(self.lines[index])
                self.changed()
            case LineAction.REMOVE:
                del self.lines[index]
                self._show()
                self.go_to(min(index, len(self.lines) - 1), "name")
                self.changed()
            case LineAction.UP:
                self._move(index, index - 1)
            case LineAction.DOWN:
                self._move(index, index + 1)

    def _move(self, index: int, there: int) -> None:
        """Move a line up or down by one; at the end of the list nothing moves."""
        if not 0 <= there < len(self.lines):
            self.post_message(self.NothingDone(f"this is the {'first' if there < index else 'last'} header line"))
            return
        focused = self.screen.focused
        self.lines[index], self.lines[there] = self.lines[there], self.lines[index]
        self._show()
        if focused is not None and self._place_of(focused) == index:
            self.go_to(there, _part_of(focused))
        self.changed()

    # -- what the person does -------------------------------------------------------------------------------------

    @on(HeaderRow.Edited)
    def _edited(self, event: HeaderRow.Edited) -> None:
        event.stop()
        self.changed()

    @on(Split)
    def _split(self, event: Split) -> None:
        event.stop()
        index = self._place_of(event.field)
        if index is not None and event.pasted is not None:
            self.put_pasted(index, event.pasted)
        elif index is not None:
            self._rows[index].value_field.follow_colon()
            self.go_to(index, "value")

    @on(LineActionRequested)
    def _requested(self, event: LineActionRequested) -> None:
        event.stop()
        if (index := self._place_of(event.sender)) is not None:
            self.do(event.action, index)

    @on(ExactField.Submitted)
    def _submitted(self, event: ExactField.Submitted) -> None:
        event.stop()
        index = self._place_of(event.input)
        if index is None:
            return
        if _part_of(event.input) == "name":
            self.go_to(index, "value")
        elif index + 1 < len(self.lines):
            self.go_to(index + 1, "name")
        elif self.lines[index].name:
            self.add(HeaderLine())

    def action_add(self) -> None:
        current = self.current
        self.add(HeaderLine(), None if current is None else current + 1)

    def action_line(self, action: str) -> None:
        """Do something with the line that has the focus.

        Args:
            action: The value of a `LineAction`.
        """
        if (current := self.current) is None:
            self.post_message(self.NothingDone("go to a header line first"))
        else:
            self.do(LineAction(action), current)

    def action_go(self, by: int) -> None:
        """Go to the line above or below, staying in the column."""
        focused = self.screen.focused
        current = self.current
        if focused is None:
            return
        if current is None and by < 0:
            self.go_to(len(self.lines) - 1, "name")
        elif current is not None and current + by >= 0:
            self.go_to(current + by, _part_of(focused))


def _part_of(widget: Widget) -> LinePart:
    """Which part of a line a widget in it is."""
    return "name" if widget.id == "name" else "value" if widget.id == "value" else "switch"
