"""The destination field of a draft, and the notes about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from stomptui.compose.draft_model import DraftModel
from stomptui.compose.draft_notes import DraftNote
from stomptui.ui.widgets.compose.notes import Notes
from stomptui.ui.widgets.text.completion import complete
from stomptui.ui.widgets.text.fields import ExactField


class DestinationPart(Vertical):
    """Edits the destination of a draft.

    Args:
        model: The draft.
        entered: Called when the person pressed Enter in it.
    """

    DEFAULT_CSS = """
    DestinationPart {
        height: auto;
        #to-line { height: 1; }
        #to-line > Static { width: auto; color: $text-muted; }
        #to-line > ExactField { width: 1fr; }
    }
    """

    def __init__(self, model: DraftModel, entered: Callable[[], object]) -> None:
        super().__init__()
        self._model = model
        self._entered = entered
        self.field = ExactField(edited=self._typed, placeholder="for example /queue/orders", id="destination")
        complete(self.field, lambda: model.destinations)
        self._notes = Notes(id="destination-notes")

    def compose(self) -> ComposeResult:
        with Horizontal(id="to-line"):
            yield Static("SEND to  ", markup=False)
            yield self.field
        yield self._notes

    def load(self) -> None:
        """Show the destination of the draft, which was changed elsewhere."""
        self.field.exact = self._model.draft.destination

    def show(self, notes: Sequence[DraftNote]) -> None:
        """Show notes on it."""
        self.field.set_class(any(note.severity == "error" for note in notes), "-wrong")
        self._notes.show(notes)

    @on(ExactField.Submitted, "#destination")
    def _submitted(self, event: ExactField.Submitted) -> None:
        event.stop()
        self._entered()

    def _typed(self) -> None:
        self._model.set_destination(self.field.exact)
