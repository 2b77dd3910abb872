"""Where the rows of folded lines begin, held so that an edit costs as little in a very long text as in a short one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import overload


class RowStarts(Sequence[int]):
    """Where the rows of one very long line begin, but for the first.

    Those before the last edit are counted from the beginning of the line, those after it from its end: typing in the
    middle leaves both as they are.

    Args:
        size: The characters of the line.
        starts: Where its rows begin, in order.
    """

    def __init__(self, size: int, starts: list[int]) -> None:
        self._size = size
        self._before = starts
        self._after: list[int] = []
        """Characters from where a row begins to the end of the line; the last item is the row nearest to the edit."""

    def __len__(self) -> int:
        return len(self._before) + len(self._after)

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        before = len(self._before)
        if index < 0:
            index += before + len(self._after)
        if 0 <= index < before:
            return self._before[index]
        if index < 0:
            raise IndexError(index)
        return self._size - self._after[before - index - 1]

    def __iter__(self) -> Iterator[int]:
        return chain(self._before, (self._size - left for left in reversed(self._after)))

    def start_of(self, column: int) -> list[int]:
        """Where the rows begin, up to the one that holds a column."""
        self._go_to(bisect_right(self, column))
        return self._before

    def rest_of(self, column: int) -> list[int]:
        """How far from the end of the line the rows begin that begin at a column or after it, the last one first."""
        self._go_to(bisect_left(self, column))
        return self._after

    def _go_to(self, place: int) -> None:
        """Count so many rows from the beginning of the line, and the others from its end."""
        before, after = self._before, self._after
        if place < len(before):
            after += [self._size - start for start in reversed(before[place:])]
            del before[place:]
        elif place > len(before):
            keep = len(after) - (place - len(before))
            before += [self._size - left for left in reversed(after[keep:])]
            del after[keep:]

    @classmethod
    def joined(cls, size: int, before: list[int], after: list[int]) -> RowStarts:
        """The rows of a line, some counted from its beginning and the others, the last one first, from its end."""
        made = cls(size, before)
        made._after = after
        return made


class LineRows(Sequence[range]):
    """Which rows of a text each of its lines has.

    Args:
        firsts: The first row of each line, and behind them the number of all rows.
    """

    def __init__(self, firsts: list[int]) -> None:
        self._firsts = firsts

    def __len__(self) -> int:
        return len(self._firsts) - 1

    @overload
    def __getitem__(self, index: int) -> range: ...
    @overload
    def __getitem__(self, index: slice) -> list[range]: ...
    def __getitem__(self, index: int | slice) -> range | list[range]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        return range(self._firsts[index], self._firsts[index + 1])


class RowPlaces(Sequence[tuple[int, int]]):
    """Which line each row of a text is in, and which of its rows.

    Args:
        firsts: The first row of each line, and behind them the number of all rows.
    """

    def __init__(self, firsts: list[int]) -> None:
        self._firsts = firsts

    def __len__(self) -> int:
        return self._firsts[-1]

    @overload
    def __getitem__(self, index: int) -> tuple[int, int]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[int, int]]: ...
    def __getitem__(self, index: int | slice) -> tuple[int, int] | list[tuple[int, int]]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        line = bisect_right(self._firsts, index) - 1
        return line, index - self._firsts[line]
