"""The lines of a comparison: both sides beside each other, or one below the other in a narrow terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len

from stomptui.journal.compare.rows import ComparedRow, Difference
from stomptui.journal.views.lines import CHUNK, Line, Lines
from stomptui.journal.views.wire_view import visible
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.text.cells import clusters

BESIDE_CELLS = 72
"""From that width on the sides stand beside each other."""
MARKS = {Difference.CHANGED: "mark", Difference.LEFT: "string", Difference.RIGHT: "literal", Difference.SAME: "dim"}
"""How the mark before a row is painted."""
BETWEEN = " │ "
EMPTY: Line = []


@dataclass(frozen=True)
class Columns:
    """Cells of the columns of a comparison."""

    label: int
    side: int
    """Of each side; 0 where they stand one below the other."""
    width: int

    @classmethod
    def of(cls, rows: Sequence[ComparedRow], width: int) -> Columns:
        """The columns that suit some rows."""
        longest = max((cell_len(clean(each.label)) for each in rows[:1000]), default=0)
        label = min(longest, max(8, width // 4))
        # The mark and its blank, two blanks behind the label, what stands between the sides.
        side = (width - 2 - label - 2 - len(BETWEEN)) // 2
        return cls(label, side if width >= BESIDE_CELLS else 0, width)

    def heads(self, left: str, right: str) -> list[Line]:
        """What the sides are, above them."""
        left, right = clean(left), clean(right)
        if not self.side:
            both = ("− ", Difference.LEFT, left), ("+ ", Difference.RIGHT, right)
            return [
                [(mark if not number else "  ", MARKS[kind]), *part]
                for mark, kind, text in both
                for number, part in enumerate(_wrapped([(text, "tag")], self.width - 2))
            ]
        mine, other = _wrapped([(left, "tag")], self.side), _wrapped([(right, "tag")], self.side)
        before = " " * (2 + self.label + 2)
        return [
            [(before, "plain"), *_padded(one, self.side), (BETWEEN, "punctuation"), *two]
            for one, two in zip_longest(mine, other, fillvalue=EMPTY)
        ]


class ComparedLines(Lines):
    """Rows under their headings, laid out for a width.

    Args:
        parts: Headings, each with its rows.
        columns: The columns.
        secrets: Whether secrets are shown as they are.
    """

    def __init__(self, parts: Sequence[tuple[str, Sequence[ComparedRow]]], columns: Columns, secrets: bool) -> None:
        super().__init__(0)
        self._columns = columns
        self._secrets = secrets
        self._items: list[ComparedRow | str] = []
        for heading, rows in parts:
            self._items += [heading, *rows]

    @property
    def progress(self) -> float:
        return 1.0 if self.done else self._states[-1] / max(1, len(self._items))

    def _make(self, state: int) -> tuple[list[Line], int | None]:
        lines: list[Line] = []
        at = state
        while at < len(self._items) and len(lines) < CHUNK:
            item = self._items[at]
            if isinstance(item, str):
                lines += [[], [(item, "tag")]] if at else [[(item, "tag")]]
            else:
                lines += self._row(item)
            at += 1
        return lines, at if at < len(self._items) else None

    def _row(self, row: ComparedRow) -> list[Line]:
        columns, mark = self._columns, (f"{row.difference.value} ", MARKS[row.difference])
        left, right = row.sides(self._secrets)
        if row.difference is Difference.CHANGED and left == right and row.masked is not None:
            left, right = f"{left} (another)", f"{right} (another)"
        mine, other = _sides(left, right, row.difference)
        label = _wrapped([(clean(row.label), "key")], columns.label if columns.side else columns.width - 2)
        if not columns.side:
            return self._below(mark, label, mine, other, row.difference)
        sides = _wrapped(mine, columns.side), _wrapped(other, columns.side)
        lines: list[Line] = []
        for number, (name, one, two) in enumerate(zip_longest(label, *sides, fillvalue=EMPTY)):
            first = mark if not number else ("  ", "plain")
            line = [first, *_padded(name, columns.label + 2), *_padded(one, columns.side), (BETWEEN, "punctuation")]
            lines.append([*line, *two])
        return lines

    def _below(
        self, mark: tuple[str, str], label: list[Line], left: Line, right: Line, difference: Difference
    ) -> list[Line]:
        """The label, and below it the sides that there are, or the one that both are."""
        lines: list[Line] = [[mark if not number else ("  ", "plain"), *part] for number, part in enumerate(label)]
        shown = {
            Difference.SAME: [("    ", "dim", left)],
            Difference.LEFT: [("  − ", MARKS[Difference.LEFT], left)],
            Difference.RIGHT: [("  + ", MARKS[Difference.RIGHT], right)],
            Difference.CHANGED: [
                ("  − ", MARKS[Difference.LEFT], left),
                ("  + ", MARKS[Difference.RIGHT], right),
            ],
        }[difference]
        for before, style, text in shown:
            for number, part in enumerate(_wrapped(text, self._columns.width - 4)):
                lines.append([(before if not number else "    ", style), *part])
        return lines


def _sides(left: str | None, right: str | None, difference: Difference) -> tuple[Line, Line]:
    """Both texts, with what differs in them marked."""
    if difference is not Difference.CHANGED or left is None or right is None:
        style = MARKS[difference] if difference is not Difference.CHANGED else "plain"
        return [*visible(left or "", style)], [*visible(right or "", style)]
    head = 0
    while head < min(len(left), len(right)) and left[head] == right[head]:
        head += 1
    tail = 0
    while tail < min(len(left), len(right)) - head and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    return _marked(left, head, tail), _marked(right, head, tail)


def _marked(text: str, head: int, tail: int) -> Line:
    end = len(text) - tail
    return [*visible(text[:head]), *visible(text[head:end], "mark"), *visible(text[end:])]


def _wrapped(line: Line, width: int) -> list[Line]:
    """A line cut into as many as it takes, none of them empty but the only one."""
    width = max(1, width)
    lines: list[Line] = [[]]
    used = 0
    for text, style in line:
        begin = 0
        for first, last, cells in clusters(text):
            if used + cells > width and used:
                lines[-1].append((text[begin:first], style))
                lines.append([])
                begin, used = first, 0
            used += cells
            end = last
        if text:
            lines[-1].append((text[begin:end], style))
    return lines


def _padded(line: Line, width: int) -> Line:
    return [*line, (" " * max(0, width - sum(cell_len(text) for text, _ in line)), "plain")]
