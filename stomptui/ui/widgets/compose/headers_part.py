"""The headers of a draft: its lines, the meaning of the one with the cursor, and switches that add headers."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from stomptui.compose.compose_context import DraftSwitch
from stomptui.compose.draft_model import DraftModel
from stomptui.compose.draft_notes import DraftNotes
from stomptui.compose.variables.fill import has_variables
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.compose.notes import Notes
from stomptui.ui.widgets.compose.switches import Switches, Toggle


class HeadersPart(Vertical):
    """Edits the headers of a draft.

    Args:
        model: The draft.
        id: Its name on the screen.
    """

    DEFAULT_CSS = "HeadersPart { #meaning { height: 1; color: $text-muted; text-style: italic; } }"

    def __init__(self, model: DraftModel, id: str | None = None) -> None:
        super().__init__(id=id)
        self._model = model
        self._shown_meaning = ""
        self.lines = HeaderEditor(
            model.draft.headers,
            lambda: model.header_meanings,
            model.header_values,
            model.variable_names,
            as_text=True,
            id="headers",
        )
        self._meaning = Static("", id="meaning", markup=False)
        self.switches = Switches(model)
        self._variables = Toggle(DraftSwitch.VARIABLES)
        self._notes = Notes(id="switch-notes")

    def compose(self) -> ComposeResult:
        yield self.lines
        yield self._meaning
        yield self.switches
        yield self._variables
        yield self._notes

    def load(self) -> None:
        """Show the headers of the draft, which were changed elsewhere."""
        self.lines.load(self._model.draft.headers)

    def show(self, notes: DraftNotes) -> None:
        """Show notes on the lines, and on what has no field of its own."""
        self.lines.show_notes(notes.lines)
        self.show_meaning()
        self._notes.show(notes.rest())
        self.switches.show()
        self._variables.display = has_variables(self._model.draft)
        self._variables.show(self._model.is_on(DraftSwitch.VARIABLES))

    def show_meaning(self) -> None:
        """Show what the header that has the focus means."""
        headers, place = self._model.draft.headers, self.lines.current
        name = headers[place].name if place is not None and place < len(headers) else ""
        meaning = self._model.header_meanings.get(name, "")
        text = clean(f"{name}: {meaning}") if meaning else ""
        if text != self._shown_meaning:
            self._shown_meaning = text
            self._meaning.update(Content(text), layout=False)

    def switch(self, switch: DraftSwitch) -> None:
        """Switch something on or off."""
        self._model.switch(switch)
        if switch is DraftSwitch.PERSISTENT:
            self.load()

    @on(Toggle.Pressed)
    def _toggled(self, event: Toggle.Pressed) -> None:
        event.stop()
        self.switch(event.switch)

    @on(HeaderEditor.Changed)
    def _lines_changed(self, event: HeaderEditor.Changed) -> None:
        event.stop()
        self._model.touch()
