"""Where the program starts: arguments, log, app, exit status."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stomptui.config.options import Options

LONGEST_REASON = 300


def main(argv: Sequence[str] | None = None) -> int:
    """Run stomptui.

    Args:
        argv: The arguments after the program's name; those of the process if None.

    Returns:
        The exit status: 0, 1 after a crash, 2 for bad arguments, 128 + n when signal n ended it.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["broker"]:
        from stomptui.embedded.cli import main as broker

        return broker(arguments[1:])
    if arguments[:1] in (["drain"], ["refill"]):
        return _ended(lambda: _transfer(arguments))
    from stomptui.config.arguments import make_parser, read_options

    parser = make_parser()
    return _ended(lambda: _logged(parser, read_options(parser, arguments)))


def _ended(run: Callable[[], int]) -> int:
    """The exit status, however it ends."""
    try:
        return run()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except KeyboardInterrupt:
        return 130


def _transfer(arguments: list[str]) -> int:
    from stomptui.transfer import main as transfer

    return transfer(arguments)


def _logged(parser: argparse.ArgumentParser, options: Options) -> int:
    from stomptui.config.logs import default_log_file, start_log, stop_log

    if not _on_a_terminal():
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


def _on_a_terminal() -> bool:
    """Whether there is something to paint on: Textual reads standard input and paints on standard error."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _session(parser: argparse.ArgumentParser, options: Options, place: str) -> int:
    lines: list[str] = []
    try:
        from stomptui.app import StompTUI

        app = StompTUI(options)
        if options.theme and options.theme not in app.available_themes:
            parser.error(f"there is no theme {options.theme}; there are: {', '.join(sorted(app.available_themes))}")
        for told in name_notes(options):
            print(told, file=sys.stderr, flush=True)
        app.run()
        crash = app.crash
        status = app.return_code or 0
        lines = [] if options.quiet else app.summary()
    except Exception as error:
        logging.getLogger("stomptui").critical("stomptui crashed", exc_info=error)
        crash, status = error, 1
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
        if crash is not None:
            print(crash_line(crash, place), file=sys.stderr)
        sys.stderr.flush()
    except OSError:
        # A hang-up took the terminal, or nobody reads the pipe; Python would complain again on its way out.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
    return 1 if crash is not None else status


def name_notes(options: Options) -> list[str]:
    """A line for each destination given that is easily taken for another's: it is used as it is."""
    from stomptui.protocol.clean import clean
    from stomptui.protocol.names import mention

    given = (*options.subscribe, *options.work, *options.consume, *([options.peek] if options.peek else []))
    return [f"stomptui: {clean(told)}; it is taken as it is" for name in given if (told := mention(name))]


def crash_line(crash: BaseException, place: str) -> str:
    """What a person reads after a crash: one line, without secrets and without control characters."""
    from stomptui.config.logs import redacted

    text = "".join(c if c.isprintable() else "?" for c in " ".join(redacted(str(crash)).split()))
    if len(text) > LONGEST_REASON:
        text = text[:LONGEST_REASON] + "…"
    return f"stomptui crashed: {type(crash).__name__}: {text or 'no reason given'}; the log is at {place}"


if __name__ == "__main__":
    sys.exit(main())
