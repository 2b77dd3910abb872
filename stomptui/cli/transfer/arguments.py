"""The command lines of `stomptui drain` and `stomptui refill`, read and checked."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from stomptui.cli.console_options import add_connection_options
from stomptui.cli.parser import Parser
from stomptui.config.regular_files import not_regular, unreachable

PLACES = {"drain": ("QUEUE", "FILE"), "refill": ("FILE",)}
"""What stands behind the URL, by command."""
FORMAT = """\
The file has one message a line, as JSON:
  {"destination": "/queue/test", "headers": [["app-id", "A"]], "body": "text"}
with "body_base64" instead of "body" where the body is no text.
"""
STATUS = """\
exit status: 0 all was done; 1 something was not, with the reasons on standard error (of a drain also if other consumers
hold messages, unless --max was reached); 2 bad arguments;
130 after Ctrl+C, with the account so far. The account is one line on standard output.
"""
DRAIN = f"""\
examples:
  stomptui drain stomp://guest@127.0.0.1/ /queue/test test.jsonl
  stomptui drain --profile staging --max 100 --yes /queue/errors errors.jsonl
  stomptui drain --append --yes stomp://guest@127.0.0.1/ /queue/test test.jsonl     after a drain that broke off
  stomptui drain --yes stomp://guest@127.0.0.1/ /queue/test - | gzip > test.gz      to standard output (./- is a file)

A message is acknowledged only once it is in the file and the file is on the disk. If the connection breaks or this
process dies in between, a message can be in the file and in the queue too; none is lost. With - it is acknowledged once
it is written to standard output; a pipe is no disk, and what becomes of it there is up to its reader. The account is on
standard error then.

{FORMAT}
{STATUS}"""
REFILL = f"""\
examples:
  stomptui refill stomp://guest@127.0.0.1/ test.jsonl                        each message where its line says
  stomptui refill --to /queue/other stomp://guest@127.0.0.1/ test.jsonl      all of them there
  stomptui refill --from-line 5001 stomp://guest@127.0.0.1/ test.jsonl       go on after a refill that broke off
  stomptui refill --from-line 21 --to-line 30 stomp://guest@127.0.0.1/ test.jsonl     these ten lines alone
  zcat test.gz | stomptui refill stomp://guest@127.0.0.1/ -                  from standard input, once it has ended

What comes by standard input is kept in a file until all of it was sent; if it was not, the file is named.

{FORMAT}
{STATUS}"""


def make_parser(command: str) -> argparse.ArgumentParser:
    """The parser of "drain" or "refill"."""
    places = " ".join(PLACES[command])
    about = {"drain": "Take the messages of a queue into a file.", "refill": "Send the messages of a file."}
    parser = Parser(
        prog=f"stomptui {command}",
        usage=f"stomptui {command} [options] URL {places}\n       stomptui {command} [options] --profile NAME {places}",
        description=about[command],
        epilog=DRAIN if command == "drain" else REFILL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("places", nargs="+", metavar=f"URL {places}", help=argparse.SUPPRESS)
    if command == "drain":
        add("--max", type=int, metavar="N", help="take so many messages at most (default: all that are there)")
        add("--append", action="store_true", help="go on at the end of a file that is there")
        add("--overwrite", action="store_true", help="empty a file that is there once a message comes")
        wait = "the queue is empty if nothing comes for so long (default: 1)"
        add("--wait", type=float, metavar="SECONDS", help=wait)
        incomplete = "take also messages of which STOMP may not show all, as empty ones of ActiveMQ"
        add("--incomplete", action="store_true", help=incomplete)
        add("--yes", action="store_true", help="do not ask before messages are taken out of the queue")
    else:
        add("--to", default="", metavar="DESTINATION", help="send all of them there, wherever they came from")
        yes = "send also where what is confirmed may not be kept, as in a queue of limited length"
        add("--yes", action="store_true", help=yes)
        add("--from-line", type=int, default=1, metavar="N", help="begin with that line of the file (default: 1)")
        add("--to-line", type=int, metavar="N", help="end with that line of the file (default: the last)")
    add_connection_options(parser)
    return parser


def read_arguments(parser: argparse.ArgumentParser, arguments: Sequence[str], asks: bool) -> argparse.Namespace:
    """What the arguments ask for, with `url`, `file` and, of drain, `queue` and `mode`.

    Args:
        parser: As of `make_parser`.
        arguments: Those behind the command.
        asks: Whether there is a terminal to ask on.

    Whatever is wrong ends in `parser.error`: status 2.
    """
    given = parser.parse_intermixed_args(arguments)
    _place(parser, given)
    if hasattr(given, "queue"):
        _check_drain(parser, given, asks)
    elif given.from_line < 1:
        parser.error("--from-line is a number from 1")
    elif given.to_line is not None and given.to_line < given.from_line:
        parser.error(f"--to-line is a number from that of --from-line, {given.from_line}")
    elif not given.standard and not os.path.exists(given.file):
        problem = unreachable(given.file)
        parser.error(f"{given.file} cannot be read: {problem}" if problem else f"there is no file {given.file}")
    return given


def _place(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    """Tell URL, queue and file apart."""
    names = PLACES[parser.prog.split()[-1]]
    places = list(given.places)
    given.url = places.pop(0) if len(places) > len(names) and not given.profile else None
    if len(places) != len(names) or (given.url is None and "://" in places[0]):
        parser.error(f"what is needed is {'' if given.profile else 'URL '}{' '.join(names)}")
    # A file of that name is ./-, which a Path would not tell from it.
    given.standard = places[-1] == "-"
    given.file = Path(places[-1])
    if len(places) > 1:
        given.queue = places[0]


def _check_drain(parser: argparse.ArgumentParser, given: argparse.Namespace, asks: bool) -> None:
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
            parser.error(f"{given.file} is a directory: name a file in it")
        if kind := not_regular(given.file):
            parser.error(f"{given.file} cannot be written: {kind}")
        parser.error(f"{given.file} is there already: use --append or --overwrite")
    if not given.yes and not asks:
        parser.error("drain takes messages out of the queue: without a terminal to ask on, --yes is needed")
