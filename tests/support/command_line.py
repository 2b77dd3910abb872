"""What a command line of the console asks for, without opening it."""

from __future__ import annotations

from stomptui.cli.console_options import read_options
from stomptui.cli.registry import parse
from stomptui.config.options import Options


def console_options(*arguments: str) -> Options:
    """The options that these arguments and the environment make; raises SystemExit as the program does."""
    command, parser, given = parse(arguments)
    assert command.default
    return read_options(parser, given)
