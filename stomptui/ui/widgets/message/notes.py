"""A few lines above a message about it: what was odd, what became of it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widgets import Static

from stomptui.protocol.clean import clean


class MessageNotes(Static):
    """Sentences, one a line, shown while there are any."""

    DEFAULT_CSS = """
    MessageNotes {
        height: auto;
        max-height: 3;
        padding: 0 1;
        display: none;
        &.-shown { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, classes="detail-note", markup=False)

    def show(self, notes: Iterable[str]) -> None:
        """Show these sentences, each once."""
        lines = [clean(text) for text in dict.fromkeys(notes)]
        self.update("\n".join(lines))
        self.set_class(bool(lines), "-shown")
