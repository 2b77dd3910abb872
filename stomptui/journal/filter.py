"""Which rows hold a word: a substring filter that works in small steps, newest rows first."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from time import perf_counter

from stomptui.journal.journal import Journal
from stomptui.journal.segments import Segment

CHUNK = 256 << 10
"""Bytes looked through between two looks at the clock, about."""


class Filtered:
    """The rows of a journal whose bytes hold a word, headers and body alike.

    ASCII letters match in either case, other characters as they are. Bodies are searched as they were on the wire: a
    gzip body is not opened. The search starts at `around` and goes both ways, so that the rows a person looks at are
    known first; rows that are appended later are searched as they come, and those that fell off are forgotten.
    Behaves as a sequence of row numbers in ascending order.

    Args:
        journal: Where to search.
        needle: The word; an empty one matches nothing.
        around: The number of the row to start at; the newest if None.
    """

    def __init__(self, journal: Journal, needle: str, around: int | None = None) -> None:
        self.journal = journal
        self.needle = needle
        self._word = needle.encode("utf-8", "surrogateescape").lower()
        start = journal.end if around is None else min(max(around, journal.first), journal.end)
        self._old = array("Q")
        """Hits before the start, newest first: the ones that fall off are at its end."""
        self._new = array("Q")
        """Hits from the start on, oldest first."""
        self._new_gone = 0
        """How many of `_new` fell off."""
        self._low = start
        self._high = start
        self._part: dict[int, int] = {}
        """Rows too large for one step -> how many of their bytes have been searched."""
        self.scanned = 0
        """Rows looked at so far."""

    def __len__(self) -> int:
        return len(self._old) + len(self._new) - self._new_gone

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
        """True when every row that is there has been looked at."""
        return self._high >= self.journal.end and self._low <= self.journal.first

    def scan(self, budget: float) -> bool:
        """Search on, for about that many seconds.

        Returns:
            True when every row has been looked at.
        """
        self._forget()
        if not self._word:
            self._low, self._high = self.journal.first, self.journal.end
            return True
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
        """Let go of the hits whose rows fell off."""
        first = self.journal.first
        while self._old and self._old[-1] < first:
            self._old.pop()
        self._new_gone = bisect_left(self._new, first, self._new_gone)
        if self._new_gone > 1000 and self._new_gone * 2 > len(self._new):
            del self._new[: self._new_gone]
            self._new_gone = 0
        self._low = max(self._low, first)
        self._high = max(self._high, self._low)

    def _step_up(self) -> None:
        """Search some of the rows from `_high` on."""
        segment = self.journal.segment_of(self._high)
        assert segment is not None
        begin = self._high - segment.base
        end = _reach(segment, begin)
        hits = self._search(segment, begin, end)
        if hits is not None:
            self._new.extend([segment.base + index for index in hits])
            self._high = segment.base + end

    def _step_down(self) -> None:
        """Search some of the rows before `_low`."""
        segment = self.journal.segment_of(self._low - 1)
        assert segment is not None
        end = self._low - segment.base
        begin = _reach_back(segment, end)
        hits = self._search(segment, begin, end)
        if hits is not None:
            self._old.extend([segment.base + index for index in reversed(hits)])
            self._low = segment.base + begin

    def _search(self, segment: Segment, begin: int, end: int) -> list[int] | None:
        """The rows among these that hold the word; None if more steps are needed, which one huge row can take."""
        start, stop = segment.marks[2 * begin], segment.marks[2 * end - 1]
        if stop - start <= 4 * CHUNK:
            hits = _hits(segment, self._word, begin, end)
        else:
            number = segment.base + begin
            at = start + self._part.pop(number, 0)
            piece = bytes(segment.data[at : min(stop, at + 4 * CHUNK)]).lower()
            found = self._word in piece
            if not found and at + len(piece) < stop:
                self._part[number] = at + len(piece) - start - len(self._word) + 1
                return None
            hits = [begin] if found else []
        self.scanned += end - begin
        return hits


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


def _hits(segment: Segment, word: bytes, begin: int, end: int) -> list[int]:
    """The indexes of the rows from `begin` to before `end` that hold the word."""
    marks = segment.marks
    found: list[int] = []
    start, stop = marks[2 * begin], marks[2 * end - 1]
    text = bytes(segment.data[start:stop]).lower()
    at = text.find(word)
    while at >= 0:
        index = segment.index_at(start + at)
        if index < 0 or start + at + len(word) > marks[2 * index + 1]:
            at = text.find(word, at + 1)
            continue
        found.append(index)
        if index + 1 >= end:
            break
        at = text.find(word, marks[2 * index + 2] - start)
    return found
