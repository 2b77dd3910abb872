"""A pane in whose lines a text is found."""

from __future__ import annotations

from textual import on

from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.message.finding import MessageFinding
from stomptui.ui.widgets.pane.pane import Pane


class LinesPane(Pane):
    """Shows the bar in which one types what to find, and where one is among the places found.

    Args:
        view: The lines. Whoever makes the pane puts them into it, with what else stands there.

    Attributes:
        finding: A controller with the actions that find.
    """

    def __init__(self, view: LinesView, *, id: str) -> None:
        super().__init__(id=id)
        self._lines = view
        self.finding = MessageFinding(self, view)

    @on(LinesView.Found)
    def _counted(self, message: LinesView.Found) -> None:
        if message.view is self._lines:
            message.stop()
            self.finding.show_count(message.count)
