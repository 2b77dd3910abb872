"""Soft wrapping for editors, as fast in a very long line as in a short one.

Textual folds a line anew with each key, word by word, and divides all of it for each row that is painted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice
from typing import cast, overload

from rich.cells import cell_len
from textual._cells import cell_width_to_column_index
from textual.document._document import Location
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import expand_tabs_inline
from textual.geometry import Offset

from stomptui.ui.widgets.text.row_starts import LineRows, RowPlaces, RowStarts

LONG = 2000
"""A line of more characters than this is folded and painted in our own way."""
_ANEW = 600
"""Rows of a long line that are folded anew after an edit if no row begins where one did; then one is shorter."""
_STILL = 64
"""Characters before an edit from which on a long line is folded anew: a word may go up to the row before."""


class Sections(Sequence[str]):
    """The rows of one line, each made when it is asked for."""

    def __init__(self, line: str, offsets: Sequence[int]) -> None:
        self._line = line
        self._offsets = offsets

    def __len__(self) -> int:
        return len(self._offsets) + 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        begin, end = bounds(self._line, self._offsets, index)
        return self._line[begin:end]


def bounds(line: str, offsets: Sequence[int], section: int) -> tuple[int, int]:
    """Where a row of a line begins and ends; negative ones count from the last."""
    if section < 0:
        section += len(offsets) + 1
    begin = offsets[section - 1] if section else 0
    return begin, offsets[section] if section < len(offsets) else len(line)


class FoldedDocument(WrappedDocument):
    """What TextArea asks of a `WrappedDocument`, where only what changed is folded anew."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        self._width = width
        self._tab_width = tab_width or self._tab_width
        lines = self.document.lines
        self._folded = {index: line for index, line in enumerate(lines) if len(line) > LONG}
        """The long lines as they were when they were folded last, by their place."""
        self._folded_rows = [self._fold(line) for line in lines]
        self._firsts = [0]
        self._number(0)
        # TextArea asks for them by these names, as for lists.
        self._wrap_offsets = cast("list[list[int]]", self._folded_rows)
        self._line_index_to_offsets = cast("list[list[int]]", LineRows(self._firsts))
        self._offset_to_line_info = cast("list[tuple[int, int]]", RowPlaces(self._firsts))
        self._tab_width_cache = []

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        last = len(self._folded_rows) - 1
        top = min(start[0], old_end[0], last)
        old_bottom = min(max(start[0], old_end[0]), last)
        new_bottom = min(max(start[0], new_end[0]), self.document.line_count - 1)
        shift = new_bottom - old_bottom
        lines = self.document.lines[top : new_bottom + 1]
        edited = self._edited(top, old_bottom, lines, (start[1], old_end[1], new_end[1]))
        if shift or old_bottom > top:
            self._folded = {
                index + (shift if index > old_bottom else 0): line
                for index, line in self._folded.items()
                if not top <= index <= old_bottom
            }
        self._folded.pop(top, None)
        self._folded.update((index, line) for index, line in enumerate(lines, top) if len(line) > LONG)
        new = [self._fold(line) for line in lines] if edited is None else edited
        counts = [len(rows) for rows in self._folded_rows[top : old_bottom + 1]]
        self._folded_rows[top : old_bottom + 1] = new
        if counts != [len(rows) for rows in new]:
            self._number(top)

    def _edited(
        self, top: int, old_bottom: int, lines: list[str], columns: tuple[int, int, int]
    ) -> list[Sequence[int]] | None:
        """The rows of lines that were edited, of which only those about the edit are folded anew; None if all must be.

        Args:
            top: The first of these lines.
            old_bottom: The last one before the edit.
            lines: What they are now.
            columns: Where the edit begins in the first line, where it ended in the last one, and where it ends now.
        """
        first, last = self._folded.get(top, ""), self._folded.get(old_bottom, "")
        begin, old_end, new_end = columns
        same, same_end = min(begin, len(first)), max(0, len(last) - old_end)
        if first[:same] != lines[0][:same] or last[old_end:] != lines[-1][new_end:]:
            # Of several edits that are undone at once the places say less.
            if (old_bottom, len(lines)) != (top, 1):
                return None
            same, same_end = common_start(first, lines[0]), common_end(first, lines[0])
        rows, old_rows = self._folded_rows[top], self._folded_rows[old_bottom]
        after = list(old_rows.rest_of(len(last) - same_end)) if isinstance(old_rows, RowStarts) else []
        before = rows.start_of(max(0, same - _STILL))[:-1] if isinstance(rows, RowStarts) else []
        made: list[Sequence[int]] = []
        for index, line in enumerate(lines):
            if len(line) <= LONG or not self._width:
                made.append(self._fold(line))
                continue
            known = before if index == 0 else []
            rest = after if index == len(lines) - 1 else []
            made.append(self._refold(line, known, rest, len(line) - same_end))
        return made

    def _refold(self, line: str, before: list[int], after: list[int], edited_to: int) -> RowStarts:
        """The rows of a line after an edit.

        Args:
            line: What it is now.
            before: Where the rows begin that are as they were.
            after: How far from the end the rows began that lie behind the edit, the last one first.
            edited_to: Where the edit ends.
        """
        size = len(line)
        for count, offset in enumerate(fold(line, self._width, self._tab_width, before[-1] if before else 0)):
            while after and size - after[-1] < offset:
                after.pop()
            # Where a row begins behind the edit as one did before it, all rows from there on are the same.
            if after and size - after[-1] == offset:
                return RowStarts.joined(size, before, after)
            before.append(offset)
            if after and count >= _ANEW and offset >= edited_to:
                return RowStarts.joined(size, before, after)
        return RowStarts(size, before)

    def _number(self, top: int) -> None:
        """Say anew which rows the lines from `top` on have."""
        counts = (len(rows) + 1 for rows in islice(self._folded_rows, top, None))
        self._firsts[top:] = accumulate(counts, initial=self._firsts[top])

    def _fold(self, line: str) -> Sequence[int]:
        """Where a line is folded, all of it."""
        width = self._width
        if not width or (len(line) <= width and line.isascii() and "\t" not in line):
            return []
        starts = list(fold(line, width, self._tab_width, 0))
        return RowStarts(len(line), starts) if len(line) > LONG else starts

    @property
    def folded_at(self) -> int:
        """The cells of a row."""
        return self._width

    @property
    def height(self) -> int:
        return self._firsts[-1]

    def get_tab_widths(self, line_index: int) -> list[int]:
        # Only asked for by TextArea, which paints lines that are folded by `Editor` alone.
        return []

    def get_sections(self, line_index: int) -> Sections:  # type: ignore[override]
        return Sections(self.document[line_index], self._folded_rows[line_index])

    def bounds(self, line_index: int, section: int) -> tuple[int, int]:
        """Where a row begins and ends in its line."""
        return bounds(self.document[line_index], self._folded_rows[line_index], section)

    def location_to_offset(self, location: Location) -> Offset:
        index, column = location
        offsets = self.get_offsets(index)
        section = bisect_right(offsets, column)
        before = self.document[index][offsets[section - 1] if section else 0 : column]
        row = self._firsts[index] + section
        return Offset(cell_len(expand_tabs_inline(before, self._tab_width)), row)

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        begin, end = self.bounds(line_index, y_offset)
        line = self.document[line_index]
        column = begin + cell_width_to_column_index(line[begin:end], x_offset, self._tab_width)
        return column if end == len(line) else min(column, end - 1)


def common_start(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(one: str, other: str) -> int:
    """How many characters two texts have in common at their end, those at their beginning not among them."""
    low, high = 0, min(len(one), len(other)) - common_start(one, other)
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def fold(line: str, width: int, tab_width: int, at: int) -> Iterable[int]:
    """Where rows begin in a line, those after `at`, where one begins: after a blank if there is one, full otherwise."""
    size = len(line)
    while True:
        end = _fitting(line, at, width, tab_width)
        if end >= size:
            return
        blank = line.rfind(" ", at, end)
        at = blank + 1 if blank > at else end
        yield at


def _fitting(line: str, at: int, width: int, tab_width: int) -> int:
    """Where the text that begins at `at` and fits into that many cells ends; at least one character fits."""
    part = line[at : at + width]
    if "\t" not in part and (part.isascii() or cell_len(part) == len(part)):
        return at + len(part)
    part = line[at : at + 2 * width + 8]
    cells = 0
    for index, character in enumerate(part):
        cells += tab_width - cells % tab_width if character == "\t" else cell_len(character)
        if cells > width:
            return at + max(1, index)
    return at + len(part)
