"""The text of rows that a person selected with the mouse: from one place to another, as in any terminal."""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

MOST_COPIED = 2_000
"""Rows that are copied at most."""


class RowPlace(NamedTuple):
    """A place in the rows of a log."""

    number: int
    """The number of the row."""
    cell: int
    """Cells from its left."""


class RowSelection:
    """What is selected; rows are known by their numbers, so that it stays with its text while others come and go."""

    def __init__(self) -> None:
        self._from: RowPlace | None = None
        self._to: RowPlace | None = None
        self.pressed = False
        """Whether the button is down, so that the mouse selects when it moves."""

    def press(self, place: RowPlace) -> None:
        """The button was pressed: what is selected begins here."""
        self._from, self._to, self.pressed = place, None, True

    def drag(self, place: RowPlace) -> bool:
        """The mouse moved with the button down; whether that selects something."""
        if not self.pressed or (self._to is None and place == self._from):
            return False
        self._to = place
        return True

    def release(self) -> None:
        """The button was released: what is selected stays."""
        self.pressed = False

    def clear(self) -> bool:
        """Select nothing; whether something was selected."""
        had = self._to is not None
        self._from = self._to = None
        return had

    @property
    def ends(self) -> tuple[RowPlace, RowPlace] | None:
        """The first and the last place, both selected; None if nothing is."""
        if self._from is None or self._to is None:
            return None
        return min(self._from, self._to), max(self._from, self._to)

    def cells(self, number: int, width: int) -> tuple[int, int] | None:
        """Which cells of a row are selected, from one to before another; None if none is.

        Args:
            number: The number of the row.
            width: Cells in it.
        """
        if self.ends is None:
            return None
        first, last = self.ends
        if not first.number <= number <= last.number:
            return None
        begin = first.cell if number == first.number else 0
        return min(begin, width), min(width, last.cell + 1) if number == last.number else width


def with_selected(strip: Strip, cells: tuple[int, int], over: Style) -> Strip:
    """A row with some of its cells in another style."""
    begin, end = cells
    selected = [Segment(text, (style or Style()) + over) for text, style, _ in strip.crop(begin, end)]
    return Strip([*strip.crop(0, begin), *selected, *strip.crop(end)], strip.cell_length)
