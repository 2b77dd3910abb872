"""Where profiles, settings, log and history are on disk, and how private files are written."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

from stomptui.config.files.regular_files import not_regular, open_regular

PRIVATE_FILE = 0o600
PRIVATE_DIR = 0o700


def config_dir() -> Path:
    """The directory of profiles and settings; STOMPTUI_CONFIG_DIR overrides it. Not created."""
    return _directory("STOMPTUI_CONFIG_DIR", platformdirs.user_config_dir)


def state_dir() -> Path:
    """The directory of the log and the history; STOMPTUI_STATE_DIR overrides it. Not created."""
    return _directory("STOMPTUI_STATE_DIR", platformdirs.user_state_dir)


def messages_dir() -> Path:
    """The directory of the person's own saved messages. Not created."""
    return config_dir() / "messages"


def directory_problem() -> str | None:
    """Why one of these places cannot be one, in plain words; None if both can."""
    for variable, usual in (("STOMPTUI_CONFIG_DIR", config_dir), ("STOMPTUI_STATE_DIR", state_dir)):
        chosen = os.environ.get(variable)
        if not str(usual()).startswith("~") and not (chosen or "").startswith("~"):
            continue
        if not chosen:
            return f"this user has no home directory: set {variable}"
        if typed_path(chosen) == Path(chosen):
            return f"{variable}={chosen}: there is no user {Path(chosen).parts[0][1:]} with a home directory"
    return None


def _directory(variable: str, usual: Callable[..., str]) -> Path:
    chosen = os.environ.get(variable)
    # Absolute at once, since the working directory may change. `directory_problem` reports a missing home.
    if chosen:
        return Path(os.path.abspath(typed_path(chosen)))
    try:
        return Path(usual("stomptui", appauthor=False))
    except RuntimeError:
        return Path("~")


def typed_path(text: str) -> Path:
    """The path that a person typed, with ~ expanded; an unknown ~name stays as it is."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def make_private_dir(path: Path) -> None:
    """Create a directory and its parents with the mode 0700.

    Raises:
        OSError: It cannot be made.
    """
    missing = [path]
    while not missing[-1].exists() and missing[-1].parent != missing[-1]:
        missing.append(missing[-1].parent)
    for folder in reversed(missing):
        if not folder.is_dir():
            # Another process may create it at the same time.
            try:
                folder.mkdir(mode=PRIVATE_DIR)
            except FileExistsError:
                if not folder.is_dir():
                    raise OSError(errno.ENOTDIR, f"{folder} is no directory", str(folder)) from None


def make_folder_of(path: Path) -> None:
    """Create the directory of a file, but not that of the target of a link, whose disk may not be mounted.

    Raises:
        OSError: It cannot be made.
    """
    target = Path(os.path.realpath(path))
    if path.is_symlink() and not target.parent.is_dir():
        raise OSError(errno.ENOENT, f"it is a link to {target}, where there is no directory", str(path))
    make_private_dir(target.parent)


def write_private(path: Path, data: bytes) -> None:
    """Replace a file atomically; its mode is 0600.

    A symbolic link stays one, so that a file kept among dotfiles stays there.

    Raises:
        OSError: It cannot be written; the old file is as it was.
    """
    target = Path(os.path.realpath(path))
    if kind := not_regular(target):
        raise OSError(errno.EINVAL, kind, str(path))
    make_folder_of(path)
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
    """Create a file that will be appended to, or set its mode to 0600, without emptying it.

    Raises:
        OSError: It cannot be made, is not ours, or is no file.
    """
    if is_null(path):
        return
    make_folder_of(path)
    handle = open_regular(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, PRIVATE_FILE)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(handle, PRIVATE_FILE)
    finally:
        os.close(handle)


def is_null(path: Path) -> bool:
    """Whether a path is /dev/null, or a link to it."""
    try:
        return os.path.samefile(path, os.devnull)
    except OSError:
        return False
