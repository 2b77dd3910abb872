"""Which words complete what is typed, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

MOST = 100
"""Words offered at a time."""
INSIDE = 2
"""Characters from which on a word is also found by its middle."""


class Offered(NamedTuple):
    """A word that may be meant."""

    text: str
    about: str = ""
    """What it means, "" if it speaks for itself."""
    becomes: str = ""
    """What the whole text becomes once it is taken, where that is not the word."""
    cursor: int | None = None
    """Where the cursor is then, None for the end."""

    @property
    def whole(self) -> str:
        """What the whole text becomes once it is taken."""
        return self.becomes or self.text


def matching(typed: str, offered: Iterable[str]) -> list[Offered]:
    """The words that go on from what is typed, then those that do in other letters, then those that hold it.

    Args:
        typed: What is typed; with nothing typed everything fits.
        offered: The words, the likeliest first; a mapping also has what each means.
    """
    meanings = offered if isinstance(offered, Mapping) else {}
    folded = typed.casefold()
    exactly: list[str] = []
    nearly: list[str] = []
    inside: list[str] = []
    for text in dict.fromkeys(offered):
        if text == typed:
            continue
        if text.startswith(typed):
            exactly.append(text)
        elif (other := text.casefold()).startswith(folded):
            nearly.append(text)
        elif len(typed) >= INSIDE and folded in other:
            inside.append(text)
    return [Offered(text, meanings.get(text, "")) for text in [*exactly, *nearly, *inside][:MOST]]


def matching_paths(typed: str) -> list[Offered]:
    """The entries of a directory that go on from a typed path, directories with a slash. Reads the disk."""
    head, slash, start = typed.rpartition("/")
    if not slash and start.startswith("~"):
        return []
    try:
        entries = sorted(Path(head + slash or ".").expanduser().iterdir())
    except (OSError, ValueError, RuntimeError):
        return []
    found = [
        entry
        for entry in entries
        if entry.name.startswith(start) and (start or not entry.name.startswith(".")) and entry.name != start
    ]
    # A directory that is typed without its slash goes on with it.
    found += [entry for entry in entries if start and entry.name == start and _is_directory(entry)]
    return [
        Offered(head + slash + entry.name + ("/" if directory else ""), "directory" if directory else "")
        for entry in found[:MOST]
        for directory in (_is_directory(entry),)
    ]


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
