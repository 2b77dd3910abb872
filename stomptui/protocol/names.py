"""Names of queues and topics that look like another: blanks at an end, and invisible characters.

A name is never changed, because `x` and `x ` are two queues to most brokers. It is shown so that they can be told
apart, and whoever typed it is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

BLANK = "·"
"""Shown for a blank that could not be seen."""
UNSEEN = "�"
"""Shown for an invisible character."""

_PARTS = re.compile(r"(/|::)")
"""Separators in a destination; a blank beside one of them is as hard to see as one at the end."""
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks by their category, but invisible."""
_CHARACTER_NAMES = {" ": "a blank", "\t": "a tab", "\n": "a line feed", "\r": "a carriage return"}


def _is_odd(char: str) -> bool:
    """Whether a character is invisible, a control character, or white space other than the blank."""
    if char.isascii():
        return char < " " or char == "\x7f"
    return unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp") or bool(_INVISIBLE.match(char))


def _odd_places(name: str) -> Iterator[tuple[int, str]]:
    """(index, where) of the characters that are hard to see: "begin", "end", "beside" a separator, or "inside"."""
    begin, end = 0, len(name)
    while begin < end and (name[begin] == " " or _is_odd(name[begin])):
        yield begin, "begin"
        begin += 1
    while end > begin and (name[end - 1] == " " or _is_odd(name[end - 1])):
        end -= 1
    at = begin
    for part in _PARTS.split(name[begin:end]):
        blanks = len(part) - len(part.lstrip()), len(part.rstrip())
        first, last = at == begin, at + len(part) == end
        for index, char in enumerate(part, at):
            edge = (index - at < blanks[0] and not first) or (index - at >= blanks[1] and not last)
            if edge and (char == " " or _is_odd(char)):
                yield index, "beside"
            elif _is_odd(char):
                yield index, "inside"
        at += len(part)
    yield from ((index, "end") for index in range(end, len(name)))


def shown(name: str) -> str:
    """A name to be painted, with visible stand-ins for its invisible characters."""
    chars = list(name)
    for index, _ in _odd_places(name):
        chars[index] = _stand_in(name[index])
    return "".join(chars)


def _stand_in(char: str) -> str:
    if char < " ":
        # A blank of its own kind, which has a picture.
        return chr(0x2400 + ord(char))
    if char == "\x7f":
        return "␡"
    return BLANK if unicodedata.category(char) == "Zs" else UNSEEN


def without_hidden(name: str) -> str:
    """The name that was probably meant: without invisible characters, and without blanks at its ends."""
    where = dict(_odd_places(name))
    kept = ""
    for index, char in enumerate(name):
        blank = unicodedata.category(char) == "Zs"
        if index not in where or (blank and where[index] == "inside"):
            kept += " " if blank else char
    return kept


def hidden_characters(name: str) -> str | None:
    """What in a name is hard to see, as a predicate: "ends in a blank"; None if nothing is."""
    words = {"begin": "begins with", "end": "ends in", "beside": "has {} beside a slash or colon", "inside": "holds"}
    by_place: dict[str, list[str]] = {}
    for index, where in _odd_places(name):
        by_place.setdefault(where, []).append(name[index])
    parts = []
    for where in ("begin", "beside", "inside", "end"):
        if where in by_place:
            what = _enumerated(by_place[where])
            parts.append(words[where].format(what) if "{}" in words[where] else f"{words[where]} {what}")
    return " and ".join(parts) or None


def _enumerated(chars: list[str]) -> str:
    """`a blank`, `3 blanks`, `a blank and a tab`."""
    kinds = list(dict.fromkeys(chars))
    if kinds == [" "] and len(chars) > 1:
        return f"{len(chars)} blanks"
    return " and ".join(_character_name(char) for char in kinds)


def _character_name(char: str) -> str:
    """The name of a character, with its code point unless it is an everyday one."""
    if char in _CHARACTER_NAMES:
        return _CHARACTER_NAMES[char]
    called = unicodedata.name(char, "control character").lower()
    return f"{'an' if called[0] in 'aeio' else 'a'} {called} (U+{ord(char):04X})"


def lookalike_warning(name: str) -> str | None:
    """A sentence about a name that is easily taken for another one, None if it is not."""
    if found := hidden_characters(name):
        return f"“{shown(name)}” {found}"
    if unicodedata.normalize("NFC", name) != name:
        return f"“{name}” has letters that can be written in several ways: another name may look the same"
    return None


def is_name_of(text: str, queue: str) -> bool:
    """Whether a text that a person typed names a queue: its destination, or what stands behind the last slash in it."""
    return bool(queue) and text.strip() in (queue, queue.rpartition("/")[2])
