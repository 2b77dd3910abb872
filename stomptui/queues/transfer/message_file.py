"""Files of messages, as `protocol.jsonl` writes them: nothing counts as written before it is on the disk."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from stomptui.config.locks import try_lock
from stomptui.config.paths import PRIVATE_FILE
from stomptui.config.regular_files import dangling, not_regular, open_regular
from stomptui.connection.errors import SessionError
from stomptui.protocol.frame import Frame
from stomptui.protocol.jsonl import MARK, FileMessage, JsonlError, to_line

Mode = Literal["new", "append", "overwrite"]
"""What to do with a file that is there: refuse it, go on at its end, or empty it once there is something to write."""

BUFFER = 1 << 20
_CHUNK = 64 << 10
_WRITER = 1.0
"""Seconds that somebody has to open a named pipe for writing."""
_OURS = b'{"destination": '


class FileError(SessionError):
    """A file cannot be read or written; says which and why."""


Place = Literal["in the file", "on standard output"]
IN_FILE: Place = "in the file"
ON_OUTPUT: Place = "on standard output"


class MessageSink(Protocol):
    """Where messages are kept, one line each; `MessageFile` is one. All methods may raise `FileError`."""

    size: int
    """Bytes of what was taken, and of what was there before."""
    place: Place
    """Where what was written is."""
    note: str
    """What had to be done with what was there, "" if nothing."""
    spared: bool
    """Whether something that was there and is to make room is there still, as nothing was written yet."""

    def write(self, line: bytes) -> int:
        """Take a whole line; returns the size with it."""

    def sync(self) -> None:
        """All that was taken survives a power cut when this returns."""

    def cut(self, size: int) -> None:
        """Let go of all that was taken after that size, whatever became of it."""

    def tail(self, lines: int, size: int) -> list[bytes]:
        """The last lines of what was there before: so many, and so many bytes, at most."""

    def close(self) -> None: ...


class MessageFile:
    """A file that messages are written to, readable by its owner alone (0600).

    Args:
        path: A regular file, or none yet.
        mode: What to do if it is there. In a file that is gone on with, a line that was cut off is removed: whoever
            wrote it died before the message was acknowledged.

    Raises:
        FileError: It cannot be written, is there already, or holds something else.
    """

    def __init__(self, path: Path, mode: Mode = "new") -> None:
        self.path = path
        self.place: Place = IN_FILE
        self.note = ""
        self.spared = False
        self._mode = mode
        self._pending: list[bytes] = []
        self._waiting = 0
        self._entered = False
        self._made = mode == "new" or not os.path.exists(path)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | (os.O_EXCL if mode == "new" else 0)
        if mode != "new" and (kind := not_regular(path)) and not os.path.isdir(path):
            raise FileError(f"{path} is no file on a disk: messages would not be safe there ({kind})")
        if mode != "new" and (target := dangling(path)) is not None:
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

    def _prepared(self, mode: Mode) -> int:
        """Make sure that it is ours to write; returns its size."""
        if try_lock(self._file) is False:
            raise FileError(f"{self.path} is being written by another process")
        if hasattr(os, "fchmod"):
            os.fchmod(self._file, PRIVATE_FILE)
        if mode == "overwrite":
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
            self.note = "a line that was cut off was removed from its end: its message was not acknowledged"
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
                _sync_folder(self.path.parent)
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
        if self._mode != "append":
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
            return FileError(f"{self.path} is there already")
        return FileError(f"{self.path} cannot be written: {reason(error)}")


def save(
    path: Path,
    frames: Iterable[Frame],
    destination: str = "",
    overwrite: bool = False,
    as_sent: Callable[[str], str] = str,
) -> int:
    """Write messages to a file of their own, whole or not at all.

    Args:
        path: The file.
        frames: The messages, in order.
        destination: Where a refill sends them; where each says itself by default.
        overwrite: Whether a file that is there may be replaced.
        as_sent: What SEND calls a destination that a MESSAGE names.

    Returns:
        Its size in bytes.

    Raises:
        FileError: It could not be done; a file that was there is as it was.
    """
    # A link is followed only where what is there may be replaced.
    target = Path(os.path.realpath(path)) if overwrite else path
    if overwrite and os.path.exists(target) and not os.path.isfile(target):
        raise FileError(f"{path} is no file on a disk")
    place = target.with_name(f".{target.name}.{os.getpid()}") if overwrite else target
    file = MessageFile(place)
    try:
        for frame in frames:
            named = frame.get("destination") or ""
            file.write(to_line(frame, destination or (as_sent(named) if frame.command == "MESSAGE" else named)))
        file.sync()
        if overwrite:
            os.replace(place, target)
            _sync_folder(target.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            place.unlink()
        if isinstance(error, OSError):
            raise FileError(f"{path} cannot be written: {reason(error)}") from error
        if isinstance(error, JsonlError):
            raise FileError(str(error)) from error
        raise
    finally:
        file.close()
    return file.size


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


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # there a folder cannot be opened, and the name of a file is as safe as the file
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def reason(error: OSError) -> str:
    known = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
        errno.EFBIG: "the file may not become larger",
        errno.EACCES: "no permission",
        errno.EPERM: "no permission",
        errno.EISDIR: "it is a directory",
        errno.EROFS: "the disk is read-only",
        errno.ENOENT: "there is no such file or directory",
        errno.ENOTDIR: "there is no such directory",
    }
    return known.get(error.errno or 0, error.strerror or str(error))
