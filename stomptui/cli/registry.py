"""The registry of subcommands, and the parser of the whole command line that is made from it."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Sequence

from stomptui import __version__
from stomptui.cli import broker, check, console, drain, reference, refill, web
from stomptui.cli.parser import HelpFormatter, Parser
from stomptui.cli.subcommand import Subcommand

SUBCOMMANDS: tuple[Subcommand, ...] = (
    console.COMMAND,
    drain.COMMAND,
    refill.COMMAND,
    check.COMMAND,
    web.COMMAND,
    broker.COMMAND,
    reference.COMMAND,
)
"""All of them, in the order of `stomptui --help`."""
(DEFAULT,) = (command for command in SUBCOMMANDS if command.default)
NAMED = {command.name: command for command in SUBCOMMANDS if not command.default}
"""Those that are called by their name."""
_WORD = re.compile(r"[a-z][a-z-]*", re.IGNORECASE)


def parse(arguments: Sequence[str]) -> tuple[Subcommand, Parser, argparse.Namespace]:
    """Read a command line.

    Args:
        arguments: Those behind the program's name.

    Returns:
        The subcommand that is asked for, its parser (whose `error` and `refuse` say what else is wrong), and its
        arguments.

    Raises:
        SystemExit: They cannot be used, or ask for help or for the version.
    """
    parser = Parser(prog="stomptui", add_help=False, formatter_class=HelpFormatter, allow_abbrev=False)
    parsers = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    for command in SUBCOMMANDS:
        _add(parsers, command)
    named = bool(arguments) and arguments[0] in NAMED
    given = parser.parse_args([*([] if named else [DEFAULT.name]), *arguments])
    return given.command, given.parser, given


def _add(parsers: argparse._SubParsersAction[Parser], command: Subcommand) -> None:
    parser = parsers.add_parser(command.name, help=command.summary, **command.parser_options())
    if command.default:
        parser.add_argument_group("commands", _listed())
        parser.explain_unrecognized = _no_such_command
    command.add_arguments(parser)
    add = parser.add_argument_group("general").add_argument
    add("--version", action="version", version=f"stomptui {__version__}", help="print the version")
    add("-h", "--help", action="help", help="print this help")
    parser.set_defaults(command=command, parser=parser)


def _listed() -> str:
    """The commands, one a line, and where to read on."""
    width = max(map(len, NAMED)) + 2
    lines = [f"{name:<{width}}{command.summary}" for name, command in NAMED.items()]
    return "\n".join([*lines, "", "stomptui COMMAND --help describes a command, with examples."])


def _no_such_command(given: argparse.Namespace) -> str | None:
    """What to say of a word in the place of the URL with more behind it: it was meant to be a command."""
    word = given.url or ""
    if not _WORD.fullmatch(word):
        return None
    if word in NAMED:
        return f"the command comes before its options: stomptui {word} OPTIONS"
    meant = difflib.get_close_matches(word.lower(), NAMED, 1)
    return f"there is no command {word}; " + (f"did you mean {meant[0]}?" if meant else f"there are {_joined(NAMED)}")


def _joined(names: Sequence[str] | dict[str, Subcommand]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}"
