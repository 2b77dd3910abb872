"""What is asked of a body at each key: found once for each text, however often it is asked."""

from __future__ import annotations

from functools import cached_property

from stomptui.compose.variables.template import OPEN

REMEMBERED = 2
"""Texts that are remembered: the body as it is written, and as it is filled in."""
LONG = 4 << 10
"""A text of fewer characters is gone through again, which costs less than remembering it would help."""


class TextFacts:
    """What there is to know of one text; each is found when it is asked for first."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _encoded(self) -> tuple[int, int | None]:
        if self.text.isascii():
            return len(self.text), None
        try:
            return len(self.text.encode("utf-8")), None
        except UnicodeEncodeError as error:
            return len(self.text.encode("utf-8", "replace")), error.start

    @property
    def size(self) -> int:
        """Its bytes in UTF-8, one for each half character."""
        return self._encoded[0]

    @property
    def half_character(self) -> int | None:
        """Where the first lone surrogate is, which has no bytes in UTF-8; None if there is none."""
        return self._encoded[1]

    @cached_property
    def has_nul(self) -> bool:
        """Whether there is a NUL in it."""
        return "\0" in self.text

    @cached_property
    def has_variable(self) -> bool:
        """Whether something in it looks like a variable."""
        return OPEN in self.text


_remembered: tuple[TextFacts, ...] = ()


def facts_of(text: str) -> TextFacts:
    """The facts about a text, remembered by its identity if it is long."""
    global _remembered
    if len(text) < LONG:
        return TextFacts(text)
    known = _remembered
    for facts in known:
        if facts.text is text:
            return facts
    facts = TextFacts(text)
    _remembered = (facts, *known[: REMEMBERED - 1])
    return facts
