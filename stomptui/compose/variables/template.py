"""Taking a text apart into what stands there and its variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPEN, CLOSE = "{{", "}}"
_BRACES = re.compile(r"\{{2,}")
_ARGUMENT = re.compile(r'"([^"]*)"|(\S+)')


class TemplateError(ValueError):
    """A variable is wrong; the text says why.

    Args:
        position: Where in the text it begins, from 0.
        text: What is wrong with it.
    """

    def __init__(self, position: int, text: str) -> None:
        super().__init__(text)
        self.position = position
        self.text = text


@dataclass(frozen=True)
class Call:
    """A variable in a text.

    Args:
        name: Its name.
        rest: What stands after the name, without blanks around it.
        position: Where its first brace is, from 0.
    """

    name: str
    rest: str
    position: int

    @property
    def arguments(self) -> list[str]:
        """What stands after the name, parted at blanks; one with blanks in it is in double quotes."""
        return [match[1] if match[1] is not None else match[2] for match in _ARGUMENT.finditer(self.rest)]


def parts(text: str) -> Iterator[str | Call]:
    """The parts of a text in order: what stands there, and variables.

    Four braces are two that are meant: `{{{{` is a literal `{{`. Of three, the first is meant, so that `{{{uuid}}` is
    a brace before a variable.

    Raises:
        TemplateError: A variable has no end or no name.
    """
    place = 0
    # Looking for the braces costs a tenth of looking for the pattern.
    while (begin := text.find(OPEN, place)) >= 0 and (found := _BRACES.match(text, begin)) is not None:
        yield text[place : found.start()]
        fours, rest = divmod(len(found[0]), 4)
        yield OPEN * fours + "{" * (rest % 2)
        place = found.end()
        if rest < 2:
            continue
        start = place - 2
        end = text.find(CLOSE, place)
        if end < 0:
            raise TemplateError(start, "{{ without }}; write {{{{ for a literal {{")
        words = text[place:end].strip().split(None, 1)
        if not words:
            raise TemplateError(start, "it names no variable; write {{{{ for a literal {{")
        yield Call(words[0], words[1] if len(words) > 1 else "", start)
        place = end + len(CLOSE)
    yield text[place:]


def calls(text: str) -> Iterator[Call]:
    """The variables in a text, up to the first that has no end or no name."""
    try:
        yield from (part for part in parts(text) if isinstance(part, Call))
    except TemplateError:
        return
