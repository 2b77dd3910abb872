"""The text that a mouse has selected in a view of lines."""

from __future__ import annotations

from textual.geometry import Offset
from textual.selection import Selection

from stomptui.ui.widgets.lines.wrapping import WrappedRows

MOST_SELECTED = 100_000
"""Rows that can be selected."""


def selected_text(rows: WrappedRows, selection: Selection) -> str:
    """The selected text as it is painted; the rows of one line are one line.

    Args:
        rows: The rows.
        selection: From where to where, in characters and rows.
    """
    start, end = selection.start or Offset(0, 0), selection.end
    last = min(rows.count - 1 if end is None else end.y, start.y + MOST_SELECTED)
    parts: list[str] = []
    for number in range(start.y, last + 1):
        text = "".join(part for part, _ in rows.row(number))
        text = text[: end.x] if end is not None and number == end.y else text
        place = rows.place_of(number)
        goes_on = bool(parts) and place is not None and place[2] > 0
        parts.append(text.lstrip(" ") if goes_on else f"\n{text[start.x :] if number == start.y else text}")
    return "".join(parts).removeprefix("\n")


def selected_span(selection: Selection | None, row: int, length: int) -> tuple[int, int] | None:
    """Which characters of a row are selected, from one to before another; None if none is.

    Args:
        selection: From where to where, None if nothing is selected.
        row: The number of the row.
        length: Characters in it.
    """
    span = selection.get_span(row) if selection is not None else None
    if span is None:
        return None
    begin, end = span
    return begin, length if end < 0 else end
