"""Where the program starts: arguments, log, app, exit status."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from stomptui.config.output import Stream, crash_line, guard_process, on_a_terminal, put, say

if TYPE_CHECKING:
    from stomptui.config.options import Options


def main(argv: Sequence[str] | None = None) -> int:
    """Run stomptui.

    Args:
        argv: The arguments after the program's name; those of the process if None.

    Returns:
        The exit status: 0, 1 after a crash, 2 for bad arguments, 128 + n when signal n ended it.
    """
    if argv is None:
        guard_process()
    arguments = list(sys.argv[1:] if argv is None else argv)
    return _ended(lambda: _run(arguments))


def _ended(run: Callable[[], int]) -> int:
    """The exit status, however it ends."""
    try:
        return run()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        put(crash_line(error), Stream.ERROR)
        return 1


def _run(arguments: list[str]) -> int:
    """What the arguments ask for; each command is imported when it is asked for."""
    if arguments[:1] == ["broker"]:
        from stomptui.cli.broker import main as broker

        return broker(arguments[1:])
    if arguments[:1] in (["drain"], ["refill"]):
        from stomptui.cli.transfer.runner import main as transfer

        return transfer(arguments)
    from stomptui.cli.console_options import make_parser, read_options

    parser = make_parser()
    return _logged(parser, read_options(parser, arguments))


def _logged(parser: argparse.ArgumentParser, options: Options) -> int:
    from stomptui.config.logs import default_log_file, start_log, stop_log

    if not on_a_terminal():
        parser.error("a terminal is needed on standard input and standard error")
    place = str(options.log_file)
    try:
        start_log(options.log_file)
    except OSError as error:
        if options.log_file != default_log_file():
            parser.error(f"--log-file {options.log_file} cannot be written: {error.strerror or error}")
        place = f"nowhere, {options.log_file} cannot be written"
    try:
        return _session(parser, options, place)
    finally:
        stop_log()


def _session(parser: argparse.ArgumentParser, options: Options, place: str) -> int:
    lines: list[str] = []
    try:
        from stomptui.app import StompTUI

        app = StompTUI(options)
        if options.theme and options.theme not in app.available_themes:
            parser.error(f"there is no theme {options.theme}; there are: {', '.join(sorted(app.available_themes))}")
        for told in name_notes(options):
            say(told)
        app.run()
        crash = app.crash
        status = app.return_code or 0
        lines = [*app.farewell, *([] if options.quiet else app.summary())]
    except Exception as error:
        logging.getLogger("stomptui").critical("stomptui crashed", exc_info=error)
        crash, status = error, 1
    for line in lines:
        put(line)
    if crash is not None:
        put(crash_line(crash, place), Stream.ERROR)
    return 1 if crash is not None else status


def name_notes(options: Options) -> list[str]:
    """A line for each destination given that is easily taken for another's: it is used as it is."""
    from stomptui.protocol.names import mention

    given = (*options.subscribe, *options.work, *options.consume, *([options.peek] if options.peek else []))
    return [f"{told}; it is taken as it is" for name in given if (told := mention(name))]
