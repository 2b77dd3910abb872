"""The history: drafts that were sent, kept on disk as JSON lines that only their owner can read."""

from __future__ import annotations

import codecs
import errno
import hashlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from stomptui.compose.draft import Draft
from stomptui.compose.draft_lines import draft_line, draft_of, is_cut
from stomptui.config.files.locks import locked
from stomptui.config.files.paths import is_null, make_folder_of, open_private, write_private
from stomptui.config.files.regular_files import open_regular
from stomptui.config.settings import DraftsKept

LIMIT = 200
"""Drafts kept."""
LARGEST_FILE = 512 << 20
"""Bytes of a file that is read: twice as many drafts as are kept, of the largest bodies, are fewer."""


class History:
    """Sent drafts, oldest first, at most `limit` of them; those of other consoles that use the file come with `add`.

    Values of headers that are secrets go to the disk masked, and `checks.problems` asks for them again.
    Reading and writing block: call `load` and `add` off the event loop.

    Args:
        path: The file, made with its directory when something is kept; None keeps nothing on disk.
        limit: How many drafts are kept.
        wish: Returns what is kept of a draft on disk.
    """

    def __init__(
        self, path: Path | None = None, limit: int = LIMIT, wish: Callable[[], DraftsKept] = lambda: "whole"
    ) -> None:
        self.path = path
        self.wish = wish
        self.limit = limit
        self.drafts: list[Draft] = []
        self._busy = threading.Lock()
        self._file = 0
        """Which file was read, as the system numbers them: another takes its place when it is shortened."""
        self._read = self._lines = 0
        """How much of it, in bytes and in lines."""
        self._known: set[bytes] = set()
        """The lines that were read or written, so that none is taken for another console's."""

    def destinations(self) -> list[str]:
        """Where drafts were sent to, the newest first."""
        return list(dict.fromkeys(draft.destination for draft in list(self.drafts)[::-1]))

    def load(self) -> list[str]:
        """Read the file.

        Returns:
            What could not be read, in one line of words at most; the rest is there all the same.
        """
        if self.path is None or is_null(self.path):
            return []
        try:
            with self._busy, os.fdopen(open_regular(self.path), "rb") as file:
                faults: list[str] = []
                self.drafts = self._others(file, faults)[-self.limit :]
                return faults if len(faults) < 2 else [f"{faults[0]}, and {len(faults) - 1:,} more like it"]
        except FileNotFoundError:
            return []
        except OSError as error:
            return [f"the history of sent messages cannot be read: {error.strerror}: {self.path}"]

    def add(self, draft: Draft) -> str | None:
        """Keep a draft that was sent. The same as the last one again is kept once.

        Returns:
            Why it could not be kept on disk, None if it was.
        """
        with self._busy:
            if self.drafts and self.drafts[-1] == draft:
                return None
            problem = None
            try:
                if self.path is not None and not is_null(self.path) and (wish := self.wish()) != "not at all":
                    self.drafts += self._write(self.path, draft_line(draft, wish == "whole"))
            except OSError as error:
                problem = f"the history of sent messages cannot be written: {error.strerror}: {self.path}"
            self.drafts.append(draft.copy())
            del self.drafts[: -self.limit]
            return problem

    def _write(self, path: Path, line: bytes) -> list[Draft]:
        """Add a line at the end of the file; returns the drafts that others added before it."""
        make_folder_of(path)
        with locked(path):
            open_private(path)
            with os.fdopen(open_regular(path, os.O_RDWR | os.O_APPEND), "r+b", buffering=0) as file:
                found = self._others(file, [])
                size = os.fstat(file.fileno()).st_size
                # A console that died while it wrote left a line without its end.
                file.seek(max(0, size - 1))
                begin = b"" if file.read(1) in (b"", b"\n") else b"\n"
                try:
                    _write_all(file, begin + line)
                except OSError:
                    file.truncate(size)
                    raise
                self._read, self._lines = size + len(begin + line), self._lines + 1
                self._known.add(_digest(line))
                shortened = self._shortened(file) if self._lines > 2 * self.limit else None
            if shortened is not None:
                write_private(path, shortened)
                about = path.stat()
                self._file, self._read, self._lines = about.st_ino, about.st_size, shortened.count(b"\n")
        return found

    def _shortened(self, file: BinaryIO) -> bytes:
        """The last lines, whoever wrote them."""
        file.seek(0)
        return b"".join(line + b"\n" for line in file.read().splitlines()[-self.limit :])

    def _others(self, file: BinaryIO, faults: list[str]) -> list[Draft]:
        """The drafts of lines that were not read before."""
        about = os.fstat(file.fileno())
        known: set[bytes] = set()
        if about.st_ino != self._file or about.st_size < self._read:
            self._file, self._read, self._lines = about.st_ino, 0, 0
            known = set(self._known)
        if about.st_size - self._read > LARGEST_FILE:
            raise OSError(errno.EINVAL, f"it is larger than {LARGEST_FILE:,} bytes")
        file.seek(self._read)
        data = file.read()
        if not self._read:
            # A Windows editor puts it there.
            self._read, data = len(data), data.removeprefix(codecs.BOM_UTF8)
        else:
            self._read += len(data)
        drafts = []
        for line in data.splitlines():
            self._lines += 1
            digest = _digest(line)
            if not line.strip() or digest in known:
                continue
            self._known.add(digest)
            place = f"line {self._lines} of {self.path}"
            try:
                kept = json.loads(line)
                drafts.append(draft_of(kept))
                if is_cut(kept):
                    faults.append(f"{place}: the body was too large to be kept")
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                faults.append(f"{place} is no draft: left out")
        return drafts


def _write_all(file: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def _digest(line: bytes) -> bytes:
    return hashlib.sha256(line.strip()).digest()
