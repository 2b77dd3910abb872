"""Finding in a message: the bar in which one types what to find, and the keys that go from place to place."""

from __future__ import annotations

from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.message.find_bar import FindBar
from stomptui.ui.widgets.pane.pane import Pane


class MessageFinding:
    """A controller with the actions that find.

    Args:
        pane: Where the bar is shown.
        view: In which a text is found.
    """

    def __init__(self, pane: Pane, view: LinesView) -> None:
        self._pane = pane
        self._view = view

    @property
    def _bar(self) -> FindBar | None:
        return next(iter(self._pane.query(FindBar)), None)

    @property
    def active(self) -> bool:
        """Whether something is being found."""
        return self._bar is not None

    def show_count(self, count: str) -> None:
        """Show where the person is among the places found."""
        if (bar := self._bar) is not None:
            bar.show_count(count)

    async def action_find(self) -> None:
        bar = self._bar
        if bar is None:
            bar = FindBar(self._view)
            await self._pane.mount(bar)
        bar.enter()

    def action_step(self, by: int) -> None:
        """Go to the next place (1) of what is found, or to the one before (-1)."""
        self._view.finder.step(by)

    def action_end_find(self) -> None:
        if (bar := self._bar) is not None:
            bar.action_close()
