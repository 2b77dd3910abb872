"""The argument parser of every command: an error is one line that names the right `--help`; help fits the terminal."""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

from stomptui.cli.exit_status import ExitStatus
from stomptui.config.output import put, say
from stomptui.config.secret_names import MASK, is_secret, secret_spans
from stomptui.config.url import hide_password

WIDEST = 100
"""Columns of help at most: longer lines are hard to read."""
_DEFINITION = re.compile(r"( *\S+(?: \S+)* {2,})(\S.*)")
"""A term, two blanks or more, and what it means."""


class Parser(argparse.ArgumentParser):
    """A parser of arguments whose errors and help are safe to print.

    Options and positional arguments may be mixed in any order, but for a parser that has subcommands.
    """

    explain_unrecognized: Callable[[argparse.Namespace], str | None] = staticmethod(lambda given: None)
    """What to say instead of "unrecognized arguments", by those that were recognized; None if nothing better."""
    _arguments: Sequence[str] = ()
    _mixing = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self._mixing:
            return super().parse_known_args(args, namespace)
        self._arguments = list(sys.argv[1:] if args is None else args)
        if self._subparsers is not None:
            return super().parse_known_args(args, namespace)
        self._mixing = True
        try:
            given, unknown = self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False
        if unknown:
            # Said here, the error names the help of the subcommand rather than that of the whole program.
            self.error(self.explain_unrecognized(given) or f"unrecognized arguments: {' '.join(unknown)}")
        return given, unknown

    def error(self, message: str) -> NoReturn:
        """End with status 2 and one line about arguments that are wrong; the line says which help explains them."""
        see = " See" if message.endswith("?") else "; see"
        self.refuse(f"{message}{see} {self.prog} --help")

    def refuse(self, message: str) -> NoReturn:
        """End with status 2 and one line about what keeps right arguments from being used, such as a missing file."""
        say(without_secrets(message, self._arguments))
        self.exit(ExitStatus.BAD_ARGUMENTS)

    def _print_message(self, message: str, file: Any = None) -> None:
        if message:
            # Help and version; an error goes by `error`.
            put(message, keep="\n", end="")


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Wraps paragraphs and definitions of a description to the terminal; other indented lines stay as they are.

    A definition is a line with a term, two blanks or more, and what it means. Examples are other indented lines: they
    are never wrapped, so that they can be pasted.
    """

    def __init__(self, prog: str, indent_increment: int = 2, max_help_position: int = 26, width: int | None = None):
        super().__init__(prog, indent_increment, max_help_position, width)
        self._width = min(self._width, WIDEST)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        made = []
        for raw, lines in groupby(text.splitlines(), _stays_a_line):
            if not raw:
                made.append(textwrap.fill(" ".join(lines), width, initial_indent=indent, subsequent_indent=indent))
                continue
            for line in lines:
                found = _DEFINITION.fullmatch(line)
                if found and not line.lstrip().startswith(("#", "{")):
                    first = indent + found[1]
                    wrapped = textwrap.fill(
                        found[2], max(width, len(first) + 11), initial_indent=first, subsequent_indent=" " * len(first)
                    )
                    made.append(wrapped)
                else:
                    made.append(f"{indent}{line}" if line else "")
        return "\n".join(made)


def _stays_a_line(line: str) -> bool:
    return not line or line.startswith(" ") or _DEFINITION.fullmatch(line) is not None


def without_secrets(message: str, arguments: Sequence[str]) -> str:
    """An error text in which arguments have lost what may be a password.

    Args:
        message: As argparse or we made it: arguments stand in it as they came, as their `repr` or as a path.
        arguments: Those of the command line.
    """
    hidden: dict[str, str] = {}
    before = ""
    for argument in arguments:
        safe = hide_password(argument)
        name, equals, value = argument.partition("=")
        if name.startswith("-") and equals and value and is_secret(name.lstrip("-")):
            safe = f"{name}={MASK}"
        elif before.startswith("-") and "=" not in before and is_secret(before.lstrip("-")):
            safe = MASK
        elif name.startswith("-") and equals and (hidden_value := hide_password(value)) != value:
            safe = f"{name}={hidden_value}"
        header, colon, text = argument.partition(":")
        if colon and secret_spans(header.rpartition("=")[2], text):
            safe = f"{header}: {MASK}"
        if safe != argument:
            hidden[argument] = safe
        before = argument
    for argument in sorted(hidden, key=len, reverse=True):
        for spelt in (repr(argument), argument, str(Path(argument))):
            message = message.replace(spelt, hidden[argument])
    return message
