"""What the program knows of a filter: it finds rows, says where a painted text matches, or what is wrong with it.

`read_filter` is the only place that knows how a filter is written. Another language takes its place with a function of
the type `FilterReader` whose filters are `RowFilter`s; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from stomptui.journal.segments import Segment

Span = tuple[int, int]
"""Where something begins and ends in a text, in characters; the end is not part of it."""


class RowsScan(Protocol):
    """Looks through some rows of one segment in short steps."""

    segment: Segment
    begin: int
    """The index of the first of these rows."""
    end: int
    """The index after that of the last."""

    def step(self) -> bool:
        """Go on for a few milliseconds at most; True when all of these rows were looked at."""

    @property
    def hits(self) -> list[int]:
        """The absolute numbers of the rows that match, in order."""


class RowFilter(Protocol):
    """A filter as a person typed it, read and ready to be used. It matches by what is shown of a row."""

    @property
    def text(self) -> str:
        """As it was typed; filters of the same text are the same filter."""

    def scan(self, segment: Segment, begin: int, end: int) -> RowsScan:
        """What finds the rows that match among those with the indices from `begin` to before `end` of a segment."""

    def spans(self, painted: str) -> list[Span]:
        """What of a painted text matches, in order, none within another; [] where that would not be cheap to tell.

        Called for every text on the screen, and for no other; a text is at most as long as a row of the terminal,
        or as a line of a message.
        """


@dataclass(frozen=True)
class FilterProblem:
    """Why a text is no filter."""

    reason: str
    """In a few words, for the person."""
    begin: int
    """The character of the text where it goes wrong."""
    end: int
    """The character after that part; `begin` where something is missing there."""


FilterReader = Callable[[str], RowFilter | FilterProblem]
"""Reads what was typed, which is not empty."""
