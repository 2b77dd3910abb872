"""How the journal stores rows: segments, each the bytes of one read and the positions of the frames in it."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from stomptui.journal.entry import Outcome, RowKind
from stomptui.protocol.marker import Batch


class Origin(NamedTuple):
    """What the frames of one read have in common."""

    kind: RowKind
    version: str
    session: int


Run = tuple[int, float, Origin]
"""Frames that have those in common: the index of the first of them, and when it came."""
AT_ONCE = 2 << 20
"""Bytes that are searched for a word without a pause: less than a millisecond."""


class Segment:
    """Frames that follow each other in one stretch of bytes, kept and dropped together.

    A big read is a segment as it came, without a copy. Small reads, sent frames and notes are gathered in an open
    segment (`add`), since an object of its own for each would cost more than the frame. Either way a frame costs
    its bytes, 8 bytes for its two marks, and 16 a read.

    Attributes:
        base: The absolute number of its first row.
        data: The bytes.
        marks: Begin and end of each frame in `data`, two entries a frame.
    """

    __slots__ = ("_origins", "_run_begins", "_run_whens", "_words", "base", "data", "marks", "odd", "outcomes")

    OVERHEAD = 700
    """Bytes the objects of one segment take beside its data and marks, about."""

    def __init__(self, base: int, data: bytes | bytearray, marks: array[int]) -> None:
        self.base = base
        self.data = data
        self.marks = marks
        self.odd: dict[int, str] = {}
        self.outcomes: dict[int, Outcome] = {}
        self._run_begins = array("I")
        self._run_whens = array("d")
        self._origins: list[Origin] = []
        self._words: dict[bytes, tuple[int, bool]] = {}
        """Words that were looked for: how many bytes were searched, and whether it is in them."""

    @classmethod
    def of_batch(cls, base: int, batch: Batch, runs: Sequence[Run]) -> Segment:
        """A segment that is the batch, uncopied."""
        segment = cls(base, batch.data, batch.marks)
        segment.odd = batch.odd
        segment._start_runs(0, runs)
        return segment

    @classmethod
    def open(cls, base: int) -> Segment:
        """An empty segment to add to."""
        return cls(base, bytearray(), array("I"))

    def __len__(self) -> int:
        return len(self.marks) // 2

    @property
    def size(self) -> int:
        """Bytes of memory it takes, about."""
        return len(self.data) + 4 * len(self.marks) + 16 * len(self._run_begins) + self.OVERHEAD

    def may_hold(self, word: bytes) -> bool:
        """Whether the bytes hold a word; each of them is searched once. True as well where that would take long."""
        until, found = self._words.get(word, (0, False))
        size = len(self.data)
        if not found and size - until > AT_ONCE:
            return True
        if not found and size > until:
            found = self.data.find(word, max(0, until - len(word))) >= 0
            self._words[word] = (size, found)
        return found

    def add(self, batch: Batch, when: float, origin: Origin) -> None:
        """Copy a small batch to the end of an open segment."""
        self.add_runs(batch, ((0, when, origin),))

    def add_runs(self, batch: Batch, runs: Sequence[Run]) -> None:
        """As `add`, of frames that came at several times or from several sides."""
        data = self.data
        assert isinstance(data, bytearray)
        first, begin, end = len(self), batch.marks[0], batch.marks[-1]
        shift = len(data) - begin
        data += memoryview(batch.data)[begin:end]
        self.marks.extend([mark + shift for mark in batch.marks])
        for index, why in batch.odd.items():
            self.odd[first + index] = why
        self._start_runs(first, runs)

    def add_one(self, raw: bytes, when: float, origin: Origin) -> None:
        """Add one frame, or one note, to an open segment."""
        data = self.data
        assert isinstance(data, bytearray)
        first, begin = len(self), len(data)
        data += raw
        self.marks.extend((begin, begin + len(raw)))
        self._start_run(first, when, origin)

    def close(self) -> None:
        """Nothing more will be added: free the memory that was reserved for growing."""
        self.data = bytes(self.data)

    def raw(self, index: int) -> bytes:
        """The bytes of one frame, without its NUL."""
        return bytes(self.data[self.marks[2 * index] : self.marks[2 * index + 1]])

    def run(self, index: int) -> tuple[float, Origin]:
        """When the frame came, and from where."""
        at = bisect_right(self._run_begins, index) - 1
        return self._run_whens[at], self._origins[at]

    def notes(self, begin: int, end: int) -> list[int]:
        """The indexes of the notes among the rows from `begin` to before `end`."""
        found: list[int] = []
        begins = self._run_begins
        for at in range(max(0, bisect_right(begins, begin) - 1), len(begins)):
            if begins[at] >= end:
                break
            if self._origins[at].kind is RowKind.NOTE:
                after = begins[at + 1] if at + 1 < len(begins) else len(self)
                found.extend(range(max(begin, begins[at]), min(end, after)))
        return found

    def index_at(self, position: int) -> int:
        """The index of the frame whose bytes hold that position of `data`, or -1 if it lies between frames."""
        at = bisect_right(self.marks, position) - 1
        # A position at an odd mark or beyond is past the end of one frame and before the next.
        return at // 2 if at >= 0 and at % 2 == 0 else -1

    def _start_runs(self, first: int, runs: Sequence[Run]) -> None:
        self._run_begins.extend([first + index for index, _, _ in runs])
        self._run_whens.extend([when for _, when, _ in runs])
        self._origins.extend([origin for _, _, origin in runs])

    def _start_run(self, index: int, when: float, origin: Origin) -> None:
        self._run_begins.append(index)
        self._run_whens.append(when)
        self._origins.append(origin)


def locate(bases: Sequence[int], number: int) -> int:
    """Which segment contains that row, by the numbers of their first rows."""
    return bisect_right(bases, number) - 1
