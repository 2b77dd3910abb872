"""A file that a drain writes messages to: nothing counts as written before it is on the disk."""

from __future__ import annotations

import contextlib
import enum
import os
from pathlib import Path

from stomptui.config.files.locks import try_lock
from stomptui.config.files.paths import PRIVATE_FILE
from stomptui.config.files.regular_files import dangling, not_regular, open_regular
from stomptui.protocol.jsonl import MARK, FileMessage, JsonlError
from stomptui.queues.transfer.file_errors import FileError, reason
from stomptui.queues.transfer.sink import SinkPlace


class FileMode(enum.Enum):
    """What to do with a file that exists."""

    NEW = "new"
    """Refuse it."""
    APPEND = "append"
    """Go on at its end."""
    OVERWRITE = "overwrite"
    """Empty it, once there is something to write."""


BUFFER = 1 << 20
"""Bytes of lines that are written at once."""
_CHUNK = 64 << 10
_OURS = b'{"destination": '


class MessageFile:
    """A file that messages are written to, readable by its owner alone (0600).

    Args:
        path: A regular file, or none yet.
        mode: What to do if it is there. A last line that was cut off is removed before more is appended: whoever wrote
            it died before the message was acknowledged.

    Raises:
        FileError: It cannot be written, exists already, or holds something else.
    """

    def __init__(self, path: Path, mode: FileMode = FileMode.NEW) -> None:
        self.path = path
        self.place: SinkPlace = SinkPlace.FILE
        self.note: str | None = None
        self.spared = False
        self._mode = mode
        self._pending: list[bytes] = []
        self._waiting = 0
        self._entered = False
        self._made = mode == FileMode.NEW or not os.path.exists(path)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | (os.O_EXCL if mode == FileMode.NEW else 0)
        if mode != FileMode.NEW and (kind := not_regular(path)) and not os.path.isdir(path):
            raise FileError(f"{path} is no file on a disk: messages would not be safe there ({kind})")
        if mode != FileMode.NEW and (target := dangling(path)) is not None:
            raise FileError(f"{path} is a link to {target}, which is not there")
        try:
            self._file = open_regular(path, flags, PRIVATE_FILE)
        except OSError as error:
            raise self._problem(error) from error
        try:
            self.size = self._prepared(mode)
        except OSError as error:
            os.close(self._file)
            raise self._problem(error) from error
        except BaseException:
            os.close(self._file)
            raise

    def _prepared(self, mode: FileMode) -> int:
        """Lock it, and make it private; returns its size."""
        if try_lock(self._file) is False:
            raise FileError(f"{self.path} is being written by another process")
        if hasattr(os, "fchmod"):
            os.fchmod(self._file, PRIVATE_FILE)
        if mode == FileMode.OVERWRITE:
            self.spared = os.fstat(self._file).st_size > 0
            return 0
        return self._mended()

    def _mended(self) -> int:
        """Make the last line whole; returns the size then."""
        size = os.fstat(self._file).st_size
        start, last = self._last_line(size)
        last = last.removeprefix(MARK)
        if not last.strip():
            return size
        try:
            FileMessage.from_line(last)
        except JsonlError as error:
            if last.endswith(b"\n") or not last.startswith(_OURS):
                raise FileError(f"{self.path} holds something else: its last line is no message ({error})") from error
            os.ftruncate(self._file, start)
            self.note = "A line that was cut off was removed from its end: its message was not acknowledged."
            return start
        if not last.endswith(b"\n"):
            self._write(b"\n")
            return size + 1
        return size

    def _last_line(self, size: int) -> tuple[int, bytes]:
        """Where the last line begins, and it."""
        parts: list[bytes] = []
        start = size
        while start:
            begin = max(0, start - _CHUNK)
            os.lseek(self._file, begin, os.SEEK_SET)
            chunk = os.read(self._file, start - begin)
            cut = (chunk if parts else chunk[:-1]).rfind(b"\n")
            parts.append(chunk[cut + 1 :])
            if cut >= 0:
                start = begin + cut + 1
                break
            start = begin
        return start, b"".join(reversed(parts))

    def write(self, line: bytes) -> int:
        self._pending.append(line)
        self._waiting += len(line)
        self.size += len(line)
        if self._waiting >= BUFFER:
            self._flush()
        return self.size

    def sync(self) -> None:
        self._flush()
        try:
            os.fsync(self._file)
            if not self._entered:
                # The name of a new file has to survive too.
                sync_folder(self.path.parent)
                self._entered = True
        except OSError as error:
            raise self._problem(error) from error

    def cut(self, size: int) -> None:
        self._pending.clear()
        self._waiting = 0
        self.size = size
        if self.spared:
            return
        try:
            if os.fstat(self._file).st_size > size:
                os.ftruncate(self._file, size)
        except OSError as error:
            raise self._problem(error) from error

    def tail(self, lines: int, size: int) -> list[bytes]:
        if self._mode != FileMode.APPEND:
            return []
        try:
            start = max(0, self.size - size)
            os.lseek(self._file, start, os.SEEK_SET)
            parts: list[bytes] = []
            while data := os.read(self._file, BUFFER):
                parts.append(data)
        except OSError as error:
            raise self._problem(error) from error
        found = b"".join(parts).split(b"\n")
        return found[start > 0 :][-lines - 1 : -1]

    def close(self) -> None:
        """Close it; a file that was made for nothing is removed."""
        if self._file < 0:
            return
        empty = self._made and not os.fstat(self._file).st_size
        os.close(self._file)
        self._file = -1
        if empty:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _flush(self) -> None:
        data = b"".join(self._pending)
        self._pending.clear()
        self._waiting = 0
        if not data:
            return
        try:
            if self.spared:
                os.ftruncate(self._file, 0)
                self.spared = False
            self._write(data)
        except OSError as error:
            raise self._problem(error) from error

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest) :]

    def _problem(self, error: OSError) -> FileError:
        if isinstance(error, FileExistsError):
            return FileError(f"{self.path} exists already")
        return FileError(f"{self.path} cannot be written: {reason(error)}")


def sync_folder(folder: Path) -> None:
    """Make names in a folder survive a power cut. Raises `OSError`."""
    if os.name == "nt":
        return  # there a folder cannot be opened, and the name of a file is as safe as the file
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
