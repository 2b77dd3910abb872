"""The raw frame that is being typed, kept on disk: a crash, a kill or a restart does not lose it.

Each console has a file of its own, `raw-NAME.txt`, beside those of its drafts, and holds a lock on it as long as it
lives; see `kept_drafts`.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from stomptui.compose.kept_drafts import is_left
from stomptui.compose.raw_frame import to_bytes
from stomptui.config.files.locks import locked, try_lock
from stomptui.config.files.paths import make_folder_of, open_private, write_private
from stomptui.config.files.regular_files import open_regular, read_regular
from stomptui.config.secret_names import MASK, secret_spans
from stomptui.config.secret_names import without_secrets as value_without_secrets
from stomptui.config.settings import DraftsKept, keeps_bodies
from stomptui.protocol.escapes import unescape

LARGEST = 4 << 20
"""Bytes of a file that is read."""
_LINE_END = re.compile("[\n\r\0]")


def without_secrets(text: str, bodies: bool = True) -> str:
    """A raw frame as it is kept: the secrets of its headers masked.

    Args:
        text: In the notation of `raw_frame`.
        bodies: Whether bodies are kept as well.
    """
    kept: list[str] = []
    in_head = True
    for line in text.split("\n"):
        # Behind the NUL of a frame the next one begins.
        begins = b"\0" in to_bytes(line)
        if in_head:
            kept.append(_header(line))
            in_head = line not in ("", "^M") or not any(kept)
        elif bodies or begins:
            kept.append(line if bodies else line[max(line.rfind("^@"), line.rfind("^x00")) :])
        in_head = in_head or begins
    return "\n".join(kept)


def _header(line: str) -> str:
    """A line of a head without the secrets that it has as it is typed, and as it goes out."""
    name, colon, value = line.partition(":")
    without = value_without_secrets(name, value)
    if without == value:
        sent = _LINE_END.split(to_bytes(line).decode("utf-8", "surrogateescape"))
        pairs = ([unescape(part, "1.2", []) for part in each.split(":", 1)] for each in sent if ":" in each)
        without = MASK if any(secret_spans(*pair) for pair in pairs) else value
    return name + colon + without


class KeptRawFrame:
    """The raw frame of one console. Everything here blocks: call it off the event loop.

    Args:
        folder: Where the file is, made when something is kept; None keeps nothing.
        wish: Returns what is kept of drafts.
    """

    def __init__(self, folder: Path | None, wish: Callable[[], DraftsKept] = lambda: "whole") -> None:
        self._folder = folder
        self._wish = wish
        self._busy = threading.Lock()
        self._name = f"raw-{os.getpid()}-{secrets.token_hex(4)}"
        self._lock: int | None = None
        self._kept = ""

    def take_up(self) -> str:
        """The newest raw frame of the consoles that are gone, "" without one; it is this console's from now on.

        Raises:
            OSError: The folder or a file in it cannot be read.
        """
        if self._folder is None or not self._folder.is_dir():
            return ""
        with self._busy, locked(self._folder / "drafts"):
            left = [path for path in self._folder.glob("raw-*.txt") if path.stem != self._name and is_left(path)]
            left.sort(key=lambda path: path.stat().st_mtime)
            if not left:
                return ""
            text = read_regular(left[-1], LARGEST).decode("utf-8", "replace")
            self._write(text)
            # Those before it stay for the consoles after this one.
            left[-1].unlink(missing_ok=True)
            left[-1].with_suffix(".lock").unlink(missing_ok=True)
        return text

    def keep(self, text: str) -> str | None:
        """Keep this instead of what was kept before; "" leaves nothing behind.

        Returns:
            Why it could not be kept, None if it was.
        """
        if self._folder is None:
            return None
        try:
            with self._busy:
                wish = self._wish()
                self._write("" if wish == "not at all" else without_secrets(text, keeps_bodies(wish)))
        except OSError as error:
            return f"what you type is not kept on disk: {error.strerror}: {self._folder}"
        return None

    def close(self) -> None:
        """Let go of the file; what is in it is taken up by the next console."""
        with self._busy:
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None
                if not self._kept and self._folder is not None:
                    (self._folder / f"{self._name}.lock").unlink(missing_ok=True)

    def _write(self, text: str) -> None:
        if text == self._kept:
            return
        assert self._folder is not None
        path = self._folder / f"{self._name}.txt"
        if self._lock is None:
            mark = path.with_suffix(".lock")
            make_folder_of(mark)
            open_private(mark)
            self._lock = open_regular(mark, os.O_RDWR)
            try_lock(self._lock)
        if text:
            write_private(path, text.encode("utf-8", "replace"))
        else:
            path.unlink(missing_ok=True)
        self._kept = text
