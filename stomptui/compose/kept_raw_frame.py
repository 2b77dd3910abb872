"""The raw frame that is being typed, kept on disk: a crash, a kill or a restart does not lose it.

Each console has a file of its own, beside that of its drafts.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

from stomptui.compose.raw_frame import to_bytes
from stomptui.config.files.locks import locked
from stomptui.config.files.own_file import OwnFile, remove
from stomptui.config.files.regular_files import read_regular
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
        self._file = OwnFile(folder or Path(), ".txt", "raw-")

    def take_up(self) -> str:
        """The newest raw frame of the consoles that are gone, "" without one; it is this console's from now on.

        Raises:
            OSError: The folder or a file in it cannot be read.
        """
        if self._folder is None or not self._folder.is_dir():
            return ""
        with self._busy, locked(self._folder / "drafts"):
            left = sorted(filter(self._file.is_left, self._file.others()), key=lambda path: path.stat().st_mtime)
            if not left:
                return ""
            text = read_regular(left[-1], LARGEST).decode("utf-8", "replace")
            self._file.write(text.encode("utf-8", "replace"))
            # Those before it stay for the consoles after this one.
            remove(left[-1])
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
                kept = "" if wish == "not at all" else without_secrets(text, keeps_bodies(wish))
                self._file.write(kept.encode("utf-8", "replace"))
        except OSError as error:
            return f"what you type is not kept on disk: {error.strerror}: {self._folder}"
        return None

    def close(self) -> None:
        """Let go of the file; what is in it is taken up by the next console."""
        with self._busy:
            self._file.close()
