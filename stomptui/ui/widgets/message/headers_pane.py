"""The pane with the headers of a message, shown where there is space for body and headers."""

from __future__ import annotations

from textual.app import ComposeResult

from stomptui.journal.views.lines import ReadyLines
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.message.header_lines import header_lines
from stomptui.ui.widgets.message.shown_frame import ShownFrame
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.pane import Pane
from stomptui.ui.widgets.reveal import shows_secrets


class HeadersPane(Pane):
    """Headers, what the known ones mean, and how many there are."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view = LinesView(id="detail-header-lines")

    def compose(self) -> ComposeResult:
        yield self.view

    def show(self, shown: ShownFrame) -> None:
        """Show the headers of a frame."""
        self.title = (Piece("Headers", "title"), Piece(str(len(shown.frame.headers)), "plain"))
        frame = shown.frame if shows_secrets(self) else shown.masked
        self.view.show(ReadyLines(header_lines(frame, shown.meanings, self.view.width, below=False)))
