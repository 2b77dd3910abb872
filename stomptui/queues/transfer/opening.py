"""Opening files of messages, and named pipes, for reading."""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from pathlib import Path
from typing import BinaryIO

from stomptui.config.files.regular_files import open_regular
from stomptui.queues.transfer.file_errors import FileError, reason

_WRITER = 1.0
"""Seconds that somebody has to open a named pipe for writing."""


def open_messages(path: Path) -> tuple[BinaryIO, int]:
    """Open a file of messages for reading; it and its size in bytes, 0 where that is not known.

    Raises:
        FileError: It cannot be read, or cannot be a file of messages.
    """
    try:
        file = _from_pipe(path) if is_pipe(path) else os.fdopen(open_regular(path), "rb")
    except OSError as error:
        raise FileError(f"{path} cannot be read: {reason(error)}") from error
    try:
        if problem := _no_messages(file.peek(8)[:8]):
            raise FileError(f"{path} {problem}")
        about = os.fstat(file.fileno())
    except OSError as error:
        file.close()
        raise FileError(f"{path} cannot be read: {reason(error)}") from error
    except FileError:
        file.close()
        raise
    return file, about.st_size if stat.S_ISREG(about.st_mode) else 0


def is_pipe(path: Path) -> bool:
    """Whether a named pipe is there."""
    try:
        return stat.S_ISFIFO(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def open_pipe(path: Path) -> tuple[int, bytes]:
    """Open a named pipe, or a pipe that a shell puts in the place of `<(command)`; its descriptor and its first bytes.

    Raises:
        OSError: It cannot be opened, or nobody writes to it.
    """
    if any(path.is_relative_to(place) for place in ("/dev/fd", "/dev/stdin", "/proc/self/fd")):
        return os.open(path, os.O_RDONLY), b""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    until, first = time.monotonic() + _WRITER, b""
    while not first:
        try:
            first = os.read(handle, 1)
        except BlockingIOError:
            break  # somebody has it open, and has not written yet
        if not first and time.monotonic() > until:
            os.close(handle)
            raise OSError(errno.EINVAL, "it is a named pipe, and nobody writes to it", str(path))
        time.sleep(0.01)
    os.set_blocking(handle, True)
    return handle, first


class _Begun(io.RawIOBase):
    """A descriptor of which the first bytes were read already."""

    def __init__(self, handle: int, first: bytes) -> None:
        self._rest = io.FileIO(handle)
        self._first = first

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._rest.fileno()

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        data, self._first = self._first[: len(buffer)], self._first[len(buffer) :]
        if not data:
            return self._rest.readinto(buffer)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._rest.close()
        super().close()


def _from_pipe(path: Path) -> io.BufferedReader:
    return io.BufferedReader(_Begun(*open_pipe(path)))


def _no_messages(first: bytes) -> str:
    """Why what begins like this is no file of messages; "" if it may be one."""
    if first[:2] in (b"\xff\xfe", b"\xfe\xff") or first[:2].count(b"\0") == 1:
        return "is UTF-16, and messages are UTF-8: iconv -f UTF-16 -t UTF-8 converts it"
    if first[:2] == b"\x1f\x8b":
        return "is compressed by gzip: gunzip unpacks it"
    return ""
