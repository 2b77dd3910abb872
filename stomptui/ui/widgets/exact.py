"""Text that a terminal cannot be trusted with, kept exactly while it is shown as something harmless.

A field that holds a message must give back every character it was given, and must paint none that moves the cursor,
turns the writing round or cannot be seen. So each such character is held as one private-use character, which has the
width of one cell and never means anything, and is painted as a visible stand-in.
"""

from __future__ import annotations

import re

_HIDDEN = "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u2060\ufeff" + "".join(
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFFF9, 0xFFFC))
)
_CONTROLS = "".join(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)))
_BYTES = "".join(chr(code) for code in range(0xDC80, 0xDD00))
"""Surrogate escapes: bytes that are not UTF-8."""
_ALL = _CONTROLS + _HIDDEN + _BYTES
_BASE = 0x10F000
"""Where the private characters begin: the end of plane 16, which no font or standard uses."""
_OWN = range(_BASE, _BASE + len(_ALL))
_OTHER = 0xDD00
"""Where the halves of characters begin that hold those private characters themselves; they cannot come from UTF-8."""

_HELD = {ord(char): _BASE + index for index, char in enumerate(_ALL)}
_HELD |= {code: _OTHER + index for index, code in enumerate(_OWN)}
_EXACT = {held: odd for odd, held in _HELD.items()}
_LINES = {odd: held for odd, held in _HELD.items() if chr(odd) not in "\n\t"}
_PAINTED = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD) | {
    code: 0x2400 + ord(char) if char < " " else 0x2421 if char == "\x7f" else 0xFFFD
    for char in _ALL
    for code in (ord(char), _HELD[ord(char)])
}
_ODD = re.compile(f"[{re.escape(_ALL)}{chr(_OWN[0])}-{chr(_OWN[-1])}]")
_KEPT = re.compile(f"[{chr(_OWN[0])}-{chr(_OWN[-1])}{chr(_OTHER)}-{chr(_OTHER + len(_ALL))}]")
_UNPAINTABLE = re.compile(f"[{re.escape(_CONTROLS + _HIDDEN)}\ud800-\udfff{chr(_OWN[0])}-{chr(_OWN[-1])}]")


def hold(text: str, lines: bool = False) -> str:
    """The text with a private character for each odd one; `lines` leaves line feeds and tabs as they are.

    Held text must not be held again: private characters that are part of the text are held as well.
    """
    return text.translate(_LINES if lines else _HELD) if _ODD.search(text) else text


def exact(held: str) -> str:
    """The text that `hold` was given."""
    return held.translate(_EXACT) if _KEPT.search(held) else held


def painted(held: str) -> str:
    """The text to paint, character for character: ␊ for a line feed, ␛ for an escape, � for what has no picture."""
    return held.translate(_PAINTED) if _UNPAINTABLE.search(held) else held
