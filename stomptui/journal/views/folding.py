"""Lines of a body with groups folded away: a folded group is one line that says how many it hides."""

from __future__ import annotations

from typing import NamedTuple

from stomptui.journal.views.lines import CHUNK, CLOSE, OPEN, Line, Lines, NumberedLine, Span

_BUDGET = 8 * CHUNK
"""Lines that are looked at for one chunk."""


class _FoldState(NamedTuple):
    chunk: int
    """The next line in the lines that are folded: its chunk, and its place in there."""
    offset: int
    number: int
    """How many lines there are before it."""
    depth: int = 0
    """How many groups it is in."""
    first: NumberedLine | None = None
    """The first line of the folded group it is in, None outside of one."""
    hidden: int = 0
    """Lines of that group so far."""
    inner: int = 0
    """How many groups it is in within that one, which counts."""


class FoldedLines(Lines):
    """Other lines, of which some groups are folded. All groups but the outermost can be folded at once.

    Args:
        source: The lines; `OPEN` and `CLOSE` in them are where groups begin and end.
    """

    foldable = True

    def __init__(self, source: Lines) -> None:
        super().__init__(_FoldState(0, 0, 0))
        self._source = source
        self._all = False
        self._but: set[int] = set()
        """Numbers of first lines whose groups are not as the others."""

    @property
    def progress(self) -> float:
        return 1.0 if self.done else self._source.progress

    @property
    def any_folded(self) -> bool:
        """Whether a group is folded, as far as a person asked for it."""
        return self._all or bool(self._but)

    def toggle(self, chunk: int, number: int) -> None:
        """Fold the group that a line begins, or unfold it. Chunks from that one on are made anew.

        Args:
            chunk: The chunk with the line.
            number: The number of the line.
        """
        self._but ^= {number}
        self._states = self._states[: chunk + 1]
        self.done = False
        self._forget(chunk)

    def fold_all(self, folded: bool) -> None:
        """Fold all groups but the outermost, or unfold all."""
        self._all = folded
        self._but.clear()
        self._states = self._states[:1]
        self.done = False
        self._forget(0)

    def numbers(self, index: int) -> list[int]:
        return [line.number for line in self.chunk(index) if isinstance(line, NumberedLine)]

    def _folded(self, number: int, depth: int) -> bool:
        return (self._all and depth > 0) != (number in self._but)

    def _make(self, state: _FoldState) -> tuple[list[Line], _FoldState | None]:
        chunk, offset, number, depth, first, hidden, inner = state
        source, lines = self._source, list[Line]()
        for _ in range(_BUDGET):
            while offset >= len(part := source.chunk(chunk)):
                if source.done and chunk + 1 >= source.known:
                    self.problem = source.problem
                    return [*lines, folded_line(first, hidden, ())] if first is not None else lines, None
                chunk, offset = chunk + 1, 0
            if len(lines) >= CHUNK:
                break
            line = NumberedLine(part[offset], number)
            offset, number = offset + 1, number + 1
            closes, opens = CLOSE in line, OPEN in line
            if first is not None:
                inner -= closes
                if inner:
                    inner += opens
                    hidden += 1
                    continue
                lines.append(folded_line(first, hidden, () if opens else line))
                first = None
                if not opens:
                    continue
            else:
                depth -= closes
            if opens and self._folded(line.number, depth):
                first, hidden, inner = line, 0, 1
                continue
            depth += opens
            lines.append(line)
        return lines, _FoldState(chunk, offset, number, depth, first, hidden, inner)


def folded_line(first: NumberedLine, hidden: int, last: Line | tuple[()]) -> NumberedLine:
    """The one line that a folded group is.

    Args:
        first: Its first line.
        hidden: Lines between that and its last one.
        last: Its last line, empty if that is shown by itself.
    """
    count = f" … {hidden:,} line{'' if hidden == 1 else 's'} "
    end: list[Span] = [(text.lstrip(" ") if style == "plain" else text, style) for text, style in last]
    return NumberedLine([*first, (count, "dim"), *(span for span in end if span[0])], first.number, folded=True)
