"""Filling in the variables of a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from stomptui.compose.draft import Draft
from stomptui.compose.text_facts import facts_of
from stomptui.compose.variables.functions import WrongVariable, value_of
from stomptui.compose.variables.sources import Sources
from stomptui.compose.variables.template import TemplateError, calls, parts

LARGEST = 64 << 20
"""Characters of a text that is filled in."""
Place = tuple[Literal["destination", "header", "body"], int | None]
"""A field of a draft, and which header line, switched-off ones counted."""
OF_SYSTEM = frozenset(("env", "file"))
"""Variables that read what is nobody else's business."""
ASKED = frozenset(("env", "prompt", "file"))
"""Variables whose values are known only when the message is sent."""


class VariableError(ValueError):
    """A variable of a draft cannot be filled in.

    Args:
        field: "destination", "header" (its value) or "body".
        index: Which header line, switched-off ones counted; None for the other fields.
        position: Where in the text of that field the variable begins, from 0.
        text: What is wrong with it, for a person; may hold what they typed.
    """

    def __init__(
        self, field: Literal["destination", "header", "body"], index: int | None, position: int, text: str
    ) -> None:
        super().__init__(text)
        self.field: Literal["destination", "header", "body"] = field
        self.index = index
        self.position = position
        self.text = text


def has_variables(draft: Draft) -> bool:
    """Whether anything in a draft looks like a variable, filled in or not."""
    return any(facts_of(text).has_variable for _, text in _texts(draft))


def is_filled(draft: Draft) -> bool:
    """Whether there is something to fill in before a draft is sent."""
    return draft.variables and has_variables(draft)


def names(draft: Draft) -> frozenset[str]:
    """The names of the variables that a draft has to be filled in with."""
    return frozenset(call.name for _, text in _texts(draft) for call in calls(text)) if draft.variables else frozenset()


def labels(draft: Draft) -> list[str]:
    """What `prompt` asks for in a draft, each once, in the order of the screen."""
    if not draft.variables:
        return []
    asked = (call for _, text in _texts(draft) for call in calls(text) if call.name == "prompt" and call.rest)
    return list(dict.fromkeys(call.rest for call in asked))


def wanted_of_system(draft: Draft) -> list[str]:
    """What a draft would be filled in with from the environment and from files, as `env HOME`, each once."""
    found = (call for _, text in _texts(draft) for call in calls(text) if call.name in OF_SYSTEM)
    return list(dict.fromkeys(f"{call.name} {call.rest}" for call in found))


def open_places(draft: Draft) -> set[Place]:
    """Where a draft has values that are known only when it is sent."""
    if not draft.variables:
        return set()
    return {place for place, text in _texts(draft) if any(call.name in ASKED for call in calls(text))}


def fill(draft: Draft, sources: Sources) -> Draft:
    """A draft with its variables filled in, of which nothing is filled in again; the draft itself stays as it is.

    Destination, values of header lines that are switched on, and a body of text are filled in; bytes and files go as
    they are. With variables switched off nothing is. Blocks if a `file` is read.

    Raises:
        VariableError: A variable is wrong, or has no value.
    """
    filled = replace(draft.copy(), variables=False)
    if not draft.variables:
        return filled
    for (field, index), text in _texts(draft):
        try:
            new = fill_text(text, sources)
        except TemplateError as error:
            raise VariableError(field, index, error.position, error.text) from None
        if field == "destination":
            filled.destination = _one_line(text, new)
        elif index is not None:
            filled.headers[index].value = _one_line(text, new)
        else:
            filled.body = new
    return filled


def fill_text(text: str, sources: Sources) -> str:
    """A text with its variables filled in.

    Raises:
        TemplateError: A variable is wrong, or has no value.
    """
    if not facts_of(text).has_variable:
        return text
    found: list[str] = []
    size = 0
    for part in parts(text):
        if isinstance(part, str):
            value = part
        else:
            try:
                value = value_of(part, sources)
            except WrongVariable as error:
                raise TemplateError(part.position, str(error)) from None
        size += len(value)
        if size > LARGEST:
            raise TemplateError(0, f"filled in, it is longer than {LARGEST:,} characters")
        found.append(value)
    return "".join(found)


def _one_line(text: str, filled: str) -> str:
    """Without the line end that a file ends with, which is not meant in a header."""
    return filled if filled == text or text.endswith("\n") else filled.removesuffix("\n").removesuffix("\r")


def _texts(draft: Draft) -> Iterator[tuple[Place, str]]:
    """The texts that can have variables, with where they are."""
    yield ("destination", None), draft.destination
    for index, line in draft.lines():
        yield ("header", index), line.value
    if draft.body_file is None and isinstance(draft.body, str):
        yield ("body", None), draft.body
