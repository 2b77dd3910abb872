"""What goes wrong with files of messages, in plain words."""

from __future__ import annotations

import errno

from stomptui.connection.errors import SessionError


class FileError(SessionError):
    """A file cannot be read or written; says which and why."""


def reason(error: OSError) -> str:
    """Why the system refused something about a file, in plain words."""
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
