"""The one way to standard output and standard error: whatever is printed is safe to print, and printing never fails.

Text comes from brokers, files, arguments and the environment. On its way to a terminal it loses everything the terminal
would obey, and what the stream's encoding has no character for is replaced. A stream that is closed, or that nobody
reads any more, is written to no further; what the program does goes on.
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
"""Back to the first column, and the line is empty."""
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
"""What stands for our own signs, cell for cell, where a terminal has ASCII or Latin-1 alone."""


class Stream(enum.Enum):
    OUT = "stdout"
    ERROR = "stderr"


def put(text: str, to: Stream = Stream.OUT, *, keep: str = "", end: str = "\n") -> bool:
    """Print a text.

    Args:
        text: Anything, from anywhere; painted as `clean` makes it.
        to: Where to.
        keep: Control characters of `text` to let through: newlines or tabs of a text of our own.
        end: Comes after it as it is.

    Returns:
        Whether it was written. A stream that cannot be written is written to no further.
    """
    return _write(clean(text, keep) + end, to)


def say(text: str, program: str = "stomptui") -> bool:
    """One line on standard error, headed by the program's name, whatever line breaks the text has."""
    return put(f"{program}: {' '.join(text.split())}", Stream.ERROR)


def put_status(line: str) -> bool:
    """Replace the line that tells on standard error how something goes; "" takes it away."""
    return _write(_ERASE + clean(line), Stream.ERROR)


def ask(question: str) -> str:
    """Ask on standard error; returns the line that comes on standard input, "" at its end."""
    put(question, Stream.ERROR, end="")
    return sys.stdin.readline() if sys.stdin is not None else ""


def ask_secret(question: str) -> str:
    """Ask for what is not shown while it is typed.

    Raises:
        EOFError: There is nobody to answer.
    """
    put(question, Stream.ERROR, end="")
    # Its own prompt would be encoded strictly.
    return getpass.getpass("")


def on_a_terminal() -> bool:
    """Whether there is somebody to ask: standard input and standard error are a terminal."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def is_open(stream: Stream) -> bool:
    return getattr(sys, stream.value) is not None


def error_on_a_terminal() -> bool:
    return _is_terminal(sys.stderr)


def fitting(text: str, encoding: str) -> str:
    """The text with a replacement for each character that the encoding lacks, as wide where it is a sign of our own."""
    try:
        text.encode(encoding)
    except UnicodeError:
        return text.translate(_PLAIN).encode(encoding, "replace").decode(encoding, "replace")
    except LookupError:
        return text.translate(_PLAIN).encode("ascii", "replace").decode()
    return text


def crash_line(crash: BaseException, place: str = "") -> str:
    """What a person reads after a crash: one line, without secrets and without control characters."""
    from stomptui.config.logs import redacted

    text = clean(" ".join(redacted(str(crash)).split()))
    if len(text) > LONGEST_REASON:
        text = text[:LONGEST_REASON] + "…"
    where = f"; the log is at {place}" if place else ""
    return f"stomptui crashed: {type(crash).__name__}: {text or 'no reason given'}{where}"


def guard_process() -> None:
    """Let nothing in this process print in another way: no traceback, no warning, no file in a stream's place.

    Called once, where the process begins. `start_log` sends the same to a file later.
    """
    # A descriptor that is closed would be the next file or socket, and what children print would go there.
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
    """Says what is logged before there is a log file, each in one line."""

    def emit(self, record: logging.LogRecord) -> None:
        from stomptui.config.logs import redacted

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
    """Let what is still in a stream's buffer go nowhere: Python would complain of it on its way out."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)
        stream.flush()
