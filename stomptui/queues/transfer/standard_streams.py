"""Drain to standard output, and refill from standard input.

A pipe is no disk. What is written into it counts as written, and is acknowledged, once its reader has taken it, as far
as the system tells; what nobody takes stays in the queue. What comes out of a pipe comes once: it is kept in a
private file until it is known to be where it was sent.
"""

from __future__ import annotations

import array
import contextlib
import errno
import os
import select
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from stomptui.config.files.paths import make_private_dir
from stomptui.queues.transfer.file_errors import FileError, reason
from stomptui.queues.transfer.sink import SinkPlace

try:
    import fcntl
    import termios
except ImportError:  # Windows
    fcntl = termios = None  # type: ignore[assignment]

_PART = 64 << 10
_PAUSE = 0.2
"""Seconds after which it is asked again whether to stop."""
_TAKING = 1.0
"""Seconds that a reader has to take what lies in the pipe."""


class StandardOutput:
    """A `MessageSink` that writes to a descriptor; nothing of a batch goes before `sync`.

    Args:
        handle: The descriptor.
        stopped: Asked while nobody reads: why to stop, None to go on.
    """

    place: SinkPlace = SinkPlace.OUTPUT
    note: str | None = None
    spared = False

    def __init__(self, handle: int = 1, stopped: Callable[[], str | None] = lambda: None) -> None:
        self.size = 0
        self._handle = handle
        self._stopped = stopped
        self._pending: list[bytes] = []
        self._sent = 0
        self._mode = os.fstat(handle).st_mode

    def write(self, line: bytes) -> int:
        self._pending.append(line)
        self.size += len(line)
        return self.size

    def sync(self) -> None:
        data = memoryview(b"".join(self._pending))
        self._pending.clear()
        try:
            while data:
                try:
                    count = os.write(self._handle, data[: self._portion()])
                except BlockingIOError:
                    continue  # another process made it so that writing does not wait, and took the room
                self._sent += count
                data = data[count:]
            if stat.S_ISREG(self._mode):
                os.fsync(self._handle)
            elif stat.S_ISFIFO(self._mode):
                self._wait_until_taken()
        except OSError as error:
            raise _unwritten(error) from error

    def cut(self, size: int) -> None:
        self._pending.clear()
        self.size = size
        if self._sent > size:
            raise FileError("standard output takes nothing back")

    def tail(self, lines: int, size: int) -> list[bytes]:
        return []

    def close(self) -> None:
        """Nothing to do: whoever opened the descriptor closes it."""

    def _portion(self) -> int:
        """How many bytes can be written without waiting; waits until some can. Raises FileError when it is to stop."""
        if stat.S_ISREG(self._mode) or os.name == "nt":
            return _PART
        while not select.select([], [self._handle], [], _PAUSE)[1]:
            if self._stopped():
                raise FileError("standard output is not read")
        return select.PIPE_BUF

    def _wait_until_taken(self) -> None:
        """Wait until a pipe is empty. Raises BrokenPipeError if its reader leaves before that."""
        if fcntl is None:
            return
        reader = select.poll()
        reader.register(self._handle, 0)
        until = time.monotonic() + _TAKING
        left = array.array("i", [0])
        while time.monotonic() < until and not self._stopped():
            # Asked first: a reader may take all and leave.
            gone = reader.poll(0)
            fcntl.ioctl(self._handle, termios.FIONREAD, left)
            if not left[0]:
                return
            if gone:
                raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
            time.sleep(0.001)


def keep_input(
    folder: Path, handle: int = 0, first: bytes = b"", stopped: Callable[[], str | None] = lambda: None
) -> Path:
    """Write all that comes by standard input into a new file of a private folder, readable by its owner alone.

    Args:
        folder: Where; it is made.
        handle: The descriptor to read from.
        first: What was read from it already.
        stopped: Asked now and then: why to stop before the end, None to go on.

    Returns:
        The file, which is the caller's to remove.

    Raises:
        FileError: It could not be read or kept; the file is named if something of it was kept.
    """
    try:
        make_private_dir(folder)
        kept, name = tempfile.mkstemp(prefix="refill-", suffix=".jsonl", dir=folder)
    except OSError as error:
        raise FileError(f"standard input cannot be kept in {folder}: {reason(error)}") from error
    path, size = Path(name), 0
    try:
        with os.fdopen(kept, "wb", buffering=0) as file:
            while not stopped():
                if not first and os.name != "nt" and not select.select([handle], [], [], _PAUSE)[0]:
                    continue
                data, first = first or os.read(handle, _PART), b""
                if not data:
                    break
                rest = memoryview(data)
                while rest:
                    rest = rest[file.write(rest) :]
                size += len(data)
            os.fsync(file.fileno())
    except (OSError, KeyboardInterrupt) as error:
        problem = f"cannot be kept: {reason(error)}" if isinstance(error, OSError) else "was not read to its end"
        if not size:
            with contextlib.suppress(OSError):
                path.unlink()
        kept_so_far = f", and what came of it is in {path}" if size else ""
        raise FileError(f"standard input {problem}; nothing was sent{kept_so_far}") from error
    return path


def _unwritten(error: OSError) -> FileError:
    if error.errno in (errno.EPIPE, errno.ECONNRESET):
        return FileError("nobody reads standard output any more")
    return FileError(f"standard output cannot be written: {reason(error)}")
