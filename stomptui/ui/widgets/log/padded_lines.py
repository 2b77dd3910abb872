"""Lines of the log with the padding beside them, made once: Textual would make them anew for every row that comes."""

from __future__ import annotations

from collections.abc import Callable

from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Spacing
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

LONGEST_MEMORY = 1024
"""Lines that are remembered."""


class PaddedLines:
    """What `Widget.render_lines` returns, for a widget whose `render_line` returns the same strip for the same line.

    Args:
        widget: The widget. Where its style asks for more than padding at its sides, this knows of no lines.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._made_for: tuple[object, ...] = ()
        self._lines: dict[int, tuple[Strip, Strip]] = {}
        """By the id of a line: the line, so that the id stays its own, and what is painted."""

    def render(self, crop: Region, line_at: Callable[[int], Strip]) -> list[Strip] | None:
        """The lines in a part of the widget; None if Textual has to make them.

        Args:
            crop: The part, in cells of the widget.
            line_at: The content of a line, by its number from the top.
        """
        widget = self._widget
        styles, padding = widget.styles, widget.styles.padding
        width = widget.region.width
        if (
            padding.top
            or padding.bottom
            or styles.gutter != padding
            or any(edge for edge, _ in styles.outline)
            or widget.opacity != 1.0
            or styles.text_opacity != 1.0
            or styles.tint.a
            or styles.has_rule("hatch")
            or crop.bottom > widget.content_size.height
        ):
            return None
        under, background = widget.background_colors
        filters = tuple(widget.get_line_filters())
        made_for = (width, padding, under, background, filters)
        if made_for != self._made_for or len(self._lines) > LONGEST_MEMORY:
            self._lines.clear()
            self._made_for = made_for
        strips = []
        for y in crop.line_range:
            line = line_at(y)
            known = self._lines.get(id(line))
            if known is None:
                known = line, padded(line, width, padding, under + background, filters, background)
                self._lines[id(line)] = known
            strips.append(known[1])
        return strips if crop.column_span == (0, width) else [strip.crop(*crop.column_span) for strip in strips]


def padded(
    line: Strip, width: int, padding: Spacing, colour: Color, filters: tuple[LineFilter, ...], background: Color
) -> Strip:
    """A line with its padding, as Textual's `StylesCache` makes it."""
    style = Style(background=colour).rich_style
    line = line.adjust_cell_length(width - padding.width, style).crop_pad(
        width - padding.width, padding.left, padding.right, style
    )
    for line_filter in filters:
        line = line.apply_filter(line_filter, background)
    return line
