"""Where files live, and how private ones are written."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import platformdirs

PRIVATE_FILE = 0o600
PRIVATE_DIR = 0o700


def config_dir() -> Path:
    """Where profiles and settings are; STOMPTUI_CONFIG_DIR says another place. Not created."""
    chosen = os.environ.get("STOMPTUI_CONFIG_DIR")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_config_dir("stomptui", appauthor=False))


def state_dir() -> Path:
    """Where the log and the history are; STOMPTUI_STATE_DIR says another place. Not created."""
    chosen = os.environ.get("STOMPTUI_STATE_DIR")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_state_dir("stomptui", appauthor=False))


def typed_path(text: str) -> Path:
    """The path that a person typed, with ~ as their home; a ~name of nobody stays as it is."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def make_private_dir(path: Path) -> None:
    """Create a directory and what is above it; a new one can be entered by its owner alone.

    Raises:
        OSError: It cannot be made.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=PRIVATE_DIR)


def write_private(path: Path, data: bytes) -> None:
    """Replace a file at once: whoever reads it sees the old or the new content whole. The file is 0600.

    A symbolic link stays one, so that a file kept among a person's dotfiles stays there.

    Raises:
        OSError: It cannot be written; the old file is as it was.
    """
    target = Path(os.path.realpath(path))
    make_private_dir(target.parent)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def open_private(path: Path) -> None:
    """Make sure a file that will be appended to exists and is 0600, without emptying it.

    Raises:
        OSError: It cannot be made or is not ours.
    """
    make_private_dir(path.parent)
    handle = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, PRIVATE_FILE)
    try:
        if hasattr(os, "fchmod") and os.path.isfile(path):
            os.fchmod(handle, PRIVATE_FILE)
    finally:
        os.close(handle)
