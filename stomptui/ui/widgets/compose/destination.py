"""The destination field of a draft, and the notes about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Static

from stomptui.compose.checks import EXAMPLE
from stomptui.compose.draft_model import DraftModel
from stomptui.compose.draft_notes import DraftNote
from stomptui.compose.header_text import pasted
from stomptui.compose.pasted import Pasted
from stomptui.ui.widgets.compose.notes import Notes
from stomptui.ui.widgets.text.fields import ExactField
from stomptui.ui.widgets.text.variable_completion import complete_with_variables


class DestinationField(ExactField):
    """The destination. A whole message, or header lines, pasted into it are no destination.

    Args:
        edited: As of `ExactField`.
        message_pasted: Called with a message that was pasted.
    """

    def __init__(self, edited: Callable[[], None], message_pasted: Callable[[Pasted], object]) -> None:
        super().__init__(edited=edited, placeholder=f"such as {EXAMPLE}", id="destination")
        self._message_pasted = message_pasted

    def _paste(self, text: str) -> None:
        # One line is a destination, whatever it holds, unless it is a JSON object or a command.
        several = len(text.strip().splitlines()) > 1
        found = pasted(text) if several or text.lstrip().startswith(("{", "curl ", "-H")) else Pasted()
        if found.lines:
            self._message_pasted(found)
        else:
            super()._paste(text)


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

    class MessagePasted(Message):
        """A message, or header lines, were pasted where a destination is written."""

        def __init__(self, pasted: Pasted) -> None:
            super().__init__()
            self.pasted = pasted

    def __init__(self, model: DraftModel, entered: Callable[[], object]) -> None:
        super().__init__()
        self._model = model
        self._entered = entered
        self.field = DestinationField(self._typed, lambda found: self.post_message(self.MessagePasted(found)))
        complete_with_variables(self.field, lambda: model.destinations, model.variable_names)
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
        self.field.placeholder = f"such as {self._model.context.example}"
        self.field.set_class(any(note.severity == "error" for note in notes), "-wrong")
        self._notes.show(notes)

    @on(ExactField.Submitted, "#destination")
    def _submitted(self, event: ExactField.Submitted) -> None:
        event.stop()
        self._entered()

    def _typed(self) -> None:
        self._model.set_destination(self.field.exact)
