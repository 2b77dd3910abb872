"""Finding a text in the lines of a message, a part of them at a time; case does not matter."""

from __future__ import annotations

import itertools
import re
import time
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style

from stomptui.journal.views.lines import Lines

MOST = 100_000
"""Places that are remembered; finding ends there."""


class Hit(NamedTuple):
    """A place where the text is."""

    chunk: int
    line: int
    """The line in the chunk."""
    start: int
    """The character in the line."""


class LineSearch:
    """The places of one text in lines.

    Args:
        lines: The lines, as they are painted.
        text: What is looked for; not empty.
    """

    def __init__(self, lines: Lines, text: str) -> None:
        self.text = text
        self.pattern = re.compile(re.escape(text), re.IGNORECASE)
        self.hits: list[Hit] = []
        self.at: int | None = None
        """The hit that the person is at, None while at none."""
        self._lines = lines
        self._next = 0

    @property
    def done(self) -> bool:
        """Whether all lines were searched, or as many as are remembered were found."""
        return len(self.hits) >= MOST or (self._lines.done and self._next >= self._lines.known)

    @property
    def count_text(self) -> str:
        """Where the person is among the hits: `3 of 7`; with a plus while more may be found."""
        more = "" if self.done and len(self.hits) < MOST else "+"
        if not self.hits:
            return "not found" if self.done else "…"
        return f"{(self.at or 0) + 1:,} of {len(self.hits):,}{more}"

    def go_on(self, seconds: float) -> None:
        """Search further lines for that long."""
        until = time.monotonic() + seconds
        while not self.done and time.monotonic() < until:
            for index, line in enumerate(self._lines.chunk(self._next)):
                text = "".join(part for part, _ in line)
                self.hits += [Hit(self._next, index, found.start()) for found in self.pattern.finditer(text)]
            self._next += 1

    def first_from(self, chunk: int, line: int) -> int | None:
        """The first hit at a line or after it, or else the first of all; None if there is none."""
        after = (n for n, hit in enumerate(self.hits) if (hit.chunk, hit.line) >= (chunk, line))
        return next(after, 0 if self.hits else None)


def highlighted(segments: list[Segment], pattern: re.Pattern[str], over: Style) -> list[Segment]:
    """The segments of a row with each place of a pattern in another style."""
    text = "".join(segment.text for segment in segments)
    spans = [found.span() for found in pattern.finditer(text)]
    return overlaid(segments, spans, over) if spans else segments


def overlaid(segments: list[Segment], spans: list[tuple[int, int]], over: Style) -> list[Segment]:
    """The segments of a row with some of its characters, by where they begin and end, in another style."""
    made: list[Segment] = []
    at = 0
    for segment in segments:
        end = at + len(segment.text)
        cuts = sorted({at, end, *(place for span in spans for place in span if at < place < end)})
        for begin, after in itertools.pairwise(cuts):
            hit = any(first <= begin and after <= last for first, last in spans)
            style = (segment.style or Style()) + over if hit else segment.style
            made.append(Segment(segment.text[begin - at : after - at], style))
        at = end
    return made
