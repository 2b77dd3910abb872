"""The environment of a connection: its colour, whether it is production, and whether it is read-only."""

from __future__ import annotations

import enum
from dataclasses import dataclass

READ_ONLY = "this connection is read-only: nothing can be sent, acknowledged or changed over it"
"""What is said of everything that is not possible over a read-only connection."""


class EnvironmentColour(enum.Enum):
    """The colours that an environment can be marked with; the value is its name in the profile file."""

    NONE = ""
    GREEN = "green"
    BLUE = "blue"
    CYAN = "cyan"
    MAGENTA = "magenta"
    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> str:
        """For a person: "none", "green", ..."""
        return self.value or "none"


@dataclass(frozen=True)
class Environment:
    """How a connection is marked, and what may be done over it."""

    colour: EnvironmentColour = EnvironmentColour.NONE
    production: bool = False
    """Whether what happens there matters: deleting and emptying queues wants the name of the queue typed."""
    read_only: bool = False
    """Whether nothing may be sent, acknowledged or changed over the connection."""

    @property
    def shown_colour(self) -> EnvironmentColour:
        """The colour it is shown in: production without one is red."""
        alarming = self.production and self.colour is EnvironmentColour.NONE
        return EnvironmentColour.RED if alarming else self.colour

    @property
    def mark(self) -> tuple[str, ...]:
        """That it is production, in a word."""
        return ("PRODUCTION",) if self.production else ()

    @property
    def limit(self) -> tuple[str, ...]:
        """That it is read-only, in a word."""
        return ("read-only",) if self.read_only else ()

    @property
    def words(self) -> tuple[str, ...]:
        """What it is marked with, for those who see no colour."""
        return (*self.mark, *self.limit)

    @property
    def refusal(self) -> str:
        """Why nothing can be changed over the connection, "" if it can."""
        return READ_ONLY if self.read_only else ""


UNMARKED = Environment()
"""That of a connection of which nothing is said."""
COLOUR_NAMES = tuple(colour.value for colour in EnvironmentColour if colour.value)


def environment_colour(name: str) -> EnvironmentColour:
    """The colour of that name.

    Raises:
        ValueError: There is none; the text says which there are.
    """
    try:
        return EnvironmentColour(name)
    except ValueError:
        raise ValueError(
            f"there is no colour {name!r}: choose {', '.join(COLOUR_NAMES[:-1])} or {COLOUR_NAMES[-1]}"
        ) from None
