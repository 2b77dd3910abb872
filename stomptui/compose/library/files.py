"""Reading and writing in the directory of a library, and never outside of it. Everything here blocks."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from stomptui.config.files.paths import make_private_dir, write_private
from stomptui.config.files.regular_files import not_regular, read_regular

ENDING = ".toml"
LARGEST = 1 << 20
"""Bytes of a file with a message."""
LARGEST_BODY = 64 << 20
"""Bytes of a body in a file of its own."""
MOST = 5000
"""Files that are read."""
DEEPEST = 16


class Folder:
    """The directory of a library.

    Args:
        root: The directory.
        private: Whether nobody else may read it: files have the mode 0600 then, and otherwise what the system gives
            new files, since a directory in version control has other readers.
    """

    def __init__(self, root: Path, private: bool) -> None:
        self.root = root
        self.private = private

    def files(self) -> Iterator[Path]:
        """The files that may have a message, in no order; links to directories are not followed.

        Raises:
            OSError: The directory cannot be read.
        """
        try:
            os.scandir(self.root).close()
        except FileNotFoundError:
            return
        count = 0
        for place, folders, names in os.walk(self.root):
            here = Path(place)
            deep = len(here.relative_to(self.root).parts)
            folders[:] = [] if deep >= DEEPEST else sorted(each for each in folders if not each.startswith("."))
            for name in sorted(names):
                if name.casefold().endswith(ENDING) and not name.startswith("."):
                    count += 1
                    if count > MOST:
                        return
                    yield here / name

    def inside(self, path: Path) -> Path:
        """The same path without links.

        Raises:
            OSError: It is not in this directory.
        """
        real = Path(os.path.realpath(path))
        if not real.is_relative_to(os.path.realpath(self.root)):
            raise OSError(errno.EPERM, f"it leads out of the library, to {real}", str(path))
        return real

    def read(self, path: Path, most: int = LARGEST) -> bytes:
        """All of a file. Raises OSError, also for what is no file."""
        return read_regular(self.inside(path), most)

    def write(self, path: Path, data: bytes) -> None:
        """Replace a file at once, or make it. Raises OSError; the old file is as it was then."""
        target = self.inside(path)
        if self.private:
            make_private_dir(target.parent)
            write_private(target, data)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_shared(target, data)

    def remove(self, path: Path) -> None:
        """Remove a file, or the link to it, and the directories that this leaves empty. Raises OSError."""
        self.inside(path)
        path.unlink()
        folder = path.parent
        with contextlib.suppress(OSError):
            while folder != self.root and folder.is_relative_to(self.root):
                folder.rmdir()
                folder = folder.parent


def digest(data: bytes, body: bytes | None) -> str:
    """What tells whether a message was changed on disk."""
    found = hashlib.sha256(data)
    if body is not None:
        found.update(b"\0body\0")
        found.update(body)
    return found.hexdigest()


def _write_shared(target: Path, data: bytes) -> None:
    """As `write_private`, with the mode that the file has or that the system gives a new one."""
    if kind := not_regular(target):
        raise OSError(errno.EINVAL, kind, str(target))
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            os.chmod(draft, stat.S_IMODE(target.stat().st_mode))
        os.replace(draft, target)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
