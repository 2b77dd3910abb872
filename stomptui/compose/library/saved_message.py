"""A saved message, and what a list of them shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from stomptui.compose.draft import Draft


class LibraryError(Exception):
    """Something cannot be done in a library; the text says why, to a person."""


class ChangedOnDisk(LibraryError):
    """A file is not what it was when it was read."""


@dataclass(frozen=True)
class SavedMessage:
    """A message with what it is called.

    Args:
        name: Its name, as the person wrote it.
        draft: The message itself.
        folder: Its directory in the library, with slashes between several; "" for the library itself.
        description: What it is for, "" if nobody wrote that.
    """

    name: str
    draft: Draft = field(default_factory=Draft)
    folder: str = ""
    description: str = ""

    @property
    def title(self) -> str:
        """Folder and name."""
        return _title(self.folder, self.name)


@dataclass(frozen=True)
class Entry:
    """A file of a library as a list shows it.

    Args:
        path: The file.
        message: What is in it; without a body that has a file of its own. None if it cannot be read.
        folder: As of `SavedMessage`.
        body_file: The file of its body, None if the body is in the file itself.
        problem: Why it cannot be read, "" if it can.
        note: What else is to be said of it, "" if nothing.
    """

    path: Path
    message: SavedMessage | None
    folder: str = ""
    body_file: Path | None = None
    problem: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """Its name; that of the file where the file cannot be read."""
        return self.message.name if self.message is not None else self.path.name

    @property
    def title(self) -> str:
        """Folder and name."""
        return _title(self.folder, self.name)


def _title(folder: str, name: str) -> str:
    """Folder and name, where a slash parts them: a name with a slash in it is quoted."""
    quoted = f'"{name}"' if "/" in name else name
    return f"{folder}/{quoted}" if folder else quoted
