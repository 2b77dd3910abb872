"""What stands below the header lines and adds one."""

from __future__ import annotations

from typing import Literal, Protocol

from textual import events
from textual.widgets import Static

from stomptui.compose.draft import HeaderLine
from stomptui.compose.header_text import pasted
from stomptui.compose.pasted import Pasted
from stomptui.ui.widgets.compose.header_row import HeaderRow

LinePart = Literal["name", "value", "switch"]
"""Where the focus can be in a header line."""


class LineList(Protocol):
    """What it adds lines to, as far as it must be known."""

    lines: list[HeaderLine]

    @property
    def more(self) -> int:
        """How many lines have no row."""

    @property
    def has_text(self) -> bool:
        """Whether all lines can be edited as text."""

    @property
    def full(self) -> bool:
        """Whether a further line would have no row; then that is said."""

    def ask_as_text(self) -> None:
        """Have all lines edited as text."""

    def add(self, line: HeaderLine) -> None:
        """Put a line in at the end, and go to it."""

    def put_pasted(self, index: int, pasted: Pasted) -> None:
        """Put pasted header lines where a line is, and go to the last of them."""

    def row_of(self, line: HeaderLine) -> HeaderRow | None:
        """The row that shows a line."""

    def go_to(self, index: int, part: LinePart) -> None:
        """Put the focus into a line."""

    def changed(self) -> None:
        """Say that the lines were changed."""


class AddLine(Static, can_focus=True):
    """Adds a header line; keys typed ahead of the new line's focus go into it.

    Args:
        editor: The list that it stands below.
    """

    def __init__(self, editor: LineList) -> None:
        super().__init__("+ header", id="add", markup=False)
        self._editor = editor
        self._begun: HeaderLine | None = None
        """The line that was made last and may not have the focus yet."""
        self._part: LinePart = "name"
        """Where in that line keys belong."""

    def show(self, more: int) -> None:
        """Say how many lines there are that have no row."""
        there = f"… {more:,} more, edit as text" if self._editor.has_text else f"… {more:,} more"
        self.update(there if more else "+ header")

    def _begin(self, name: str = "") -> None:
        editor = self._editor
        if editor.more and editor.has_text and not name:
            editor.ask_as_text()
            return
        if editor.full:
            return
        self._begun, self._part = HeaderLine(name), "name"
        editor.add(self._begun)

    def on_click(self) -> None:
        self._begin()

    def _enter(self) -> None:
        # A second Enter that comes before the new line has the focus means what it means in that line.
        if self._begun is None:
            self._begin()
        elif self._part == "name":
            self._go_on_to_value(self._begun)
        elif self._begun.name:
            self._begin()

    def _go_on_to_value(self, line: HeaderLine) -> None:
        """Go to the value of a line that does not have the focus yet."""
        self._part = "value"
        editor = self._editor
        if editor.row_of(line) is not None:
            index = next(index for index, other in enumerate(editor.lines) if other is line)
            self.call_after_refresh(editor.go_to, index, "value")

    def _type_ahead(self, line: HeaderLine, text: str) -> None:
        """Add to the name or the value of a line that does not have the focus yet."""
        editor = self._editor
        row = editor.row_of(line)
        if row is None:
            return
        field = row.name_field if self._part == "name" else row.value_field
        if field.is_mounted:
            field.insert(text, len(field.value))
            return
        # The row shows its line once it is mounted.
        if self._part == "name":
            line.name += text
        else:
            line.value += text
        editor.changed()

    def on_key(self, event: events.Key) -> None:
        # Whoever begins to type a name here means a new line with it; keys that come before the new line has the
        # focus belong to it as well. None of them is a binding: those are looked up only after later keys came here.
        if event.key == "enter":
            event.stop()
            self._enter()
            return
        if not event.is_printable or not event.character:
            return
        event.stop()
        if self._begun is None:
            self._begin(event.character.strip())
        elif event.character == ":" and self._part == "name" and self._begun.name:
            self._go_on_to_value(self._begun)
        elif event.character == " " and self._part == "value" and not self._begun.value:
            return
        else:
            self._type_ahead(self._begun, event.character)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        found = pasted(event.text)
        editor = self._editor
        editor.lines.append(HeaderLine())
        editor.put_pasted(len(editor.lines) - 1, found if found.lines else Pasted([(event.text.strip(), "")]))

    def on_focus(self) -> None:
        self._begun = None
