"""Logging of the connection package and of stomp.py: to the log file only, never to the terminal or with a passcode."""

from __future__ import annotations

import logging
from pathlib import PurePath

LOGGER = logging.getLogger("stomptui")
"""The app's own logger. Silent until the app gives it a file."""


def defect(error: BaseException, doing: str) -> str:
    """Log a defect of ours with its traceback; returns a text with its place: "internal error: ... (x.py, line 3)".

    Args:
        error: The exception, which should not have been raised.
        doing: What failed, for the log: "the queues could not be listed".
    """
    LOGGER.error("%s", doing, exc_info=error)
    place = ""
    trace = error.__traceback__
    while trace is not None:
        name = PurePath(trace.tb_frame.f_code.co_filename)
        if "stomptui" in name.parts or not place:
            place = f"{name.name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"internal error: {error!r}" + (f" ({place})" if place else "")


class _ToOurs(logging.Handler):
    """Passes the records of another logger to ours."""

    def emit(self, record: logging.LogRecord) -> None:
        # DEBUG records of stomp.py hold whole frames, CONNECT with its passcode among them.
        if record.levelno >= logging.INFO:
            LOGGER.getChild("stomp").handle(record)


def tame_stomp_logging() -> None:
    """Keep stomp.py and websocket-client off the terminal. Doing it twice changes nothing."""
    LOGGER.propagate = False
    if not LOGGER.handlers:
        LOGGER.addHandler(logging.NullHandler())
    for name in ("stomp.py", "websocket"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.setLevel(logging.INFO)
        if not any(isinstance(handler, _ToOurs) for handler in logger.handlers):
            logger.addHandler(_ToOurs())
