"""The sanitiser: text from the wire, a file or an argument, made safe to paint and to print."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from stomptui.protocol.joined_characters import MANY_MARKS, SEQUENCE, limit_marks, rendered
from stomptui.protocol.names import shown

STAND_IN = "�"
"""Replaces a character that is invisible, would reorder the line, or whose width terminals disagree about."""

# Printable for Python, but blank or a variation selector; terminals disagree about their width.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_EMOJI_STYLE = "\ufe0f"
_MANY = re.compile(MANY_MARKS)


class _StandIns(dict[int, str]):
    """What each character is painted as; filled as characters are looked up."""

    def __init__(self, keep: str) -> None:
        super().__init__((ord(character), character) for character in keep)

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if code < 0x20:
            shown = chr(0x2400 + code)
        elif code == 0x7F:
            shown = "␡"
        elif character == _EMOJI_STYLE:
            shown = ""
        elif unicodedata.category(character) == "Zs" or (character.isprintable() and not _UNSEEN.match(character)):
            shown = character
        else:
            shown = STAND_IN
        self[code] = shown
        return shown


@cache
def _stand_ins(keep: str) -> _StandIns:
    return _StandIns(keep)


def clean(text: str, keep: str = "") -> str:
    """Make untrusted text safe to paint: nothing in it can move the cursor, hide or reorder other text.

    Control characters become their pictures (␀ to ␡); C1 controls, bidi marks and overrides, surrogates and unassigned
    code points become �. So do invisible characters, unless they join or shape visible ones, as in emoji, flags and
    many scripts. More marks on one letter than any script has become one �. Brackets stay: paint the result as plain
    text, never as markup.

    Args:
        text: Any text, surrogate escapes included.
        keep: Control characters to let through, "\\n" or "\\t" or both.
    """
    if text.isascii():
        return text if text.isprintable() else text.translate(_stand_ins(keep))
    if (
        text.isprintable()
        and not _UNSEEN.search(text)
        and not _MANY.search(text)
        and not unicodedata.combining(text[0])
    ):
        return text
    stand_ins = _stand_ins(keep)
    parts: list[str] = []
    at = 0
    for match in SEQUENCE.finditer(text):
        begin, end = match.span()
        parts.append(text[at:begin].translate(stand_ins))
        sequence = rendered(match)
        if sequence is None:
            sequence = match[0].translate(stand_ins)
            if match.lastgroup == "marks":
                sequence = limit_marks(sequence, STAND_IN)
        parts.append(sequence)
        at = end
    parts.append(text[at:].translate(stand_ins))
    return "".join(parts)


def clean_name(name: str) -> str:
    """A destination made safe to paint, with visible stand-ins for its invisible characters."""
    return clean(shown(name))
