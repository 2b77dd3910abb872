"""What a screen does before it is painted for the first time, so that it is styled and laid out once."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.screen import Screen


def take_breakpoints(screen: Screen[Any]) -> None:
    """Give a screen the classes of its breakpoints; to be called when it composes.

    Textual gives them once the screen is laid out, and then all its widgets are styled and laid out again.
    """
    app = screen.app
    for length, own, usual in (
        (app.size.width, screen.HORIZONTAL_BREAKPOINTS, app.HORIZONTAL_BREAKPOINTS),
        (app.size.height, screen.VERTICAL_BREAKPOINTS, app.VERTICAL_BREAKPOINTS),
    ):
        reached = [(least, name) for least, name in (usual if own is None else own) or [] if length >= least]
        if reached:
            screen.add_class(max(reached)[1])


class StylesOnce:
    """Keeps Textual from styling all widgets of a screen again when it comes up for the first time."""

    def __init__(self) -> None:
        self._came_up = False

    def resumed(self, event: events.ScreenResume) -> None:
        """The screen comes up, now or again."""
        event.refresh_styles = event.refresh_styles and self._came_up
        self._came_up = True
