"""Notes on a draft: its problems and the broker's hints, each with the field or the header line it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from stomptui.compose.checks import Problem
from stomptui.compose.draft import Draft

Hints = Callable[[Draft], Sequence[tuple[str, str, bool]]]
"""What a broker's dialect has to say about a draft: ("destination" | "header:<name>" | "body" | "frame", text, whether
it is hardly meant, so that the person is asked before the draft is sent)."""
NoteSeverity = Literal["error", "warning", "hint"]
"""The gravest first: an error cannot be sent, a warning can, a hint is good to know."""
SEVERITIES: tuple[NoteSeverity, ...] = ("error", "warning", "hint")


class DraftNote(NamedTuple):
    """One note on a field or a header line."""

    severity: NoteSeverity
    text: str
    part: Literal["", "name", "value"] = ""
    """Which part of a header line it is about, "" for the whole line or a field."""


class DraftDoubt(NamedTuple):
    """Something in a draft that is hardly meant."""

    where: str
    """The name of the field or of the header."""
    text: str
    """What is wrong with it."""
    about: str = ""
    """What stands there, so that a yes holds for this alone."""


@dataclass
class DraftNotes:
    """Notes on a draft, by field or by the place of a header line."""

    fields: dict[str, list[DraftNote]] = field(default_factory=dict)
    lines: dict[int, list[DraftNote]] = field(default_factory=dict)

    def take(self, name: str) -> list[DraftNote]:
        """The notes on a field, taken out of the rest."""
        return self.fields.pop(name, [])

    def rest(self) -> list[DraftNote]:
        """The notes on what has no field of its own."""
        return [note for notes in self.fields.values() for note in notes]


def notes_on(draft: Draft, problems: Iterable[Problem], hints: Hints | None) -> DraftNotes:
    """Problems and hints, each put where it belongs."""
    found = DraftNotes()
    for problem in problems:
        note = DraftNote(problem.severity, problem.text, problem.part)
        if problem.index is not None:
            found.lines.setdefault(problem.index, []).append(note)
        else:
            found.fields.setdefault(problem.field, []).append(note)
    for where, text, asks in hints(draft) if hints else ():
        severity: NoteSeverity = "warning" if asks else "hint"
        name = where.removeprefix("header:")
        index = next((i for i, line in draft.lines() if line.name == name), None)
        if where in ("destination", "body", "frame") or index is None:
            whole = f"{name}: {text}" if where.startswith("header:") else text
            found.fields.setdefault(where, []).append(DraftNote(severity, whole))
        else:
            found.lines.setdefault(index, []).append(DraftNote(severity, text))
    return found


def doubts_about(draft: Draft, problems: Iterable[Problem], hints: Hints | None) -> list[DraftDoubt]:
    """What is hardly meant in a draft; the person is asked about each before it is sent."""
    found = []
    for problem in problems:
        if problem.severity == "warning" and problem.asks:
            line = draft.headers[problem.index] if problem.index is not None else None
            found.append(
                DraftDoubt(line.name, problem.text, line.value)
                if line is not None
                else DraftDoubt(problem.field, problem.text)
            )
    for where, text, asks in hints(draft) if hints else ():
        if asks:
            name = where.removeprefix("header:")
            about = draft.destination if where == "destination" else draft.get(name) or ""
            found.append(DraftDoubt(name, text, about))
    return found
