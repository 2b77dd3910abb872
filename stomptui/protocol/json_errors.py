"""Error texts for invalid JSON, with its place, the same on every Python version."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

_NAME = "Expecting property name"
_VALUE = "Expecting value"
_WORDS = (
    (_NAME, "a name in double quotes is expected"),
    (_VALUE, "a value is expected"),
    ("Expecting ':'", "a colon is expected"),
    ("Expecting ','", "a comma or the closing bracket is expected"),
    ("Extra data", "something follows its end"),
    ("Unterminated string", "a text without its closing quote"),
    ("Invalid control character", "a raw control character in a text"),
    ("Invalid \\u", "four hexadecimal digits are expected after \\u"),
    ("Invalid \\", "a backslash that begins no escape"),
    ("Unexpected UTF-8 BOM", "it begins with a byte order mark"),
)
_TRAILING_COMMA = "Illegal trailing comma"  # Python 3.13 and newer; before, it was what is missing behind the comma
_BLANKS = re.compile(r"[ \t\n\r]*")


class JsonFault(NamedTuple):
    """Why a text is not JSON."""

    reason: str
    position: int
    """In characters, from 0."""
    cut: bool
    """Whether the text only ends too early."""


def fault_of(error: json.JSONDecodeError) -> JsonFault:
    """The reason and position of an error, the same on every Python version."""
    text, message, position = error.doc, error.msg, error.pos
    if message.startswith(_TRAILING_COMMA):
        blanks = _BLANKS.match(text, position + 1)
        position = blanks.end() if blanks else position + 1
        message = _NAME if text.startswith("}", position) else _VALUE
    reason = next((words for start, words in _WORDS if message.startswith(start)), "")
    cut = position >= len(text.rstrip()) or message.startswith("Unterminated string")
    return JsonFault(reason or message[:1].lower() + message[1:], position, cut)
