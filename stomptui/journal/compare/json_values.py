"""Comparing JSON by the path of each value, whatever the order of its keys and its white space."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from stomptui.journal.compare.rows import ComparedBody, row

MATCHED = 200
"""Items of an array, without those that both begin and end with, up to which it is found out which were put in."""
PATIENCE = 10.0
"""Seconds after which a comparison is given up: arrays deep in each other are looked at again for each level."""
_PLAIN_KEY = re.compile(r"[^.\[\]\"\s]+")
_SPACE = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\r\n]+', re.DOTALL)


@dataclass(frozen=True)
class Number:
    """A number as it is written: nothing is rounded, and 1.0 is not 1."""

    text: str


class Members(dict[tuple[str, int], Any]):
    """The members of an object, by name and by how many of that name there are before."""

    @classmethod
    def of(cls, pairs: list[tuple[str, Any]]) -> Members:
        """Members in their order, repeats kept."""
        members = cls()
        for name, value in pairs:
            count = 0
            while (name, count) in members:
                count += 1
            members[name, count] = value
        return members


# With functions of Python for all parts, so that other threads have their turn while it reads.
_DECODER = json.JSONDecoder(
    object_pairs_hook=Members.of, parse_int=Number, parse_float=Number, parse_constant=Number, strict=False
)


def parsed(text: str) -> Any:
    """The value of a text.

    Raises:
        ValueError, RecursionError: It is no JSON, or is nested too deeply.
    """
    return _DECODER.decode(text)


def compare_json(left: str, right: str) -> ComparedBody:
    """Compare two texts of JSON.

    Raises:
        ValueError, RecursionError: As of `parsed`.
        TimeoutError: It took too long.
    """
    found = ComparedBody()
    walk = _Walk(found)
    walk.compare(parsed(left), parsed(right), "")
    if walk.moved:
        where = f", first in {walk.moved[0]}" if walk.moved[0] else ""
        found.notes.append(f"keys are in another order{where}: not counted")
    elif left != right and not found.differences:
        spaces = _SPACE.sub(lambda match: match[1] or "", left) == _SPACE.sub(lambda match: match[1] or "", right)
        what = "white space is otherwise" if spaces else "white space or escapes in strings are otherwise"
        found.notes.append(f"{what}: not counted")
    return found


class _Walk:
    """Goes through two values at once.

    Args:
        found: Where rows are put.
    """

    def __init__(self, found: ComparedBody) -> None:
        self._found = found
        self.moved: list[str] = []
        """Paths of the objects whose keys are in another order."""
        self._until = time.monotonic() + PATIENCE

    def compare(self, left: Any, right: Any, path: str) -> None:
        """Put in rows for two values at a path."""
        if time.monotonic() > self._until:
            raise TimeoutError
        if isinstance(left, Members) and isinstance(right, Members) and (left or right):
            self._objects(left, right, path)
        elif isinstance(left, list) and isinstance(right, list) and (left or right):
            for mine, other in _paired(left, right):
                self._items(left, right, mine, other, path)
        else:
            self._found.add(row(path or "the value", written(left), written(right), same=_same(left, right)))

    def _objects(self, left: Members, right: Members, path: str) -> None:
        if [key for key in left if key in right] != [key for key in right if key in left]:
            self.moved.append(path)
        for key in [*left, *(key for key in right if key not in left)]:
            where = _member(path, key)
            if key in left and key in right:
                self.compare(left[key], right[key], where)
            elif key in left:
                self._found.add(row(where, written(left[key]), None))
            else:
                self._found.add(row(where, None, written(right[key])))

    def _items(self, left: list[Any], right: list[Any], mine: int | None, other: int | None, path: str) -> None:
        if mine is None:
            assert other is not None
            self._found.add(row(f"{path}[{other}]", None, written(right[other])))
        elif other is None:
            self._found.add(row(f"{path}[{mine}]", written(left[mine]), None))
        else:
            self.compare(left[mine], right[other], f"{path}[{mine}]" if mine == other else f"{path}[{mine}→{other}]")


def _same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and bool(left == right)


def _member(path: str, key: tuple[str, int]) -> str:
    name, count = key
    repeat = f" (the {count + 1}. of that name)" if count else ""
    if not _PLAIN_KEY.fullmatch(name):
        return f"{path}[{json.dumps(name, ensure_ascii=False)}]{repeat}"
    return f"{path}.{name}{repeat}" if path else f"{name}{repeat}"


def _paired(left: list[Any], right: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Which item of one array belongs to which of the other; None where one has none for it."""
    size, other_size = len(left), len(right)
    head = 0
    while head < min(size, other_size) and left[head] == right[head]:
        head += 1
    tail = 0
    while tail < min(size, other_size) - head and left[size - 1 - tail] == right[other_size - 1 - tail]:
        tail += 1
    yield from zip(range(head), range(head), strict=True)
    mine, others = left[head : size - tail], right[head : other_size - tail]
    by_place = len(mine) == len(others) and (len(mine) == 1 or any(map(_same, mine, others)))
    if by_place or max(len(mine), len(others)) > MATCHED:
        yield from _beside(range(head, size - tail), range(head, other_size - tail))
    else:
        texts = [json.dumps(written(each)) for each in mine], [json.dumps(written(each)) for each in others]
        for _, first, last, begin, end in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
            yield from _beside(range(head + first, head + last), range(head + begin, head + end))
    yield from zip(range(size - tail, size), range(other_size - tail, other_size), strict=True)


def _beside(left: range, right: range) -> Iterator[tuple[int | None, int | None]]:
    for place in range(max(len(left), len(right))):
        yield left[place] if place < len(left) else None, right[place] if place < len(right) else None


def written(value: Any) -> str:
    """A value in one line, its numbers as they were written."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, Members):
        inner = ", ".join(f"{json.dumps(key[0], ensure_ascii=False)}: {written(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return json.dumps(value, ensure_ascii=False)
