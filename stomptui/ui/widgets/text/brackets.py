"""Finds the bracket that matches another in an editor, within a time limit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.document._document import DocumentBase, Location

REACH = 32 << 10
"""Characters searched; TextArea goes through all of a text, one by one, with each move of the cursor."""
_BRACKET = re.compile(r"[\[\](){}]")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_OPENS = {closing: opening for opening, closing in _PAIRS.items()}


def matching_bracket(document: DocumentBase, bracket: str, place: Location) -> Location | None:
    """Where the bracket is that closes or opens the one at a place; None if that is none, or it is too far away."""
    if bracket not in _PAIRS and bracket not in _OPENS:
        return None
    mates = _PAIRS if bracket in _PAIRS else _OPENS
    open_now: list[str] = []
    for character, where in _forward(document, place) if bracket in _PAIRS else _backward(document, place):
        if character in mates:
            open_now.append(mates[character])
        elif open_now and character == open_now[-1]:
            open_now.pop()
            if not open_now:
                return where
    return None


def _forward(document: DocumentBase, place: Location) -> Iterator[tuple[str, Location]]:
    row, column = place
    left = REACH
    while row < document.line_count and left > 0:
        line = document.get_line(row)
        for found in _BRACKET.finditer(line, column, column + left):
            yield found[0], (row, found.start())
        left -= len(line) - column + 1
        row, column = row + 1, 0


def _backward(document: DocumentBase, place: Location) -> Iterator[tuple[str, Location]]:
    row, column = place
    left = REACH
    while row >= 0 and left > 0:
        line = document.get_line(row)
        end = len(line) if column < 0 else column + 1
        for found in reversed(list(_BRACKET.finditer(line, max(0, end - left), end))):
            yield found[0], (row, found.start())
        left -= end + 1
        row, column = row - 1, -1
