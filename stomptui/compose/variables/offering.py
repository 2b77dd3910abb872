"""Which variables complete what is typed after `{{`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stomptui.compose.matching import Offered
from stomptui.compose.variables.functions import OFFERED
from stomptui.compose.variables.template import OPEN

LONGEST = 60
"""Characters after `{{` in which one may be typing a variable."""
LITERAL = "{{{{"


class Opened(NamedTuple):
    """A variable that is being typed."""

    start: int
    """Where its braces begin."""
    typed: str
    """What stands after them."""


def opened(before: str) -> Opened | None:
    """The variable that is being typed at the end of a text, None if there is none."""
    at = before.rfind(OPEN, max(0, len(before) - LONGEST - len(OPEN)))
    if at < 0:
        return None
    typed = before[at + len(OPEN) :]
    # Four braces are two that are meant.
    braces = len(before[: at + len(OPEN)]) - len(before[: at + len(OPEN)].rstrip("{"))
    if "}" in typed or "\n" in typed or braces >= len(LITERAL):
        return None
    return Opened(at, typed)


def variables_for(typed: str, more: Iterable[str] = ()) -> list[Offered]:
    """The variables that go on from what is typed after the braces.

    Args:
        typed: What is typed.
        more: Further names that have values, such as those of a chosen set.
    """
    every: Mapping[str, str] = {**{f"{OPEN}{name}}}}}": "from the chosen set of values" for name in more}, **OFFERED}
    wanted = typed.strip().casefold()
    found = [
        Offered(text, about)
        for text, about in every.items()
        if text.removeprefix(OPEN).casefold().startswith(wanted) and (text != LITERAL or not wanted)
    ]
    return [] if len(found) == 1 and found[0].text == f"{OPEN}{typed}" else found


def put_in(text: str, cursor: int, more: Iterable[str] = ()) -> list[Offered]:
    """The variables that complete a line of text at a cursor, each with what the line becomes then."""
    found = opened(text[:cursor])
    if found is None:
        return []
    after = text[cursor:]
    # Braces that are closed already are not closed twice.
    after = after.removeprefix("}}")
    start = text[: found.start]
    return [
        word._replace(becomes=start + word.text + after, cursor=len(start) + len(word.text))
        for word in variables_for(found.typed, more)
    ]
