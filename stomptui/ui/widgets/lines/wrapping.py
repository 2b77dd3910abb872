"""Wraps lines to a width, and finds the line that a row of the screen shows."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import OrderedDict
from typing import NamedTuple

from rich.cells import cell_len

from stomptui.journal.views.lines import CHUNK, Line, Lines
from stomptui.ui.widgets.text.cells import clusters

_KEPT = 16


class _Rows(NamedTuple):
    """The rows of a chunk of lines."""

    rows: list[Line]
    places: list[tuple[int, int]]
    """For each row the line in the chunk, and which of its rows it is."""


class WrappedRows:
    """The rows that lines make in a width. Rows of chunks not made yet are not counted yet.

    Args:
        lines: The lines.
        width: Cells in a row.
        wrap: Whether lines wider than that go on in the next row; else each line is one row.
    """

    def __init__(self, lines: Lines, width: int, wrap: bool = True) -> None:
        self.lines = lines
        self._wrap = wrap
        self.width = max(1, width)
        self._starts = [0]
        """The row each chunk begins at, and after the last known one the number of rows."""
        self._made: OrderedDict[int, _Rows] = OrderedDict()

    @property
    def _even(self) -> bool:
        """Each line is one row, and how many there are is known."""
        return self.lines.total is not None and (not self._wrap or (self.lines.widest or 0) <= self.width)

    @property
    def count(self) -> int:
        """Rows known so far."""
        return self.lines.total or 0 if self._even else self._starts[-1]

    @property
    def complete(self) -> bool:
        """All rows are known."""
        return self._even or (self.lines.done and len(self._starts) > self.lines.known)

    def look_ahead(self, rows: int, seconds: float) -> None:
        """Get to know more rows, until that many are known or the time is over."""
        until = time.monotonic() + seconds
        while not self.complete and self.count < rows:
            self._wrapped(len(self._starts) - 1)
            if time.monotonic() > until:
                return

    def row(self, number: int) -> Line:
        """One row; an empty one beyond the known."""
        if not 0 <= number < self.count:
            return []
        if self._even:
            return self.lines.chunk(number // CHUNK)[number % CHUNK]
        chunk = bisect_right(self._starts, number) - 1
        return self._wrapped(chunk).rows[number - self._starts[chunk]]

    def place_of(self, number: int) -> tuple[int, int, int] | None:
        """The line that a row shows: its chunk, its place in the chunk, and which of its rows that is; None if none."""
        if not 0 <= number < self.count:
            return None
        if self._even:
            return number // CHUNK, number % CHUNK, 0
        chunk = bisect_right(self._starts, number) - 1
        return (chunk, *self._wrapped(chunk).places[number - self._starts[chunk]])

    def row_of(self, chunk: int, index: int, character: int = 0) -> int | None:
        """The row of a character of a line, None while that is not known."""
        if self._even:
            return chunk * CHUNK + index
        if chunk + 1 >= len(self._starts):
            return None
        made = self._wrapped(chunk)
        row = first = made.places.index((index, 0))
        indent, end = 0, 0
        while row < len(made.places) and made.places[row][0] == index:
            text = "".join(part for part, _ in made.rows[row])
            if row > first and not indent:
                indent = len(text) - len(text.lstrip(" "))
            end += len(text) - (indent if row > first else 0)
            if character < end:
                break
            row += 1
        return self._starts[chunk] + min(row, len(made.places) - 1)

    def forget(self, chunk: int) -> None:
        """This chunk of the lines and those after it are others than they were."""
        del self._starts[chunk + 1 :]
        for made in [made for made in self._made if made >= chunk]:
            del self._made[made]

    def anchor(self, number: int) -> float:
        """A place in the lines that means the same in any width: the chunk, and how far in it."""
        if self._even:
            return number / CHUNK
        chunk = min(bisect_right(self._starts, number), len(self._starts) - 1) - 1
        if chunk < 0:
            return 0.0
        return chunk + (number - self._starts[chunk]) / max(1, self._starts[chunk + 1] - self._starts[chunk])

    def row_at(self, anchor: float) -> int | None:
        """The row at a place, None while that is not known."""
        if self._even:
            return min(round(anchor * CHUNK), self.count)
        chunk = int(anchor)
        if chunk + 1 >= len(self._starts):
            return self.count if self.complete else None
        first, after = self._starts[chunk], self._starts[chunk + 1]
        return first + round((anchor - chunk) * (after - first))

    def _wrapped(self, chunk: int) -> _Rows:
        made = self._made.get(chunk)
        if made is None:
            rows: list[Line] = []
            places: list[tuple[int, int]] = []
            for index, line in enumerate(self.lines.chunk(chunk)):
                parts = wrapped_line(line, self.width) if self._wrap else [line]
                rows += parts
                places += [(index, part) for part in range(len(parts))]
            made = _Rows(rows, places)
            if chunk == len(self._starts) - 1:
                self._starts.append(self._starts[-1] + len(rows))
            self._made[chunk] = made
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return made


def wrapped_line(line: Line, width: int) -> list[Line]:
    """A line as rows no wider than that; those after the first are indented like it and begin with a word."""
    text = "".join(part for part, _ in line)
    if (len(text) if text.isascii() else cell_len(text)) <= width:
        return [line]
    indent = min(len(text) - len(text.lstrip(" ")), width // 2)
    rows: list[Line] = []
    at = 0
    while at < len(text):
        room = width - indent if rows else width
        end = _fitting(text, at, room)
        if end < len(text):
            space = text.rfind(" ", at + (end - at) // 2, end)
            if space > at and text[at:space].strip():
                end = space + 1
        row = _cut(line, at, end)
        rows.append([(" " * indent, "plain"), *row] if rows and indent else row)
        at = end
    return rows


def _fitting(text: str, at: int, width: int) -> int:
    """Where the text that begins at `at` and fits into that many cells ends; at least one character fits."""
    if text.isascii():
        return min(len(text), at + max(1, width))
    # Most characters take a cell or two; only where many take none a row needs more of them.
    for characters in (width + 8, 8 * width + 64):
        part = text[at : at + characters]
        cells = 0
        for begin, _, size in clusters(part):
            cells += size
            if cells > width and begin:
                return at + begin
        if at + characters >= len(text):
            return len(text)
    return at + len(part)


def _cut(line: Line, begin: int, end: int) -> Line:
    """The spans of a line between two positions."""
    row: Line = []
    at = 0
    for part, style in line:
        following = at + len(part)
        if following > begin and at < end:
            row.append((part[max(0, begin - at) : end - at], style))
        at = following
    return row
