"""Case folding and normalisation, so that a search ignores case and composition (Unicode, "Caseless Matching")."""

from __future__ import annotations

import re
import unicodedata

_MOST_MARKS = 32
_PERHAPS_MARKS = re.compile("[\u0300-\U0010ffff]{%d}" % _MOST_MARKS)  # noqa: UP031
"""A run long enough to hold too many marks; a class of the marks themselves is 30 times as slow."""


def fold(text: str) -> str:
    """The text as it is compared: full case folding, composed, and with one letter i.

    "STRASSE" and "straße", "ΣΟΦΟΣ" and "σοφος", "é" and "e" with a combining accent fold to the same. So do i, İ, I and
    ı: which of them belong together depends on the language, and a reader does not say which one it is.
    """
    if text.isascii():
        return text.lower()
    folded = text.casefold()
    if not _many_marks(folded):
        folded = unicodedata.normalize("NFC", folded)
    return folded.replace("i\u0307", "i").replace("ı", "i")


def fold_with_places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text folded letter by letter, and for each character of that where the letter begins and ends in the text.

    A letter and the marks on it are folded together.
    """
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    begin, size = 0, len(text)
    while begin < size:
        end = begin + 1
        while end < size and end - begin < _MOST_MARKS and unicodedata.combining(text[end]):
            end += 1
        part = fold(text[begin:end])
        parts.append(part)
        places += [(begin, end)] * len(part)
        begin = end
    return "".join(parts), places


def _many_marks(text: str) -> bool:
    """Whether combining marks follow each other so long that composing them would take quadratic time."""
    for found in _PERHAPS_MARKS.finditer(text):
        count = 0
        for character in found[0]:
            count = count + 1 if unicodedata.combining(character) else 0
            if count >= _MOST_MARKS // 2:
                return True
    return False
