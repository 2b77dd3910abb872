"""Printing to standard output and standard error: safe for any text, and never raises.

Text comes from brokers, files, arguments and the environment. Control characters are replaced, as are characters that
the encoding of the stream lacks. A stream that is closed, or that nobody reads, is not written to any more, and the
program goes on.
"""

from __future__ import annotations

import contextlib
import enum
import errno
import getpass
import logging
import os
import sys
import threading
from types import TracebackType
from typing import Any

from stomptui.protocol.clean import clean

LONGEST_REASON = 300
_ERASE = "\r\033[K"
"""Go back to the first column and erase the line."""
_PLAIN = str.maketrans(
    {
        "─": "-", "━": "-", "═": "-", "│": "|", "┃": "|", "║": "|", "▏": "|", "▕": "|", "▎": "|", "▊": "|",
        "┌": "+", "┐": "+", "└": "+", "┘": "+", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "├": "+", "┤": "+", "┬": "+",
        "┴": "+", "┼": "+", "▔": "-", "▁": "_", "•": "*", "●": "*", "○": "o", "◉": "*", "◌": "o", "■": "#", "□": "o",
        "…": ".", "·": ".", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "←": "<", "→": ">", "↑": "^",
        "↓": "v", "⇅": "%", "✓": "v", "✗": "x", "✕": "x", "⚠": "!", "▶": ">", "▼": "v", "▲": "^", "◀": "<", "×": "x",
        "█": "#", "▌": "#", "▐": "#", "▀": "#", "▄": "#", "�": "?", "␣": "_",
    }
)  # fmt: skip
"""Replacements of our own symbols, one cell for one, where a terminal has only ASCII or Latin-1."""


class Stream(enum.Enum):
    """A standard stream; the value is its name in `sys`."""

    OUT = "stdout"
    ERROR = "stderr"


def put(text: str, to: Stream = Stream.OUT, *, keep: str = "", end: str = "\n") -> bool:
    """Print a text.

    Args:
        text: Any text; printed as `clean` returns it.
        to: The stream.
        keep: Control characters of `text` to let through: newlines or tabs of a text of our own.
        end: Printed after it, as it is.

    Returns:
        Whether it was written. A stream that cannot be written is not written to any more.
    """
    return _write(clean(text, keep) + end, to)


def say(text: str, program: str = "stomptui") -> bool:
    """Print one line on standard error, after the program's name; line breaks in the text become blanks."""
    return put(f"{program}: {' '.join(text.split())}", Stream.ERROR)


def put_status(line: str) -> bool:
    """Replace the progress line on standard error; "" removes it."""
    return _write(_ERASE + clean(line), Stream.ERROR)


def ask(question: str) -> str:
    """Print a question on standard error; returns the next line of standard input, "" at its end."""
    put(question, Stream.ERROR, end="")
    return sys.stdin.readline() if sys.stdin is not None else ""


def ask_secret(question: str) -> str:
    """Ask for a text that is not shown while it is typed.

    Raises:
        EOFError: Standard input has ended.
    """
    put(question, Stream.ERROR, end="")
    # The prompt of getpass is encoded strictly, and may fail.
    return getpass.getpass("")


def on_a_terminal() -> bool:
    """Whether a person can be asked: standard input and standard error are a terminal."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def is_open(stream: Stream) -> bool:
    """Whether the process was started with that stream."""
    return getattr(sys, stream.value) is not None


def error_on_a_terminal() -> bool:
    """Whether standard error is a terminal."""
    return _is_terminal(sys.stderr)


def fitting(text: str, encoding: str) -> str:
    """A text with replacements for the characters that an encoding lacks, of the same width for our own symbols."""
    try:
        text.encode(encoding)
    except UnicodeError:
        return text.translate(_PLAIN).encode(encoding, "replace").decode(encoding, "replace")
    except LookupError:
        return text.translate(_PLAIN).encode("ascii", "replace").decode()
    return text


def crash_line(crash: BaseException, place: str = "") -> str:
    """The message after a crash: one line, without secrets and control characters; `place` is the path of the log."""
    from stomptui.config.files.logs import redacted

    text = clean(" ".join(redacted(str(crash)).split()))
    if len(text) > LONGEST_REASON:
        text = text[:LONGEST_REASON] + "…"
    where = f"; the log is at {place}" if place else ""
    return f"stomptui crashed: {type(crash).__name__}: {text or 'no reason given'}{where}"


def guard_process() -> None:
    """Have tracebacks, warnings and log records printed by `say` only, and keep files out of the standard descriptors.

    Called once, at the start of the process. `start_log` sends the same to a file later.
    """
    # The next file or socket would get a closed standard descriptor, and child processes would print into it.
    with contextlib.suppress(OSError):
        while (spare := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(spare, True)
        os.close(spare)
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    logging.lastResort = _Lines(logging.WARNING)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


class _Lines(logging.Handler):
    """Prints log records, each in one line, before there is a log file."""

    def emit(self, record: logging.LogRecord) -> None:
        from stomptui.config.files.logs import redacted

        error = record.exc_info[1] if record.exc_info else None
        say(redacted(record.getMessage()) + (f": {type(error).__name__}: {redacted(str(error))}" if error else ""))


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    put(crash_line(error or kind()), Stream.ERROR)


def _is_terminal(stream: Any) -> bool:
    try:
        return stream is not None and bool(stream.isatty())
    except ValueError:
        # It was closed meanwhile.
        return False


def _write(text: str, to: Stream) -> bool:
    stream = getattr(sys, to.value)
    if stream is None:
        return False
    try:
        stream.write(fitting(text, getattr(stream, "encoding", None) or "ascii"))
        stream.flush()
    except (OSError, ValueError) as error:
        _give_up(stream)
        if to is Stream.OUT and isinstance(error, OSError) and error.errno != errno.EPIPE:
            say(f"standard output cannot be written: {error.strerror or error}")
        return False
    return True


def _give_up(stream: Any) -> None:
    """Discard what is still in a stream's buffer, which Python would otherwise report at exit."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)
        stream.flush()
