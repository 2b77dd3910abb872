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
_SURROGATES = "".join(chr(code) for code in range(0xD800, 0xE000))
_BASE = 0x10F000
"""Where the private characters begin: the end of plane 16, which no font or standard uses."""

_HELD = {ord(char): _BASE + index for index, char in enumerate(_CONTROLS + _HIDDEN + _SURROGATES)}
_EXACT = {held: odd for odd, held in _HELD.items()}
_PAINTED = {held: 0x2400 + odd if odd < 0x20 else 0x2421 if odd == 0x7F else 0xFFFD for odd, held in _HELD.items()}
_LINES = {odd: held for odd, held in _HELD.items() if chr(odd) not in "\n\t"}
_ODD = re.compile(f"[{re.escape(_CONTROLS + _HIDDEN)}\ud800-\udfff]")
_PRIVATE = re.compile(f"[{chr(_BASE)}-{chr(_BASE + len(_HELD) - 1)}]")


def hold(text: str, lines: bool = False) -> str:
    """The text with a private character for each odd one; `lines` leaves line feeds and tabs as they are."""
    return text.translate(_LINES if lines else _HELD) if _ODD.search(text) else text


def exact(held: str) -> str:
    """The text that `hold` was given."""
    return held.translate(_EXACT) if _PRIVATE.search(held) else held


def painted(held: str) -> str:
    """The text to paint, character for character: ␊ for a line feed, ␛ for an escape, � for what has no picture."""
    held = held.translate(_HELD) if _ODD.search(held) else held
    return held.translate(_PAINTED) if _PRIVATE.search(held) else held
