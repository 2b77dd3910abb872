"""What a subcommand is: its name, its help with examples, its arguments, and what runs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from stomptui.cli.exit_status import status_table
from stomptui.cli.parser import HelpFormatter, Parser


class Example(NamedTuple):
    """A command line that works when it is pasted into a shell."""

    command: str
    about: str
    """What it does, in one line."""


@dataclass(frozen=True)
class Subcommand:
    """One command of the command line; `registry.SUBCOMMANDS` has all of them."""

    name: str
    summary: str
    """What it does, in one line of `stomptui --help`."""
    arguments: tuple[str, ...]
    """What stands behind the command's name in each form of its usage."""
    description: str
    """Paragraphs at the head of its help."""
    examples: tuple[Example, ...]
    notes: str
    """Sections behind its examples, a heading and indented lines each, or plain paragraphs."""
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Parser, argparse.Namespace], int]
    """Does it; returns the exit status. Imports what it needs beyond arguments itself: help and errors come at once."""
    default: bool = False
    """Whether it is what runs without the name of a command; its own name cannot be given."""
    abbreviations: bool = False
    """Whether its options can be abbreviated."""

    @property
    def prog(self) -> str:
        """How it is called."""
        return "stomptui" if self.default else f"stomptui {self.name}"

    def parser_options(self) -> dict[str, Any]:
        """The arguments that its parser is made with."""
        usage = "\n       ".join(f"{self.prog} {form}" for form in self.arguments)
        return {
            "prog": self.prog,
            "usage": usage,
            "description": self.description,
            "epilog": self._epilog(),
            "formatter_class": HelpFormatter,
            # It is added last, with what else is the same for all of them.
            "add_help": False,
            "allow_abbrev": self.abbreviations,
        }

    def _epilog(self) -> str:
        examples = "\n\n".join(f"  # {example.about}\n  {example.command}" for example in self.examples)
        sections = [f"examples:\n{examples}", self.notes.strip("\n"), f"exit status:\n{status_table()}"]
        return "\n\n".join(filter(None, sections))
