"""Text shown with safe stand-ins for characters that a terminal cannot be trusted with, and kept exactly.

A field that holds a message must give back every character it was given, and must paint none that moves the cursor,
turns the writing round or cannot be seen. So each such character is replaced by one private-use character, which has
the width of one cell and never means anything, and is painted as a visible stand-in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.cells import cell_len

from stomptui.protocol.clean import STAND_IN, clean
from stomptui.protocol.joined_characters import MANY_MARKS, MOST_MARKS, SEQUENCE, is_mark


def _chars(*ranges: tuple[int, int]) -> str:
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


_JOINING = _chars((0x200C, 0x200D), (0xFE0E, 0xFE0F))
"""What joins and shapes its neighbours, and cannot be seen beside others."""
# Format characters, fillers and selectors (Unicode, general category Cf and "Default_Ignorable_Code_Point").
_HIDDEN = _chars(
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891)),
    *((0x8E2, 0x8E2), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200B), (0x200E, 0x200F)),
    *((0x2028, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0D), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0)),
    *((0xFFF9, 0xFFFB), (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3)),
    *((0x1D173, 0x1D17A), (0xE0001, 0xE0001), (0xE0020, 0xE007F), (0xE0100, 0xE01EF)),
)
_CONTROLS = _chars((0, 0x1F), (0x7F, 0x9F))
_BYTES = _chars((0xDC80, 0xDCFF))
"""Surrogate escapes: bytes that are not UTF-8."""
_ALL = _CONTROLS + _HIDDEN + _JOINING + _BYTES
_BASE = 0x10F000
"""Where the private characters begin: the end of plane 16, which no font or standard uses."""
_OWN = range(_BASE, _BASE + len(_ALL))
_OTHER = 0xDD00
"""Where the halves of characters begin that hold those private characters themselves; they cannot come from UTF-8."""
assert _OTHER + len(_ALL) <= 0xE000

_SUBSTITUTES = {ord(char): _BASE + index for index, char in enumerate(_ALL)}
_SUBSTITUTES |= {code: _OTHER + index for index, code in enumerate(_OWN)}
_EXACT = {substituted: odd for odd, substituted in _SUBSTITUTES.items()}
_LINES = {odd: substituted for odd, substituted in _SUBSTITUTES.items() if chr(odd) not in "\n\t"}
_TYPED = {odd: substituted for odd, substituted in _SUBSTITUTES.items() if chr(odd) not in _JOINING}
_TYPED_LINES = {odd: substituted for odd, substituted in _TYPED.items() if chr(odd) not in "\n\t"}


def _class(codes: Iterable[int]) -> str:
    """A class of characters as ranges: behind U+FFFF one that lists them is a hundred times as slow."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_ODD = re.compile(f"[{_class(_SUBSTITUTES)}]")
_IN_SEQUENCES = re.compile("[\u180b-\u180f\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]")
_KEPT = re.compile(f"[{chr(_OWN[0])}-{chr(_OWN[-1])}{chr(_OTHER)}-{chr(_OTHER + len(_ALL) - 1)}]")
_MANY = re.compile(MANY_MARKS)
_NO_MARK = "\u200c"
"""As wide as a mark, and nothing is drawn."""


class _Pictures(dict[int, str]):
    """What each character of substituted text is painted as, one for one, learnt as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        # What is not substituted, and can join or shape what is seen, was left where it does.
        picture = char if _IN_SEQUENCES.match(char) else clean(chr(_EXACT.get(code, code)))[-1:] or STAND_IN
        if picture == STAND_IN and cell_len(char) > 1 and code not in _SUBSTITUTES:
            # An ideograph of a newer Unicode than Python's: it is seen, and as wide as it is.
            picture = char
        self[code] = picture
        return picture


_PICTURES = _Pictures()


def substitute(text: str, lines: bool = False) -> str:
    """The text with a private character for each odd one; `lines` leaves line feeds and tabs as they are.

    What joins emoji, or shapes the letters of a script, is left where it does so, and where it stands alone: then it
    was typed, and its neighbours are not known here. A result must not be substituted again: private characters that
    are part of the text are substituted as well.
    """
    if (text.isascii() and text.isprintable()) or not _ODD.search(text):
        return text
    if len(text) == 1:
        return text.translate(_TYPED_LINES if lines else _TYPED)
    table = _LINES if lines else _SUBSTITUTES
    if not _IN_SEQUENCES.search(text):
        return text.translate(table)
    return "".join(part if whole else part.translate(table) for part, whole in _sequences(text))


def _sequences(text: str) -> Iterable[tuple[str, bool]]:
    """The parts of a text, and whether each is drawn as one by what cannot be seen in it."""
    at = 0
    for match in SEQUENCE.finditer(text):
        if match.lastgroup is None and _IN_SEQUENCES.search(match[0]):
            yield text[at : match.start()], False
            yield match[0], True
            at = match.end()
    yield text[at:], False


def holds_stand_ins(substituted: str) -> bool:
    """Whether `exact` would change anything in a text."""
    return _KEPT.search(substituted) is not None


def exact(substituted: str) -> str:
    """The text that `substitute` was given."""
    return substituted.translate(_EXACT) if _KEPT.search(substituted) else substituted


def painted(substituted: str) -> str:
    """The text to paint, character for character: ␊ for a line feed, ␛ for an escape, � for what has no picture."""
    if not substituted.isprintable():
        substituted = substituted.translate(_PICTURES)
    return _without_many_marks(substituted) if not substituted.isascii() and _MANY.search(substituted) else substituted


def _without_many_marks(text: str) -> str:
    """No more marks on a letter than scripts have: more of them leave the line."""
    chars = list(text)
    count = 0
    for index, char in enumerate(chars):
        count = count + 1 if is_mark(char) else 0
        if count > MOST_MARKS:
            chars[index] = _NO_MARK
    return "".join(chars)
