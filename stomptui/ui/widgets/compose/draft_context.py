"""What the compose pane knows of the connection, and what it tells about a draft and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from textual.markup import escape

from stomptui.compose.checks import Problem
from stomptui.compose.draft import Draft
from stomptui.compose.history import without_secrets
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.compose.frame_preview import visible
from stomptui.ui.widgets.compose.header_row import Note
from stomptui.ui.widgets.compose.parts import Said
from stomptui.ui.widgets.text.completion import Words

Hints = Callable[[Draft], Sequence[tuple[str, str, bool]]]
"""What a broker's dialect has to say about a draft: ("destination" | "header:<name>" | "body" | "frame", text, whether
it can hardly be meant, so that it is asked about before the draft is sent)."""


class DraftDoubt(NamedTuple):
    """Something in a draft that can hardly be meant."""

    where: str
    """The name of the field or of the header."""
    text: str
    """What is wrong with it."""
    about: str = ""
    """What stands there, so that a yes holds for this alone."""


@dataclass
class ComposeFacts:
    """What the pane knows about the connection the draft is for."""

    version: str = "1.2"
    frame_limit: int | None = None
    header_limit: int | None = None
    known_headers: Mapping[str, str] = field(default_factory=dict)
    destinations: Words = ()
    known_values: Callable[[str], Sequence[str]] = field(default=lambda name: ())
    hints: Hints | None = None
    connected: bool = True
    receipt_id: str = "1"


@dataclass
class DraftNotes:
    """What is told about a draft, by where it is told: under a field, or under a header line by its place."""

    fields: dict[str, list[Said]]
    lines: dict[int, list[tuple[Note, str]]]

    def take(self, name: str) -> list[Said]:
        """What is told under a field, taken out of the rest."""
        return self.fields.pop(name, [])

    def rest(self) -> list[Said]:
        """What has no field of its own."""
        return [note for notes in self.fields.values() for note in notes]


def told(draft: Draft, problems: Iterable[Problem], hints: Hints | None) -> DraftNotes:
    """Problems and hints, each put where it belongs."""
    found = DraftNotes({}, {})
    for problem in problems:
        if problem.index is not None:
            found.lines.setdefault(problem.index, []).append(((problem.severity, problem.text), problem.part))
        else:
            found.fields.setdefault(problem.field, []).append((problem.severity, problem.text))
    for where, text, asks in hints(draft) if hints else ():
        severity = "warning" if asks else "hint"
        name = where.removeprefix("header:")
        index = next((i for i, line in draft.lines() if line.name == name), None)
        if where in ("destination", "body", "frame") or index is None:
            said = f"{name}: {text}" if where.startswith("header:") else text
            found.fields.setdefault(where, []).append((severity, said))
        else:
            found.lines.setdefault(index, []).append(((severity, text), ""))
    return found


def doubts(draft: Draft, problems: Iterable[Problem], hints: Hints | None) -> list[DraftDoubt]:
    """What can hardly be meant, each to be asked about before the draft is sent."""
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


def title(draft: Draft, number: int, shows_secrets: bool = False) -> tuple[str, str]:
    """How an earlier draft is called in the command palette, with the begin of its body, and its headers."""
    draft = draft if shows_secrets else without_secrets(draft)
    start = " ".join(visible(draft.body_start(120)).split()) if draft.body_file is None else str(draft.body_file)
    # The palette reads markup in what it shows.
    name = f"{number}  {clean(draft.destination)}  {clean(start)[:40]}"
    headers = " ".join(f"{line.name}:{line.value}" for _, line in draft.lines())
    return escape(name), escape(clean(headers)[:80])
