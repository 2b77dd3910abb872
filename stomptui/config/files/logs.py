"""The log file of the app's own troubles: private to its user, and never on the terminal."""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from stomptui.config.files.paths import open_private, state_dir
from stomptui.config.secret_names import MASK, Spans, is_secret, masked, without_secrets_in_urls
from stomptui.protocol.clean import clean

LARGEST = 1 << 20
"""Bytes after which the log file is rotated; one older file is kept."""
_NAMED = re.compile(r"""([\w.-]{2,60})["']?\s?[:=]\s?""")
_VALUE = re.compile(r"""(?x) "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | (?:[^\s\\,}'"] | \\(?!n) | \ (?=\S))+""")
_secrets: set[str] = set()


def default_log_file() -> Path:
    """stomptui.log in the state directory."""
    return state_dir() / "stomptui.log"


def hide_secrets(secrets: Iterable[str]) -> None:
    """Mask these texts in the log from now on; those of less than 4 characters are ignored."""
    _secrets.update(secret for secret in secrets if len(secret) >= 4)


def redacted(text: str) -> str:
    """A text with the known secrets masked, and with what looks like one masked."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = without_secrets_in_urls(text)
    spans: Spans = []
    for named in _NAMED.finditer(text):
        if named.start() >= (spans[-1][1] if spans else 0) and is_secret(named[1]):
            value = _VALUE.match(text, named.end())
            spans += [value.span()] if value else []
    return masked(text, spans)


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        # Text from the wire can neither forge a line, which would need a time, nor control a terminal.
        return clean(redacted(super().format(record)), "\n\t").replace("\n", "\n    ")


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file whose mode is 0600 from the start, also after each rotation."""

    def _open(self):  # type: ignore[no-untyped-def]  # typeshed names the stream's type where Python 3.10 has none
        open_private(Path(self.baseFilename))
        return super()._open()


def start_log(path: Path) -> None:
    """Send all log records and uncaught exceptions to a file.

    Args:
        path: The file; created with the mode 0600, as is its directory.

    Raises:
        OSError: It cannot be written. Records are dropped then, and never go to the terminal.
    """
    root = logging.getLogger()
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    root.addHandler(logging.NullHandler())
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    handler = _PrivateFile(path, maxBytes=LARGEST, backupCount=1, encoding="utf-8", errors="backslashreplace")
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    own = logging.getLogger("stomptui")
    own.propagate = False
    for logger in (root, own):
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    # Below WARNING stomp.py writes whole frames, the CONNECT frame with its passcode included.
    for name in ("stomp", "stomp.py", "websocket", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def stop_log() -> None:
    """Close the files that `start_log` opened."""
    for logger in (logging.getLogger(), logging.getLogger("stomptui")):
        for handler in [h for h in logger.handlers if isinstance(h, _PrivateFile)]:
            logger.removeHandler(handler)
            handler.close()


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("stomptui").error("uncaught", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    name = args.thread.name if args.thread else "a thread"
    if args.exc_value is not None:
        logging.getLogger("stomptui").error(
            "uncaught in %s", name, exc_info=(args.exc_type, args.exc_value, args.exc_traceback)
        )
