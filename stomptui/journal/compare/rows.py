"""The rows of a comparison: something of the left beside the same of the right."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

MOST = 20_000
"""Rows of a body that are kept; of more it is said how many."""
LONGEST = 2_000
"""Characters of a value that are kept."""
BEFORE = 100
"""Characters of these before the first that differs."""
PIECE = 4096
"""Characters that are compared at once."""


class Difference(Enum):
    """How the two sides of a row differ. The value is the mark before it."""

    SAME = " "
    CHANGED = "≠"
    LEFT = "−"
    """Only the left has it."""
    RIGHT = "+"
    """Only the right has it."""


@dataclass(frozen=True)
class ComparedRow:
    """Something of the left beside the same of the right."""

    label: str
    """What it is: the name of a header, the path of a value, the number of a line."""
    left: str | None
    """None where the left does not have it."""
    right: str | None
    difference: Difference
    masked: tuple[str | None, str | None] | None = None
    """Both with secrets masked; None where there are none."""

    def sides(self, secrets: bool) -> tuple[str | None, str | None]:
        """What is shown of both.

        Args:
            secrets: Whether secrets are shown as they are.
        """
        return (self.left, self.right) if secrets or self.masked is None else self.masked


def row(label: str, left: str | None, right: str | None, *, same: bool | None = None) -> ComparedRow:
    """A row of two texts, either of which may be missing.

    Args:
        label, left, right: As of the row.
        same: Whether they are the same, where their texts alone do not tell.
    """
    difference = Difference.CHANGED
    if left is None or right is None:
        difference = Difference.RIGHT if left is None else Difference.LEFT
    elif left == right if same is None else same:
        difference = Difference.SAME
    begin = 0
    if left and right and difference is Difference.CHANGED and max(len(left), len(right)) > LONGEST:
        begin = max(0, _common(left, right) - BEFORE)
    return ComparedRow(label, _cut(left, begin), _cut(right, begin), difference)


def _common(left: str, right: str) -> int:
    """How many characters both begin with."""
    size, at = min(len(left), len(right)), 0
    while at < size and left[at : at + PIECE] == right[at : at + PIECE]:
        at += PIECE
    while at < size and left[at] == right[at]:
        at += 1
    return min(at, size)


def _cut(text: str | None, begin: int) -> str | None:
    """As much of a text as is kept, from a place on."""
    if text is None or len(text) <= LONGEST:
        return text
    before = f"(after {begin:,} characters) …" if begin else ""
    after = f"… ({len(text):,} characters)" if len(text) > begin + LONGEST else ""
    return f"{before}{text[begin : begin + LONGEST]}{after}"


@dataclass
class ComparedBody:
    """The rows of two bodies, as many as are kept."""

    rows: list[ComparedRow] = field(default_factory=list)
    differences: int = 0
    notes: list[str] = field(default_factory=list)
    """What is not in the rows, in words."""
    left_out: int = 0
    """Rows that differ and are not kept."""
    left_out_same: int = 0
    """Rows that are the same in both and are not kept."""
    unit: str = "value"
    """What a row is."""

    def add(self, added: ComparedRow) -> None:
        """Append a row, or count it."""
        if added.difference is not Difference.SAME:
            self.differences += 1
            if self.differences > MOST:
                self.left_out += 1
                return
        elif len(self.rows) >= MOST:
            self.left_out_same += 1
            return
        self.rows.append(added)
