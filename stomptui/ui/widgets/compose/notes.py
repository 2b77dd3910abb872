"""The notes under a field of the compose pane: errors, warnings and hints, each with its sign."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from stomptui.compose.draft_notes import DraftNote, NoteSeverity
from stomptui.protocol.clean import clean

SIGNS: dict[NoteSeverity, str] = {"error": "✗ ", "warning": "! ", "hint": "· "}
"""What a note begins with, so that colour is not the only sign."""
_STYLES = {"error": "$text-error", "warning": "$text-warning"}


class Notes(Static):
    """Notes on the field above; takes no space while there are none."""

    DEFAULT_CSS = "Notes { height: auto; display: none; color: $text-muted; }"

    def __init__(self, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._notes: list[DraftNote] | None = None

    def show(self, notes: Sequence[DraftNote]) -> None:
        """Show these notes, a line each."""
        # Most keys change nothing here, and an update lays out the whole screen.
        if self._notes == list(notes):
            return
        self._notes = list(notes)
        self.update(Content("\n").join(_line(note) for note in notes))
        self.display = bool(notes)


def _line(note: DraftNote) -> Content:
    text = SIGNS[note.severity] + clean(note.text)
    style = _STYLES.get(note.severity)
    return Content.styled(text, style) if style else Content(text)
