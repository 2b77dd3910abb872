"""Soft wrapping for editors, as fast in a very long line as in a short one.

Textual folds a line anew with each key, word by word, and divides all of it for each row that is painted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import overload

from rich.cells import cell_len
from textual._cells import cell_width_to_column_index
from textual.document._document import Location
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import expand_tabs_inline
from textual.geometry import Offset

LONG = 2000
"""A line of more characters than this is folded and painted in our own way."""
_STILL = 64
"""Characters before an edit from which on a long line is folded anew: a word may go up to the row before."""


class Sections(Sequence[str]):
    """The rows of one line, each made when it is asked for."""

    def __init__(self, line: str, offsets: list[int]) -> None:
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


def bounds(line: str, offsets: list[int], section: int) -> tuple[int, int]:
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
        self._folded: dict[int, str] = {}
        """The long lines as they were when they were folded last, by their place."""
        self._wrap_offsets = [self._offsets(index, line) for index, line in enumerate(self.document.lines)]
        self._tab_width_cache = []
        self._number(0, 0, len(self._wrap_offsets))

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        last = len(self._wrap_offsets) - 1
        top = min(start[0], old_end[0], last)
        old_bottom = min(max(start[0], old_end[0]), last)
        new_bottom = min(max(start[0], new_end[0]), self.document.line_count - 1)
        lines = self.document.lines[top : new_bottom + 1]
        if (old_bottom, len(lines)) == (top, 1):
            self._wrap_offsets[top] = self._offsets(top, lines[0], self._wrap_offsets[top])
        else:
            shift = new_bottom - old_bottom
            self._folded = {
                index + (shift if index > old_bottom else 0): line
                for index, line in self._folded.items()
                if not top <= index <= old_bottom
            }
            new = [self._offsets(index, line) for index, line in enumerate(lines, top)]
            self._wrap_offsets[top : old_bottom + 1] = new
        self._number(top, old_bottom + 1, new_bottom + 1)

    def _number(self, top: int, old_end: int, new_end: int) -> None:
        """Say anew which rows the lines from `top` to before `new_end` have, which were those to before `old_end`."""
        info, rows = self._offset_to_line_info, self._line_index_to_offsets
        if not old_end:
            info, rows = [], []
        first = rows[top][0] if top < len(rows) else len(info)
        after = rows[old_end - 1][-1] + 1 if old_end else 0
        at = first
        new_info: list[tuple[int, int]] = []
        new_rows: list[list[int]] = []
        for index in range(top, new_end):
            count = len(self._wrap_offsets[index]) + 1
            new_rows.append(list(range(at, at + count)))
            new_info += zip([index] * count, range(count), strict=True)
            at += count
        lines_more, rows_more = new_end - old_end, at - after
        if old_end and lines_more:
            info[after:] = [(index + lines_more, section) for index, section in info[after:]]
        if old_end and rows_more:
            rows[old_end:] = [[row + rows_more for row in line] for line in rows[old_end:]]
        info[first:after] = new_info
        rows[top:old_end] = new_rows
        self._offset_to_line_info, self._line_index_to_offsets = info, rows

    def _offsets(self, index: int, line: str, before: list[int] | None = None) -> list[int]:
        """Where a line is folded; `before` is where it was until it was edited."""
        width = self._width
        if not width or (len(line) <= width and line.isascii() and "\t" not in line):
            self._folded.pop(index, None)
            return []
        known = self._folded.pop(index, "")
        if len(line) > LONG:
            self._folded[index] = line
        if not known or before is None or len(line) <= LONG:
            return list(fold(line, width, self._tab_width, 0))
        same, same_end = common_start(known, line), common_end(known, line)
        kept = before[: max(0, bisect_right(before, max(0, same - _STILL)) - 1)]
        # Where a row begins behind the edit as one did before it, all rows from there on are the same.
        shift = len(line) - len(known)
        at = bisect_left(before, len(known) - same_end)
        for offset in fold(line, width, self._tab_width, kept[-1] if kept else 0):
            while at < len(before) and before[at] + shift < offset:
                at += 1
            if at < len(before) and before[at] + shift == offset and offset > same:
                return [*kept, *(known_at + shift for known_at in before[at:])]
            kept.append(offset)
        return kept

    @property
    def height(self) -> int:
        return len(self._offset_to_line_info)

    def get_tab_widths(self, line_index: int) -> list[int]:
        # Only asked for by TextArea, which paints lines that are folded by `Editor` alone.
        return []

    def get_sections(self, line_index: int) -> Sections:  # type: ignore[override]
        return Sections(self.document[line_index], self._wrap_offsets[line_index])

    def bounds(self, line_index: int, section: int) -> tuple[int, int]:
        """Where a row begins and ends in its line."""
        return bounds(self.document[line_index], self._wrap_offsets[line_index], section)

    def location_to_offset(self, location: Location) -> Offset:
        index, column = location
        offsets = self.get_offsets(index)
        section = bisect_right(offsets, column)
        before = self.document[index][offsets[section - 1] if section else 0 : column]
        row = self._line_index_to_offsets[index][section]
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
    if "\t" not in part and (part.isascii() or cell_len(part) == len(part) == width):
        return at + len(part)
    part = line[at : at + 2 * width + 8]
    cells = 0
    for index, character in enumerate(part):
        cells += tab_width - cells % tab_width if character == "\t" else cell_len(character)
        if cells > width:
            return at + max(1, index)
    return at + len(part)
