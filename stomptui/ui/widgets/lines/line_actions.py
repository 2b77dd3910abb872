"""Keys that change how the lines of a view are shown: all groups folded, lines wrapped, lines numbered."""

from __future__ import annotations

from stomptui.ui.widgets.lines.line_display import line_display
from stomptui.ui.widgets.lines.lines_view import LinesView


class LineActions:
    """A controller with these actions.

    Args:
        view: The view.
    """

    def __init__(self, view: LinesView) -> None:
        self._view = view

    def action_fold_all(self) -> None:
        self._view.folding.fold_all()

    def action_wrap(self) -> None:
        """Wrap lines, or cut them at the edge."""
        line_display(self._view).switch_wrap()
        self._view.display_switched()

    def action_numbers(self) -> None:
        """Number lines, or no longer."""
        line_display(self._view).switch_numbers()
        self._view.display_switched()
