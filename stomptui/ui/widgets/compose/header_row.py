"""One header line in the editor: name, value, its switch and buttons, and notes on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from stomptui.compose.draft import HeaderLine
from stomptui.compose.draft_notes import SEVERITIES, DraftNote
from stomptui.config.secret_names import is_secret, secret_spans
from stomptui.protocol.clean import clean
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.compose.header_fields import NameField, ValueField
from stomptui.ui.widgets.compose.notes import SIGNS
from stomptui.ui.widgets.text.completion import complete
from stomptui.ui.widgets.text.variable_completion import Names, complete_with_variables


class LineAction(Enum):
    """What a person can do with a header line."""

    SWITCH = "switch"
    """Send it, or leave it out."""
    REMOVE = "remove"
    UP = "up"
    DOWN = "down"


class LineActionRequested(Message):
    """The person wants something done with a header line.

    Args:
        sender: The widget in the line that was pressed.
        action: What to do.
    """

    def __init__(self, sender: Widget, action: LineAction) -> None:
        super().__init__()
        self.sender = sender
        self.action = action


class LineSwitch(Widget, can_focus=True):
    """Whether a line is sent. Takes the focus so that a line can be handled by plain keys."""

    DEFAULT_CSS = """
    LineSwitch { width: 2; height: 1; color: $text-success; }
    LineSwitch.-off { color: $text-muted; }
    LineSwitch:focus { background: $primary-muted; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.HEADER_SWITCH)

    def __init__(self, enabled: bool) -> None:
        super().__init__()
        self.enabled = enabled
        self.tooltip = "Send this line or leave it out"

    def show(self, enabled: bool) -> None:
        self.enabled = enabled
        self.set_class(not enabled, "-off")
        self.refresh()

    def render(self) -> Content:
        return Content("●" if self.enabled else "○")

    def on_click(self) -> None:
        self.action_line("switch")

    def action_line(self, action: str) -> None:
        """Ask for a `LineAction`, by its value."""
        self.post_message(LineActionRequested(self, LineAction(action)))


class LineButton(Static):
    """A sign at the end of a line for those who use the mouse."""

    def __init__(self, sign: str, action: LineAction, tooltip: str) -> None:
        super().__init__(sign, markup=False)
        self._line_action = action
        self.tooltip = tooltip

    def on_click(self) -> None:
        self.post_message(LineActionRequested(self, self._line_action))


class HeaderRow(Widget):
    """One header line, with the notes on it."""

    DEFAULT_CSS = """
    HeaderRow {
        height: auto;
        & > Horizontal { height: 1; }
        #name { width: 2fr; min-width: 8; margin-right: 1; }
        #value { width: 1fr; min-width: 8; }
        LineButton { width: 2; height: 1; padding-left: 1; color: $text-muted; visibility: hidden; }
        LineButton:hover { color: $text-accent; text-style: bold; }
        &.-here LineButton { visibility: visible; }
        &.-off #name, &.-off #value { color: $text-muted; text-style: strike; }
        #note { display: none; height: auto; color: $text-muted; }
        #note.-error { color: $text-error; }
        #note.-warning { color: $text-warning; }
    }
    """

    SWITCH, BUTTONS = 3, 6
    """Cells of a line that are neither its name nor its value."""

    class Edited(Message):
        """The line is another now."""

    def __init__(
        self,
        line: HeaderLine,
        names: Callable[[], Iterable[str]],
        values: Callable[[str], Iterable[str]],
        variables: Names = lambda: None,
    ) -> None:
        super().__init__()
        self.line = line
        self._notes: list[DraftNote] | None = None
        self._shows = False
        self.switch = LineSwitch(line.enabled)
        self.name_field = NameField(line.name, edited=self._typed, has_value=lambda: bool(self.line.value))
        # Down goes to the line below.
        complete(self.name_field, names, on_down=False)
        self.value_field = ValueField(line.value, edited=self._typed, has_name=lambda: bool(self.line.name))
        complete_with_variables(
            self.value_field,
            lambda: () if is_secret(self.line.name) else values(self.line.name),
            variables,
            on_down=False,
        )
        self.value_field.hides = lambda text: secret_spans(self.line.name, text)
        self.note = Static("", id="note", markup=False)
        self._name_cells = 0

    @property
    def name_cells(self) -> int:
        """Cells that the name has."""
        return self._name_cells

    @name_cells.setter
    def name_cells(self, cells: int) -> None:
        if cells != self._name_cells:
            self._name_cells = cells
            self.name_field.styles.width = cells

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self.switch
            yield self.name_field
            yield self.value_field
            yield LineButton("↑", LineAction.UP, "Move up")
            yield LineButton("↓", LineAction.DOWN, "Move down")
            yield LineButton("✕", LineAction.REMOVE, "Remove")
        yield self.note

    def on_mount(self) -> None:
        self.show(self.line)

    def on_descendant_focus(self) -> None:
        self._mark()

    def on_descendant_blur(self) -> None:
        self._mark()

    def on_enter(self) -> None:
        self._mark()

    def on_leave(self) -> None:
        self._mark()

    def _mark(self) -> None:
        # A rule with :focus-within or :hover here would not be applied again to the buttons.
        self.set_class(self.has_focus_within or self.is_mouse_over, "-here")
        self.set_class(self.is_mouse_over, "-over")

    def show(self, line: HeaderLine) -> None:
        """Edit another line from now on."""
        # The fields change one after the other: that is no edit, and neither may write into a line of the other.
        self._shows = True
        self.line = HeaderLine()
        self.name_field.exact = line.name
        self.value_field.exact = line.value
        self._shows = False
        self.line = line
        self.switch.show(line.enabled)
        self.set_class(not line.enabled, "-off")

    def show_notes(self, notes: Sequence[DraftNote]) -> None:
        """Show notes on the line."""
        # Most keys change nothing here, and an update lays out the whole screen.
        if self._notes == list(notes):
            return
        self._notes = list(notes)
        wrong = {note.part for note in notes if note.severity == "error"}
        self.name_field.set_class("name" in wrong, "-wrong")
        self.value_field.set_class("value" in wrong, "-wrong")
        given = {note.severity for note in notes}
        worst = next((severity for severity in SEVERITIES if severity in given), None)
        self.note.set_class(worst == "error", "-error")
        self.note.set_class(worst == "warning", "-warning")
        sign = SIGNS[worst] if worst else ""
        self.note.update(Content(sign + clean("; ".join(note.text for note in notes))))
        self.note.display = bool(notes)

    def _typed(self) -> None:
        if self._shows:
            return
        name, value = self.name_field.exact, self.value_field.exact
        if (name, value) != (self.line.name, self.line.value):
            if name != self.line.name:
                # Whether the value is a secret is a matter of its name.
                self.value_field.refresh()
            self.line.name, self.line.value = name, value
            self.post_message(self.Edited())
