"""Opening regular files only: a named pipe, a device or a socket could block for ever.

What is wrong is an `OSError` whose `strerror` says it in plain words, as those of the system do.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_KIND_TEXTS = (
    (stat.S_ISDIR, "it is a directory"),
    (stat.S_ISFIFO, "it is a named pipe, not a file"),
    (stat.S_ISCHR, "it is a device, not a file"),
    (stat.S_ISBLK, "it is a device, not a file"),
    (stat.S_ISSOCK, "it is a socket, not a file"),
)
# A named pipe is opened without waiting for its other end, and a terminal does not become our controlling one.
_SAFE_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)


def not_regular(path: Path) -> str | None:
    """What is there in the place of a regular file, in words; None for a regular file, and where there is nothing."""
    try:
        return _kind(path.stat().st_mode)
    except (OSError, ValueError):
        return None


def dangling(path: Path) -> Path | None:
    """The target of a symbolic link whose target does not exist; None for everything else."""
    return Path(os.path.realpath(path)) if os.path.islink(path) and not os.path.exists(path) else None


def unreachable(path: Path) -> str | None:
    """Why it cannot even be seen what is there, in words; None if it can, or if nothing is."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        return str(getattr(error, "strerror", None) or error)
    return None


def open_regular(path: Path, flags: int = os.O_RDONLY, mode: int = 0o600) -> int:
    """Open a regular file, or with O_CREAT make one; returns its descriptor. Never waits.

    Raises:
        OSError: It cannot be opened, or is something else.
    """
    # Checked before it is opened too: opening a device can have effects.
    if kind := not_regular(path):
        raise OSError(errno.EINVAL, kind, str(path))
    handle = os.open(path, flags | _SAFE_FLAGS, mode)
    if kind := _kind(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, kind, str(path))
    return handle


def read_regular(path: Path, most: int) -> bytes:
    """All of a regular file.

    Raises:
        OSError: It cannot be read, is something else, or is larger than `most` bytes.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EINVAL, f"it is larger than {most:,} bytes", str(path))
    return data


def _kind(mode: int) -> str | None:
    return next((text for is_it, text in _KIND_TEXTS if is_it(mode)), None)
