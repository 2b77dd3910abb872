"""How a draft will look filled in, for its preview and its checks while a person types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from stomptui.compose.checks import Problem
from stomptui.compose.draft import Draft
from stomptui.compose.draft_notes import Hints
from stomptui.compose.variables.fill import VariableError, fill, has_variables, is_filled, open_places
from stomptui.compose.variables.sources import AnyName, example_sources

AS_IT_STANDS = "{{…}} is sent as it stands, since variables are switched off in this draft"

NO_VALUES: Mapping[str, str] = {}


@dataclass(frozen=True)
class Example:
    """A draft with examples in the place of its variables.

    Args:
        draft: The draft filled in, or as it is if that cannot be done.
        problem: Why it cannot be filled in.
        open: Fields whose values are known only when it is sent, so that nothing can be said about them before.
    """

    draft: Draft
    problem: Problem | None = None
    open: frozenset[tuple[str, int | None]] = field(default_factory=frozenset)

    def kept(self, problems: list[Problem]) -> list[Problem]:
        """Those of some problems that are the draft's own and not its examples', with what is wrong with a variable."""
        closed = [
            problem
            for problem in problems
            if (problem.field, problem.index) not in self.open
            and not (problem.of_size and (("body", None) in self.open or (self.open and problem.field == "frame")))
        ]
        return closed if self.problem is None else [self.problem, *closed]

    def hints(self, hints: Hints | None) -> Hints | None:
        """A dialect's hints without those on what is not known yet."""
        if hints is None or not self.open:
            return hints
        names = {f"header:{self.draft.headers[index].name}" if index is not None else name for name, index in self.open}
        asked = hints
        return lambda draft: [hint for hint in asked(draft) if hint[0] not in names]


def example_of(
    draft: Draft, counter: int = 1, any_column: bool = False, values: Mapping[str, str] = NO_VALUES
) -> Example:
    """A draft as it would be sent; never raises, and reads nothing.

    Args:
        draft: The draft.
        counter: The number of the message.
        any_column: Whether any name may be a column's.
        values: Those of the chosen set.
    """
    if not is_filled(draft):
        return Example(draft)
    sources = replace(example_sources(counter), columns=AnyName(values) if any_column else values)
    places = {(place[0], place[1]) for place in open_places(draft)}
    try:
        return Example(fill(draft, sources), None, frozenset(places))
    except VariableError as error:
        # What stands beside it is a template still, and would be called no JSON.
        return Example(draft, problem_of(draft, error), frozenset(places | {(error.field, error.index)}))


def problem_of(draft: Draft, error: VariableError) -> Problem:
    """What is wrong with a variable, and where it stands."""
    place = f"character {error.position + 1}"
    if error.field == "body" and isinstance(draft.body, str):
        line = draft.body.count("\n", 0, error.position)
        place = f"line {line + 1} column {error.position - draft.body.rfind(chr(10), 0, error.position)}"
    text = f"{error.text} ({place})"
    return Problem(error.field, error.index, "value" if error.field == "header" else "", text, "error")


def unfilled(draft: Draft) -> str | None:
    """What to say of a draft whose `{{…}}` stays as it is; None of any other."""
    return AS_IT_STANDS if not draft.variables and has_variables(draft) else None
