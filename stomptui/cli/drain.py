"""`stomptui drain`: its arguments and its help."""

from __future__ import annotations

import argparse
import os

from stomptui.cli.connection_arguments import ENVIRONMENT, add_connection_options, read_connection
from stomptui.cli.parser import Parser
from stomptui.cli.subcommand import Example, Subcommand
from stomptui.cli.transfer.arguments import FILE_FORMAT, add_places, read_places, usage
from stomptui.config.files.regular_files import not_regular
from stomptui.config.output import Stream, is_open, on_a_terminal, say
from stomptui.protocol.names import is_name_of, lookalike_warning

PLACES = "QUEUE FILE"
EXAMPLES = (
    Example(
        "stomptui drain stomp://guest@127.0.0.1/ /queue/test test.jsonl",
        "export all messages of a queue and empty it; asks before",
    ),
    Example(
        "stomptui drain --profile staging --max 100 --yes /queue/errors errors.jsonl",
        "the first 100 messages, by a saved profile, without a question",
    ),
    Example(
        "stomptui drain --append --yes stomp://guest@127.0.0.1/ /queue/test test.jsonl",
        "go on after a drain that broke off",
    ),
    Example(
        "stomptui drain --yes stomp://guest@127.0.0.1/ /queue/test - | gzip > test.gz",
        "to standard output",
    ),
)
NOTES = f"""\
A message is acknowledged, and so removed from the queue, only once it is in the file and the file is on the disk. If
the connection breaks or this process dies in between, a message can be in the file and in the queue too; none is lost.

With - as the file, a message is acknowledged once it is written to standard output. A pipe is no disk: what becomes of
the message there is up to its reader. The result is printed on standard error then.

{FILE_FORMAT}
{ENVIRONMENT}
The result is one line on standard output, also after Ctrl+C. If other consumers have messages of the queue, status 1
says so, unless --max was reached."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    about = (
        "QUEUE  the queue, for example /queue/test\n"
        "FILE   a new file for its messages, or - for standard output (./- is a file)"
    )
    add_places(parser, PLACES, about)
    add = parser.add_argument_group("drain").add_argument
    add("--max", type=int, metavar="N", help="drain at most so many messages (default: all)")
    add("--append", action="store_true", help="append to a file that exists")
    add("--overwrite", action="store_true", help="empty a file that exists, once the first message comes")
    wait = "take the queue for empty after so many seconds without a message (default: 1)"
    add("--wait", type=float, metavar="SECONDS", help=wait)
    incomplete = "also drain messages that STOMP may not show whole, such as empty ones of ActiveMQ"
    add("--incomplete", action="store_true", help=incomplete)
    add("--yes", action="store_true", help="do not ask before messages are removed from the queue")
    confirm = "as --yes, with the name of the queue: needed instead where the profile is marked production"
    add("--confirm", metavar="QUEUE", help=confirm)
    add_connection_options(parser)


def read(parser: Parser, given: argparse.Namespace, asks: bool) -> None:
    """Check the arguments; sets `url`, `queue`, `file`, `standard` and `mode`.

    Args:
        parser: Of the command.
        given: Its arguments.
        asks: Whether there is a terminal to ask on.

    Raises:
        SystemExit: They cannot be used; status 2.
    """
    read_places(parser, given, PLACES)
    if not given.queue:
        parser.error("a queue is needed, for example /queue/test")
    if given.max is not None and given.max < 1:
        parser.error("--max is a number from 1")
    if given.wait is not None and not 0.1 <= given.wait <= 3600:
        parser.error("--wait is a number of seconds from 0.1 to 3600")
    if given.append and given.overwrite:
        parser.error("--append and --overwrite cannot be used together")
    if given.standard and (given.append or given.overwrite):
        parser.error("--append and --overwrite are about a file, and - is standard output")
    given.mode = "append" if given.append else "overwrite" if given.overwrite else "new"
    if given.mode == "new" and not given.standard and os.path.lexists(given.file):
        if os.path.isdir(given.file):
            parser.refuse(f"{given.file} is a directory: name a file in it")
        if kind := not_regular(given.file):
            parser.refuse(f"{given.file} cannot be written: {kind}")
        parser.refuse(f"{given.file} exists already: use --append or --overwrite")
    if given.confirm is not None and not is_name_of(given.confirm, given.queue):
        parser.refuse(f"--confirm names {given.confirm or 'nothing'}, and the queue is {given.queue}")
    if not given.yes and given.confirm is None and not asks:
        parser.refuse("drain removes messages from the queue: without a terminal to ask on, --yes is needed")


def run(parser: Parser, given: argparse.Namespace) -> int:
    """Drain; returns the exit status."""
    read(parser, given, on_a_terminal())
    if given.standard and not is_open(Stream.OUT):
        parser.refuse("standard output is closed")
    connection = read_connection(parser, given)
    if connection.environment.production and given.yes and given.confirm is None:
        parser.refuse(f"this is production: --confirm {given.queue} is needed in place of --yes")
    given.yes = given.yes or given.confirm is not None
    if hint := lookalike_warning(given.queue):
        say(f"{hint}; it is taken as it is")
    # Imported here: help and errors come at once.
    from stomptui.cli.transfer.draining import drain
    from stomptui.cli.transfer.runner import logged

    return logged("drain", lambda: drain(connection, given))


COMMAND = Subcommand(
    name="drain",
    summary="Export all messages of a queue to a file and empty the queue.",
    arguments=usage(PLACES),
    description="Export all messages of a queue to a file and empty the queue.",
    examples=EXAMPLES,
    notes=NOTES,
    add_arguments=add_arguments,
    run=run,
)
