"""`stomptui refill`: its arguments and its help."""

from __future__ import annotations

import argparse
import os
import sys

from stomptui.cli.connection_arguments import ENVIRONMENT, add_connection_options, read_connection
from stomptui.cli.parser import Parser
from stomptui.cli.subcommand import Example, Subcommand
from stomptui.cli.transfer.arguments import FILE_FORMAT, add_places, read_places, usage
from stomptui.config.files.regular_files import unreachable
from stomptui.config.output import say
from stomptui.protocol.names import lookalike_warning

PLACES = "FILE"
EXAMPLES = (
    Example(
        "stomptui refill stomp://guest@127.0.0.1/ test.jsonl",
        "send each message to the destination that its line names",
    ),
    Example(
        "stomptui refill --to /queue/other stomp://guest@127.0.0.1/ test.jsonl",
        "send all of them to one queue",
    ),
    Example(
        "stomptui refill --from-line 501 stomp://guest@127.0.0.1/ test.jsonl",
        "go on after a refill that broke off",
    ),
    Example(
        "stomptui refill --from-line 21 --to-line 30 stomp://guest@127.0.0.1/ test.jsonl",
        "send these ten lines alone",
    ),
    Example(
        "zcat test.gz | stomptui refill stomp://guest@127.0.0.1/ -",
        "send what comes by standard input, once it has ended",
    ),
)
NOTES = f"""\
Each message is sent with a receipt. What comes by standard input or another pipe is kept in a file until all of it was
sent; if it was not, the file is named.

{FILE_FORMAT}
{ENVIRONMENT}
The result is one line on standard output, also after Ctrl+C; it says from which line to go on."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_places(parser, PLACES, "FILE   the file with the messages, or - for standard input (./- is a file)")
    add = parser.add_argument_group("refill").add_argument
    to = "send all messages there, whatever destination their lines name"
    add("--to", default="", metavar="DESTINATION", help=to)
    add("--from-line", type=int, default=1, metavar="N", help="begin with that line of the file (default: 1)")
    add("--to-line", type=int, metavar="N", help="end with that line of the file (default: the last)")
    yes = "send also where the broker may not keep what it confirms, as in a queue of limited length"
    add("--yes", action="store_true", help=yes)
    add_connection_options(parser)


def read(parser: Parser, given: argparse.Namespace) -> None:
    """Check the arguments; sets `url`, `file` and `standard`.

    Raises:
        SystemExit: They cannot be used; status 2.
    """
    read_places(parser, given, PLACES)
    if given.from_line < 1:
        parser.error("--from-line is a number from 1")
    if given.to_line is not None and given.to_line < given.from_line:
        parser.error(f"--to-line is a number from that of --from-line, {given.from_line}")
    if not given.standard and not os.path.exists(given.file):
        problem = unreachable(given.file)
        parser.refuse(f"{given.file} cannot be read: {problem}" if problem else f"there is no file {given.file}")


def run(parser: Parser, given: argparse.Namespace) -> int:
    """Refill; returns the exit status."""
    read(parser, given)
    if given.standard and not sys.stdin:
        parser.refuse("standard input is closed")
    connection = read_connection(parser, given)
    if hint := lookalike_warning(given.to):
        say(f"{hint}; it is taken as it is")
    # Imported here: help and errors come at once.
    from stomptui.cli.transfer.refilling import refill
    from stomptui.cli.transfer.runner import logged

    return logged("refill", lambda: refill(connection, given))


COMMAND = Subcommand(
    name="refill",
    summary="Send the messages of a file, each where it came from or all to one queue.",
    arguments=usage(PLACES),
    description="Send the messages of a file, each to the destination that its line names, or all of them to one.",
    examples=EXAMPLES,
    notes=NOTES,
    add_arguments=add_arguments,
    run=run,
)
