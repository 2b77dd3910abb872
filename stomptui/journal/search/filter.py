"""The rows that match a filter, found in small steps, newest rows first."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from time import perf_counter

from stomptui.journal.journal import Journal
from stomptui.journal.search.row_filter import RowFilter, RowsScan
from stomptui.journal.search.rows_search import CHUNK
from stomptui.journal.segments import Segment


class FilterHits:
    """The rows of a journal that match a filter.

    The search starts at `around` and goes both ways, so that the rows on the screen are known first; rows that are
    appended later are searched as they come, and those that fell off are forgotten.
    Behaves as a sequence of row numbers in ascending order.

    Args:
        journal: Where to search.
        row_filter: What to look for.
        around: The number of the row to start at; the newest if None.
    """

    def __init__(self, journal: Journal, row_filter: RowFilter, around: int | None = None) -> None:
        self.journal = journal
        self.filter = row_filter
        start = journal.end if around is None else min(max(around, journal.first), journal.end)
        self._old = array("Q")
        """Hits before the start, newest first: the ones that fall off are at its end."""
        self._new = array("Q")
        """Hits from the start on, oldest first."""
        self._new_gone = 0
        """How many of `_new` fell off."""
        self._low = start
        self._high = start
        self._up: RowsScan | None = None
        """Rows from `_high` on that are being searched."""
        self._down: RowsScan | None = None
        """Rows before `_low` that are being searched."""
        self.scanned = 0
        """Rows searched so far."""

    def __len__(self) -> int:
        return len(self._old) + len(self._new) - self._new_gone

    def __bool__(self) -> bool:
        """A filter without hits is a filter all the same."""
        return True

    def __getitem__(self, index: int) -> int:
        if not 0 <= index < len(self):
            raise IndexError(index)
        old = len(self._old)
        return self._old[old - 1 - index] if index < old else self._new[index - old + self._new_gone]

    def index_of(self, number: int) -> int:
        """How many hits there are before that row: its index if it is a hit, else where it would be."""
        if self._old and number <= self._old[0]:
            return bisect_left(self, number, 0, len(self._old))
        return len(self._old) + bisect_left(self._new, max(0, number), self._new_gone) - self._new_gone

    @property
    def done(self) -> bool:
        """True when every row that is there has been searched."""
        return self._high >= self.journal.end and self._low <= self.journal.first

    def scan(self, budget: float) -> bool:
        """Search on, for about that many seconds: a few milliseconds more at most.

        Returns:
            True when every row has been searched.
        """
        self._forget()
        until = perf_counter() + budget
        while self._high < self.journal.end:
            self._step_up()
            if perf_counter() > until:
                return self.done
        while self._low > self.journal.first:
            self._step_down()
            if perf_counter() > until:
                break
        return self.done

    def _forget(self) -> None:
        """Forget the hits whose rows fell off."""
        first = self.journal.first
        if self._old and self._old[-1] < first:
            del self._old[bisect_right(self._old, -first, key=lambda number: -number) :]
        self._new_gone = bisect_left(self._new, first, self._new_gone)
        if self._new_gone > 1000 and self._new_gone * 2 > len(self._new):
            del self._new[: self._new_gone]
            self._new_gone = 0
        if self._low < first:
            self._low, self._down = first, None
        if self._high < self._low:
            self._high, self._up = self._low, None

    def _step_up(self) -> None:
        """Search some of the rows from `_high` on."""
        if self._up is None:
            segment = self.journal.segment_of(self._high)
            assert segment is not None
            begin = self._high - segment.base
            self._up = self.filter.scan(segment, begin, _reach(segment, begin))
        if self._up.step():
            self._new.extend(self._up.hits)
            self.scanned += self._up.end - self._up.begin
            self._high = self._up.segment.base + self._up.end
            self._up = None

    def _step_down(self) -> None:
        """Search some of the rows before `_low`."""
        if self._down is None:
            segment = self.journal.segment_of(self._low - 1)
            assert segment is not None
            end = self._low - segment.base
            self._down = self.filter.scan(segment, _reach_back(segment, end), end)
        if self._down.step():
            self._old.extend(reversed(self._down.hits))
            self.scanned += self._down.end - self._down.begin
            self._low = self._down.segment.base + self._down.begin
            self._down = None


def _reach(segment: Segment, begin: int) -> int:
    """The end of the rows from `begin` on that fit in one chunk; at least one row."""
    limit = segment.marks[2 * begin] + CHUNK
    if segment.marks[-1] <= limit:
        return len(segment)
    return max(begin + 1, bisect_left(segment.marks, limit) // 2)


def _reach_back(segment: Segment, end: int) -> int:
    """The begin of the rows before `end` that fit in one chunk; at least one row."""
    limit = segment.marks[2 * end - 1] - CHUNK
    if segment.marks[0] >= limit:
        return 0
    return min(end - 1, (bisect_left(segment.marks, limit) + 1) // 2)
