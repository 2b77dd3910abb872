"""Checks a text as JSON (RFC 8259), without a schema, and says where something is wrong."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import NamedTuple

from stomptui.compose.json_text import TOKEN
from stomptui.protocol.json_errors import fault_of

_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(-?\b(?:NaN|Infinity)\b)')


class JsonFinding(NamedTuple):
    """Something wrong with a text, or only odd, and where."""

    text: str
    position: int
    """In characters, from 0."""


class JsonCheck(NamedTuple):
    """What became of a check."""

    problem: JsonFinding | None
    """Why the text is not JSON; None if it is."""
    repeated: JsonFinding | None = None
    """The first name that an object has twice, of which readers keep one, and not all the same."""
    summary: str = ""
    """What it is, in a few words."""


class _NotJson(ValueError):
    pass


@lru_cache(maxsize=8)
def json_fault(text: str) -> JsonFinding | None:
    """Why a text is not JSON; None if it is."""
    if not text.strip():
        return JsonFinding("not JSON: empty", 0)
    if text.startswith("\ufeff"):
        return JsonFinding("not JSON: begins with a byte order mark", 0)
    try:
        # Numbers stay text: Python's own limits on them are not JSON's.
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        fault = fault_of(error)
        return JsonFinding(f"not JSON: {fault.reason}, {place(text, fault.position)}", fault.position)
    except _NotJson as error:
        position = next((found.start() for found in _CONSTANT.finditer(text) if found[1] == str(error)), 0)
        return JsonFinding(f"not JSON: {error} is no JSON number, {place(text, position)}", position)
    except RecursionError:
        return JsonFinding("nested too deeply to be checked", 0)
    return None


def check_json(text: str) -> JsonCheck:
    """Check a text, and say what it is."""
    problem = json_fault(text)
    if problem is not None:
        return JsonCheck(problem)
    names: list[set[str] | None] = []
    repeated: JsonFinding | None = None
    values = deepest = 0
    last = ""
    for found in TOKEN.finditer(text):
        token = found[0]
        if token in ("{", "["):
            names.append(set() if token == "{" else None)
            deepest = max(deepest, len(names))
        elif token in ("}", "]"):
            names.pop()
        elif token[0] == '"' and names and (seen := names[-1]) is not None and last in ("{", ","):
            name = json.loads(token)
            if name in seen and repeated is None:
                repeated = JsonFinding(f"the name {token} is there twice, {place(text, found.start())}", found.start())
            seen.add(name)
        elif token not in (",", ":"):
            values += 1
        last = token
    depth = f", {deepest} deep" if deepest else ""
    return JsonCheck(None, repeated, f"JSON: {values:,} value{'' if values == 1 else 's'}{depth}")


def place(text: str, position: int) -> str:
    """Where a position is, for a person: lines and columns from 1."""
    line, column = location(text, position)
    return f"line {line + 1} column {column + 1}"


def location(text: str, position: int) -> tuple[int, int]:
    """The line and the column of a position, from 0."""
    return text.count("\n", 0, position), position - text.rfind("\n", 0, position) - 1


def _no_constant(name: str) -> None:
    raise _NotJson(name)
