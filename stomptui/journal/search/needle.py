"""The text that is searched for, prepared for searching text and raw bytes."""

from __future__ import annotations

import re

from stomptui.journal.search.folding import fold, fold_with_places

_SPACES = re.compile(r"\s+")


class Needle:
    """Finds a word in any case (`fold`).

    Blanks stand for any run of white space, since lines are joined and JSON is laid out where it is shown; after a
    colon there need be none.

    Args:
        word: What to find; an empty word is found nowhere.
    """

    def __init__(self, word: str) -> None:
        self.word = word
        self._folded = fold(word)
        self.ascii = self._folded.isascii()
        """Whether text of ASCII alone can hold it."""
        self._raw = self._folded.encode("utf-8", "surrogatepass")
        self.reach = 2 * len(word) + 64
        """Characters of a text that are kept to find the word across two pieces of it."""
        pattern = _pattern(self._folded) if _SPACES.search(self._folded) else None
        self._text = re.compile(pattern) if pattern else None
        self._bytes = re.compile(pattern.encode()) if pattern and self.ascii else None

    def __bool__(self) -> bool:
        return bool(self._folded)

    def within(self, text: str) -> bool:
        """Whether a text contains the word, whatever its case."""
        return self.within_folded(fold(text))

    def within_folded(self, folded: str) -> bool:
        """Whether a text that was folded contains the word."""
        return self._text.search(folded) is not None if self._text else self._folded in folded

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where a text contains the word, from one character to before another, in order."""
        if not self._folded:
            return []
        places = None
        if text.isascii():
            folded = text.lower()
        else:
            folded, places = fold_with_places(text)
        spans: list[tuple[int, int]] = []
        begin, end = self._span_from(folded, 0)
        while begin >= 0:
            span = (begin, end) if places is None else (places[begin][0], places[end - 1][1])
            # One letter can be two when it is folded.
            if not spans or span[0] >= spans[-1][1]:
                spans.append(span)
            begin, end = self._span_from(folded, end)
        return spans

    def _span_from(self, folded: str, at: int) -> tuple[int, int]:
        """Where the word begins and ends in a folded text, from there on; (-1, -1) if it is not there."""
        if self._text:
            found = self._text.search(folded, at)
            return found.span() if found else (-1, -1)
        begin = folded.find(self._folded, at)
        return begin, begin + len(self._folded) if begin >= 0 else -1

    def find(self, lowered: bytes, at: int) -> tuple[int, int]:
        """Where the word begins and ends in ASCII in lower case, from there on; (-1, -1) if it is not there."""
        if not self.ascii:
            return -1, -1
        if self._bytes:
            found = self._bytes.search(lowered, at)
            return found.span() if found else (-1, -1)
        begin = lowered.find(self._raw, at)
        return begin, begin + len(self._raw) if begin >= 0 else -1

    def tail(self, text: str) -> str:
        """The end of a text that could be the beginning of the word; runs of blanks count as one."""
        end = text[-4 * self.reach :]
        return (_SPACES.sub(" ", end) if self._text else end)[-self.reach :]


def _pattern(folded: str) -> str:
    """The word as a regular expression. It begins with one blank at most, so that it takes linear time."""
    begin, *rest = _SPACES.split(folded)
    pattern = re.escape(begin)
    for before, part in zip([begin, *rest], rest, strict=False):
        if not before or not part:
            pattern += "" if before.endswith(":") else r"\s"
        else:
            pattern += r"\s*" if before.endswith(":") else r"\s+"
        pattern += re.escape(part)
    return pattern
