"""A file that one process has for itself, and that another takes up once that process is gone.

Beside `NAME.SUFFIX` lies `NAME.lock`, which the process holds locked as long as it lives: the system lets go of the
lock of a process however it ended.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from stomptui.config.files.locks import try_lock
from stomptui.config.files.paths import make_folder_of, open_private, write_private
from stomptui.config.files.regular_files import open_regular


class OwnFile:
    """The file of this process, private (0600) and written as a whole. Everything here blocks.

    Args:
        folder: Where it is, made when something is written.
        suffix: The end of its name, with the dot.
        prefix: What the name begins with.
    """

    def __init__(self, folder: Path, suffix: str, prefix: str = "") -> None:
        self.name = f"{prefix}{os.getpid()}-{secrets.token_hex(4)}"
        self.path = folder / f"{self.name}{suffix}"
        self._pattern = f"{prefix}*{suffix}"
        self._prefix = prefix
        self._lock: int | None = None
        self._written = b""

    @property
    def empty(self) -> bool:
        """Whether nothing was written, or nothing last."""
        return not self._written

    def others(self) -> list[Path]:
        """The files of other processes."""
        return [path for path in self.path.parent.glob(self._pattern) if path != self.path]

    def is_left(self, path: Path) -> bool:
        """Whether the process of one of them is gone. Raises `OSError` if its lock cannot be read."""
        try:
            lock = open_regular(path.with_suffix(".lock"), os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            got = try_lock(lock)
            return got if got is not None else _is_gone(path.stem.removeprefix(self._prefix))
        finally:
            os.close(lock)

    def write(self, data: bytes) -> None:
        """Have this in the file; nothing removes it. Raises `OSError`."""
        if self.empty and not data:
            return
        self._hold(self.path.with_suffix(".lock"))
        if data != self._written or not self.path.exists():
            if data:
                write_private(self.path, data)
            else:
                self.path.unlink(missing_ok=True)
            self._written = data

    def close(self) -> bool:
        """Let go of the file, which is another's to take up; with nothing in it, remove its lock as well.

        Returns:
            Whether there was nothing in it.
        """
        if self._lock is None:
            return False
        os.close(self._lock)
        self._lock = None
        if self.empty:
            remove(self.path)
        return self.empty

    def _hold(self, mark: Path) -> None:
        """Say that this process lives, anew if somebody removed the mark."""
        if self._lock is not None and not mark.exists():
            os.close(self._lock)
            self._lock = None
        if self._lock is None:
            make_folder_of(mark)
            open_private(mark)
            self._lock = open_regular(mark, os.O_RDWR)
            try_lock(self._lock)


def remove(path: Path) -> None:
    """Remove the file of a process that is gone, and its lock."""
    path.unlink(missing_ok=True)
    path.with_suffix(".lock").unlink(missing_ok=True)


def _is_gone(name: str) -> bool:
    """Where files cannot be locked: whether there is no process of the number that a name begins with."""
    number = name.partition("-")[0]
    if os.name == "nt" or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
