"""Colours from the theme: those of subscriptions, and the styles of text and of rows that are painted by hand."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

COUNT = 5
COLOURS = tuple(f"subscription--{index}" for index in range(COUNT))
"""Component classes, one a colour; a widget that uses them names them among its own."""

COLOURS_CSS = "\n".join(
    f"& > .{name} {{ color: {variable}; }}"
    for name, variable in zip(
        COLOURS,
        ("$text-success", "$text-accent", "$text-secondary", "$text-primary", "$text-warning"),
        strict=True,
    )
)
"""Nested rules for a widget's DEFAULT_CSS."""


def colour_class(index: int) -> str:
    """The component class for a subscription's colour number."""
    return COLOURS[index % COUNT]


def ink(widget: Widget, component: str) -> Style:
    """How text of that component class is written, whatever the background it gets."""
    # Not Textual's partial style: in that, a colour such as $text-muted is white, in light themes too.
    style = widget.get_component_rich_style(component)
    return Style(color=style.color, bold=style.bold or None, italic=style.italic or None)


def badge_ink(widget: Widget, component: str) -> Style:
    """How a badge of that component class is painted: its text and what it lies on."""
    style = widget.get_component_rich_style(component)
    return Style(color=style.color, bgcolor=style.bgcolor, bold=True)


def behind(widget: Widget, component: str) -> Style:
    """What lies under a row of that component class, whatever is written on it.

    Where the terminal's own colours are used it is not known which of them can be read on which, so they are not mixed:
    there a row is painted in reverse, and a background that only hints at something is an underline.
    """
    style = widget.get_component_rich_style(component)
    if not widget.app.native_ansi_color:
        return Style(bgcolor=style.bgcolor, bold=style.bold)
    return Style(reverse=True, bold=True) if style.bold else Style(underline=True)
