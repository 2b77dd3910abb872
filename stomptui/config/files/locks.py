"""Locks for files that several consoles write, so that none loses what another wrote.

The lock is on the folder, because a file is replaced when it is written; a process that dies lets go of it. Where
folders cannot be locked (Windows, some file systems) it is a file that only one process can make, beside the one it is
about; it names its owner, and is taken over when its owner is gone, or when it is old.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LOCK_TIMEOUT = 5.0
"""Seconds to wait for another process, which needs milliseconds."""
STALE_AFTER = 30.0
"""Seconds after which a lock file counts as left over if its process cannot be checked."""
_PAUSE = 0.01
_LOCKED_ERRORS = (errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK)
_thread_lock = threading.Lock()
"""The lock between the threads of this process."""


def try_lock(handle: int) -> bool | None:
    """Lock an open file for this process until it is closed, without waiting.

    Returns:
        True, False if another process has locked it, or None where files cannot be locked.
    """
    if fcntl is None:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _LOCKED_ERRORS else None
    return True


@contextlib.contextmanager
def locked(path: Path, timeout: float = LOCK_TIMEOUT) -> Iterator[None]:
    """Lock a file against other processes and other threads of this one.

    Args:
        path: The file, in an existing directory.
        timeout: Seconds to wait.

    Raises:
        OSError: It stays locked, or cannot be locked.
    """
    target = Path(os.path.realpath(path))
    until = time.monotonic() + timeout
    if not _thread_lock.acquire(timeout=timeout):
        raise _busy(target)
    try:
        folder = _open_folder(target.parent)
        try:
            while (got := None if folder is None else try_lock(folder)) is False:
                _wait(target, until)
            with contextlib.nullcontext() if got else _lock_file(target, until):
                yield
        finally:
            if folder is not None:
                os.close(folder)
    finally:
        _thread_lock.release()


def _open_folder(folder: Path) -> int | None:
    """A descriptor of a folder; None where folders cannot be opened or locked."""
    if fcntl is None:
        return None
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


@contextlib.contextmanager
def _lock_file(target: Path, until: float) -> Iterator[None]:
    """The lock where the system has none: the process that creates the lock file has it."""
    mark = target.with_name(f".{target.name}.lock")
    while True:
        try:
            handle = os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if _is_stale(mark):
                with contextlib.suppress(FileNotFoundError):
                    mark.unlink()
            else:
                _wait(target, until)
        else:
            break
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{os.getpid()} {socket.gethostname()}")
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            mark.unlink()


def _is_stale(mark: Path) -> bool:
    """Whether the process that made a lock file is gone, as far as that can be known."""
    try:
        number, _, host = mark.read_text(encoding="utf-8").partition(" ")
        old = time.time() - mark.stat().st_mtime > STALE_AFTER
    except (OSError, ValueError):
        return False  # it was removed, or is being written
    if old or host != socket.gethostname() or not number.isdigit() or os.name == "nt":
        return old
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _wait(target: Path, until: float) -> None:
    if time.monotonic() >= until:
        raise _busy(target)
    time.sleep(_PAUSE)


def _busy(target: Path) -> OSError:
    return OSError(errno.EBUSY, "another stomptui is writing it", str(target))
