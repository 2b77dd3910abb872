"""Comparing text line by line."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from stomptui.journal.compare.rows import ComparedBody, row

MATCHED = 2_000
"""Lines, without those that both begin and end with, up to which it is found out which were put in."""


def compare_lines(left: str, right: str) -> ComparedBody:
    """Compare two texts by their lines."""
    found = ComparedBody(unit="line")
    mine, others = left.split("\n"), right.split("\n")
    size, other_size = len(mine), len(others)
    head = 0
    while head < min(size, other_size) and mine[head] == others[head]:
        head += 1
    tail = 0
    while tail < min(size, other_size) - head and mine[size - 1 - tail] == others[other_size - 1 - tail]:
        tail += 1
    _add(found, mine, others, (0, head), (0, head))
    if max(size, other_size) - head - tail > MATCHED:
        found.notes.append("too many lines differ to be matched: they stand beside each other by their numbers")
        _add(found, mine, others, (head, size - tail), (head, other_size - tail))
    else:
        matcher = SequenceMatcher(None, mine[head : size - tail], others[head : other_size - tail])
        for _, first, last, begin, end in matcher.get_opcodes():
            _add(found, mine, others, (head + first, head + last), (head + begin, head + end))
    _add(found, mine, others, (size - tail, size), (other_size - tail, other_size))
    if found.differences and left.replace("\r\n", "\n") == right.replace("\r\n", "\n"):
        found.notes.append("only the ends of lines differ: CR LF on one side, LF on the other")
    return found


def _add(
    found: ComparedBody, left: Sequence[str], right: Sequence[str], mine: tuple[int, int], others: tuple[int, int]
) -> None:
    """Lines that belong together, beside each other."""
    (first, last), (begin, end) = mine, others
    for step in range(max(last - first, end - begin)):
        one = first + step if first + step < last else None
        other = begin + step if begin + step < end else None
        numbers = [str(number + 1) for number in dict.fromkeys((one, other)) if number is not None]
        found.add(
            row(
                "→".join(numbers),
                left[one] if one is not None else None,
                right[other] if other is not None else None,
            )
        )
