"""Which rows are left when some groups of them are hidden, by position and by number."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from stomptui.journal.row_groups import RowGroup, RowGroups

QUIET = frozenset({RowGroup.PROTOCOL, RowGroup.ACTIONS})
"""What a log hides unless something else is asked for."""


class ShownGroups:
    """Counts the rows that are shown. What a row costs is paid only by rows of groups other than messages.

    While messages are shown, it keeps the numbers of the rows that are hidden; while they are hidden, of those shown.

    Args:
        groups: The groups of the rows of a journal.
        hidden: The groups that are hidden.
    """

    def __init__(self, groups: RowGroups, hidden: frozenset[RowGroup] = frozenset()) -> None:
        self._groups = groups
        self._hidden = hidden
        self._opened: set[int] = set()
        self._version = -1
        self._epoch = -1
        self._numbers = array("Q")
        self._taken: dict[int, int] = {}

    @property
    def hidden(self) -> frozenset[RowGroup]:
        """The groups that are hidden."""
        return self._hidden

    def hide(self, hidden: frozenset[RowGroup]) -> None:
        """Hide these groups and no others."""
        self._hidden = hidden
        self._version = self._epoch = -1

    def opened(self, row: int) -> bool:
        """Whether the rows that this row stands for are shown."""
        return row in self._opened or RowGroup.ACTIONS not in self._hidden

    def toggle(self, row: int) -> bool:
        """Show the rows that this row stands for, or hide them again.

        Returns:
            False if it is an ordinary row, or if the rows of all actions are shown.
        """
        if self._groups.fold_at(row) is None or RowGroup.ACTIONS not in self._hidden:
            return False
        self._opened.symmetric_difference_update((row,))
        self._version = self._epoch = -1
        return True

    def show(self, number: int) -> None:
        """Show a row, and with it the others that are hidden for the same reason."""
        group = self._groups.group_of(number)
        if group in self._hidden:
            self.hide(self._hidden - {group})

    def count(self, first: int, end: int) -> int:
        """How many rows from `first` to before `end` are shown."""
        numbers = self._sorted()
        inside = bisect_left(numbers, end) - bisect_left(numbers, first)
        return inside if RowGroup.MESSAGES in self._hidden else max(0, end - first) - inside

    def number(self, first: int, position: int) -> int:
        """The number of the row at a position, counted from row `first`; there must be one."""
        numbers = self._sorted()
        low = bisect_left(numbers, first)
        if RowGroup.MESSAGES in self._hidden:
            return numbers[low + position]
        if low == len(numbers):
            return first + position
        # Before the hidden row at i come numbers[i] - first - (i - low) shown ones.
        after = bisect_right(range(low, len(numbers)), position, key=lambda i: numbers[i] - first - (i - low))
        return first + position + after

    def _sorted(self) -> array[int]:
        """The numbers that are kept, up to date."""
        groups = self._groups
        if self._version == groups.version:
            return self._numbers
        if self._epoch != groups.epoch:
            self._epoch = groups.epoch
            self._numbers, self._taken = array("Q"), {}
        new: list[int] = []
        for key, numbers in self._sources():
            taken = self._taken.get(key, 0)
            if len(numbers) > taken:
                new += numbers[taken:]
                self._taken[key] = len(numbers)
        # Numbers grow, so all that is new comes after what is there.
        new.sort()
        self._numbers.extend(new)
        self._version = groups.version
        return self._numbers

    def _sources(self) -> Iterator[tuple[int, array[int]]]:
        """The arrays whose rows are kept, each with a key of its own."""
        only = RowGroup.MESSAGES in self._hidden
        for group in RowGroup:
            kept = (group in self._hidden) is not only
            if group is RowGroup.ACTIONS:
                for fold in self._groups.folds.values():
                    if (kept and fold.row not in self._opened) or (only and fold.row in self._opened):
                        yield fold.row + len(RowGroup), fold.numbers
            elif kept:
                for numbers in self._groups.numbers(group):
                    yield list(RowGroup).index(group), numbers
