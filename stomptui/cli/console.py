"""`stomptui` without the name of a command: the console, on the screen."""

from __future__ import annotations

import argparse
import gc
import logging
from pathlib import Path

from stomptui.cli.connection_arguments import ENVIRONMENT, URL_HELP, add_connection_options
from stomptui.cli.console_options import read_options
from stomptui.cli.exit_status import ExitStatus
from stomptui.cli.parser import Parser
from stomptui.cli.subcommand import Example, Subcommand
from stomptui.config.files.logs import default_log_file, start_log, stop_log
from stomptui.config.in_browser import in_browser
from stomptui.config.options import Options
from stomptui.config.output import Stream, crash_line, on_a_terminal, put, say
from stomptui.protocol.names import lookalike_warning

EXAMPLES = (
    Example("stomptui", "connect as with the profile used last, or open the connection form"),
    Example("stomptui --demo", "try it: an embedded broker with sample traffic"),
    Example("stomptui stomp://guest@127.0.0.1:61613/", "ask for the password, then connect"),
    Example("stomptui stomp+ssl://guest@rabbit:61614/orders", "over TLS, to the virtual host orders"),
    Example("stomptui ws://127.0.0.1:15674/ws", "over WebSocket"),
    Example(
        "stomptui -H 'Authorization: Bearer {{env TOKEN}}' ws://localhost:8080/ws",
        "a Spring application, with a token in the handshake",
    ),
    Example(
        "stomptui --profile staging --subscribe /topic/orders --subscribe /queue/test",
        "connect as saved, and watch a topic and a queue",
    ),
    Example("stomptui --peek /queue/test stomp://guest@127.0.0.1/", "see what is in a queue; nothing is taken"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_console_arguments(parser)
    add = parser.add_argument_group("leaving").add_argument
    add("--quiet", action="store_true", help="do not print the message counts on leaving")


def add_console_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says what a console begins with, wherever it is shown."""
    add = add_connection_options(parser).add_argument
    add("url", nargs="?", metavar="URL", help=URL_HELP)
    add("--demo", action="store_true", help="start an embedded broker with sample traffic, and connect to it")
    add = parser.add_argument_group("destinations to begin with (all but --peek may be repeated)").add_argument
    subscribe = "watch a destination in the log; of a queue nothing is acknowledged and nothing consumed"
    add("--subscribe", metavar="DEST", action="append", default=[], help=subscribe)
    add("--peek", metavar="QUEUE", help="peek at a queue: its messages, to be acted on; nothing is taken")
    add(
        "--work",
        metavar="QUEUE",
        action="append",
        default=[],
        help="work a queue: each message awaits your ack or nack",
    )
    consume = "consume from a destination: its messages are acknowledged and gone"
    add("--consume", metavar="DEST", action="append", default=[], help=consume)
    add = parser.add_argument_group("console").add_argument
    library = "a directory of saved messages, as beside a project's code, instead of your own"
    add("--library", metavar="DIR", type=Path, help=library)
    add("--theme", metavar="NAME", help="the theme to start with; it is remembered")
    add("--log-file", metavar="PATH", type=Path, help="where stomptui logs its own troubles")


def run(parser: Parser, given: argparse.Namespace) -> int:
    """Show the console until its user leaves; returns the exit status."""
    options = read_options(parser, given)
    if not on_a_terminal() and not in_browser():
        parser.refuse("a terminal is needed on standard input and standard error")
    place = str(options.log_file)
    try:
        start_log(options.log_file)
    except OSError as error:
        if options.log_file != default_log_file():
            parser.refuse(f"--log-file {options.log_file} cannot be written: {error.strerror or error}")
        place = f"nowhere, {options.log_file} cannot be written"
    try:
        return _show(parser, options, place)
    finally:
        stop_log()


def _show(parser: Parser, options: Options, log_place: str) -> int:
    lines: list[str] = []
    try:
        # Nothing becomes garbage before the first screen is painted; `calm_collector` goes on from there.
        gc.disable()
        from stomptui.app import StompTUI

        app = StompTUI(options)
        if options.theme and options.theme not in app.available_themes:
            parser.refuse(f"there is no theme {options.theme}; there are: {', '.join(sorted(app.available_themes))}")
        for note in name_notes(options):
            say(note)
        app.run()
        crash = app.crash
        status = app.return_code or ExitStatus.DONE
        if app.terminal_reads:
            lines = [*app.farewell, *([] if options.quiet else app.summary())]
    except Exception as error:
        logging.getLogger("stomptui").critical("stomptui crashed", exc_info=error)
        crash, status = error, ExitStatus.NOT_DONE
    for line in lines:
        put(line)
    if crash is not None:
        put(crash_line(crash, log_place), Stream.ERROR)
        return ExitStatus.NOT_DONE
    return status


def name_notes(options: Options) -> list[str]:
    """A line for each destination given that is easily taken for another one: it is used as it is."""
    given = (*options.subscribe, *options.work, *options.consume, *([options.peek] if options.peek else []))
    return [f"{note}; it is taken as it is" for name in given if (note := lookalike_warning(name))]


COMMAND = Subcommand(
    name="console",
    summary="Open the console.",
    arguments=("[options] [URL]", "COMMAND ..."),
    description="A terminal console for message brokers that speak STOMP: peek at queues, watch traffic, build and "
    "send frames. Without a command it opens the console.",
    examples=EXAMPLES,
    notes=ENVIRONMENT,
    add_arguments=add_arguments,
    run=run,
    default=True,
)
