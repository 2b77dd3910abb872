"""How lines of a message are shown in the whole app: whether they are wrapped and numbered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.widget import Widget


@dataclass
class LineDisplay:
    """What the person chose for all messages.

    Args:
        wrap: Whether a line that is too wide goes on in the next row; else it is cut at the edge.
        numbers: Whether lines have numbers.
        changed: Called when the person chose something else.
    """

    wrap: bool = True
    numbers: bool = True
    changed: Callable[[LineDisplay], None] = lambda display: None

    def switch_wrap(self) -> None:
        """Wrap lines, or no longer."""
        self.wrap = not self.wrap
        self.changed(self)

    def switch_numbers(self) -> None:
        """Number lines, or no longer."""
        self.numbers = not self.numbers
        self.changed(self)


def line_display(widget: Widget) -> LineDisplay:
    """The display of the app that a widget is in; an app without one gets it."""
    app = widget.app
    found = getattr(app, "line_display", None)
    if not isinstance(found, LineDisplay):
        found = LineDisplay()
        app.line_display = found  # type: ignore[attr-defined]
    return found
