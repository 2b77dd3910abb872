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

PATIENCE = 5.0
"""Seconds to wait for another console, which needs milliseconds."""
STALE = 30.0
"""Seconds after which a lock file of a process that nobody can ask about is left over."""
_PAUSE = 0.01
_HELD = (errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK)
_here = threading.Lock()
"""Between the threads of this process."""


def try_lock(handle: int) -> bool | None:
    """Lock an open file for this process, without waiting; it holds until the file is closed.

    Returns:
        False if another process has locked it; None if there are no locks here.
    """
    if fcntl is None:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _HELD else None
    return True


@contextlib.contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Keep other consoles, and other threads of this one, from writing a file meanwhile.

    Args:
        path: The file; its folder is there.
        patience: Seconds to wait.

    Raises:
        OSError: It stays locked, or no lock can be made there.
    """
    target = Path(os.path.realpath(path))
    until = time.monotonic() + patience
    if not _here.acquire(timeout=patience):
        raise _busy(target)
    try:
        folder = _open_folder(target.parent)
        try:
            while (got := None if folder is None else try_lock(folder)) is False:
                _wait(target, until)
            with contextlib.nullcontext() if got else _owned(target, until):
                yield
        finally:
            if folder is not None:
                os.close(folder)
    finally:
        _here.release()


def _open_folder(folder: Path) -> int | None:
    """A descriptor of a folder; None where folders cannot be opened or locked."""
    if fcntl is None:
        return None
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


@contextlib.contextmanager
def _owned(target: Path, until: float) -> Iterator[None]:
    """The same without locks of the system: whoever makes the file has the lock."""
    mark = target.with_name(f".{target.name}.lock")
    while True:
        try:
            handle = os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if _left_over(mark):
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


def _left_over(mark: Path) -> bool:
    """Whether the process that made a lock file is gone, as far as that can be known."""
    try:
        number, _, host = mark.read_text(encoding="utf-8").partition(" ")
        old = time.time() - mark.stat().st_mtime > STALE
    except (OSError, ValueError):
        return False  # it is gone, or being written
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
