"""The value at a path in JSON, such as `.items[0].sku`, exactly as it is written there."""

from __future__ import annotations

import json
import re

_STEP = re.compile(r"""\.(?P<name>[^.\[\]"\s]+)|\.?\[(?P<index>\d+)\]|\.?\[?(?P<quoted>"(?:[^"\\]|\\.)*")\]?""")
_BLANK = re.compile(r"[ \t\r\n]*")
# Numbers stay text: there is no limit to their digits, and nothing is rounded.
_VALUE = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)


class NoSuchValue(ValueError):
    """There is no value at the path; the message says why."""


def parse_path(path: str) -> list[str | int]:
    """The names and indexes of a path: `.items[0].sku`, `items[0].sku`, `$.items[0]["a name"]`; `.` is all of it.

    Raises:
        NoSuchValue: It is no path.
    """
    text = path.strip().removeprefix("$")
    if text in ("", "."):
        return []
    text = text if text[0] in ".[" else f".{text}"
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise NoSuchValue(f'{text[at:]} is no step of a path: write .name, [0] or ["a name"]')
        name, index, quoted = found.group("name", "index", "quoted")
        steps.append(int(index) if index is not None else json.loads(quoted) if quoted is not None else name)
        at = found.end()
    return steps


def value_at(text: str, path: str) -> str:
    """The value at a path: a string without quotes and escapes, anything else as it is written.

    Of a key that is repeated the first counts.

    Raises:
        NoSuchValue: The path leads nowhere, or the text is no JSON as far as it was read.
    """
    steps = parse_path(path)
    try:
        at = _skip(text, 1 if text.startswith("\ufeff") else 0)
        for number, step in enumerate(steps):
            where = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in steps[: number + 1])
            at = _in_array(text, at, step, where) if isinstance(step, int) else _in_object(text, at, step, where)
        value, end = _VALUE.raw_decode(text, at)
    except NoSuchValue:
        raise
    except (ValueError, IndexError) as error:
        raise NoSuchValue("the body is no JSON up to there") from error
    except RecursionError as error:
        raise NoSuchValue("the body is nested too deeply") from error
    return value if isinstance(value, str) and text[at] == '"' else text[at:end]


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _in_object(text: str, at: int, name: str, where: str) -> int:
    """Where the value of a key begins."""
    if text[at] != "{":
        raise NoSuchValue(f"there is no {where}: what is before it is no object")
    at = _skip(text, at + 1)
    while text[at] != "}":
        if text[at] == ",":
            at = _skip(text, at + 1)
        if text[at] != '"':
            raise ValueError("no key")
        key, at = _VALUE.raw_decode(text, at)
        at = _skip(text, at)
        if text[at] != ":":
            raise ValueError("no colon")
        at = _skip(text, at + 1)
        if key == name:
            return at
        _, at = _VALUE.raw_decode(text, at)
        at = _skip(text, at)
    raise NoSuchValue(f"there is no {where}")


def _in_array(text: str, at: int, index: int, where: str) -> int:
    """Where an item begins."""
    if text[at] != "[":
        raise NoSuchValue(f"there is no {where}: what is before it is no array")
    at = _skip(text, at + 1)
    count = 0
    while text[at] != "]":
        if text[at] == ",":
            at = _skip(text, at + 1)
        if count == index:
            return at
        _, at = _VALUE.raw_decode(text, at)
        at = _skip(text, at)
        count += 1
    raise NoSuchValue(f"there is no {where}: the array has {count:,} item{'' if count == 1 else 's'}")
