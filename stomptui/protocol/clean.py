"""The one sanitiser: whatever came over the wire becomes text that is safe to paint."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from stomptui.protocol.names import shown

STAND_IN = "�"
"""Stands for a character that is invisible, would reorder the line, or has no agreed width."""

# Printable for Python, blank or glyph-choosing for the reader; terminals disagree about their width.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_EMOJI_STYLE = "\ufe0f"


class _StandIns(dict[int, str]):
    """What each character is painted as, learnt as characters are met."""

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

    Control characters become their pictures (␀ to ␡); C1 controls, bidi marks and overrides, zero-width characters,
    surrogates and what Unicode has not assigned become �. The emoji style selector (U+FE0F) is left out, because
    terminals disagree about its width. Markup brackets stay: paint the result as plain text, never as markup.

    Args:
        text: Any text, surrogate escapes included.
        keep: Control characters to let through, "\\n" or "\\t" or both.
    """
    if text.isascii():
        if text.isprintable():
            return text
    elif text.isprintable() and not _UNSEEN.search(text):
        return text
    return text.translate(_stand_ins(keep))


def clean_name(name: str) -> str:
    """A destination, safe to paint, with a stand-in for each blank at an end and for all that would not be seen."""
    return clean(shown(name))
