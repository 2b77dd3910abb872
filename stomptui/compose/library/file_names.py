"""Names of files and directories made from what a person calls a message, safe on every system."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable

LONGEST = 60
"""Characters of a name that is made."""
LONGEST_BYTES = 180
"""Bytes of it: most file systems take 255, and an ending and a number come after it."""
DEEPEST = 8
"""Directories in directories."""
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", "clock$", *(f"{device}{number}" for device in ("com", "lpt") for number in range(10)))
)
"""What Windows takes for a device, whatever its ending."""
_FORBIDDEN = frozenset('<>:"/\\|?*')


def file_name(name: str) -> str:
    """The name of a file, without its ending: small letters, digits and dashes."""
    kept = "".join(char if char.isalnum() or char in "-_" else "-" for char in unicodedata.normalize("NFC", name))
    words = [word for word in kept.lower().split("-") if word]
    return _not_reserved(_cut("-".join(words)).strip("-") or "message")


def folder_name(folder: str) -> str:
    """A directory as it can be made anywhere: each part without what Windows forbids, and none that leads elsewhere.

    Raises:
        ValueError: There are too many parts.
    """
    parts = [part for part in map(_folder_part, folder.replace("\\", "/").split("/")) if part]
    if len(parts) > DEEPEST:
        raise ValueError(f"at most {DEEPEST} folders in each other are possible")
    return "/".join(parts)


def free_name(name: str, taken: Iterable[str]) -> str:
    """A name, with a number if another differs from it by nothing but capital letters."""
    known = {same_file(other) for other in taken}
    numbered = itertools.chain((name,), (f"{name}-{number}" for number in itertools.count(2)))
    return next(each for each in numbered if same_file(each) not in known)


def same_file(name: str) -> str:
    """What is equal for two names that some systems take for one file."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _folder_part(part: str) -> str:
    kept = "".join(
        char for char in unicodedata.normalize("NFC", part) if char.isprintable() and char not in _FORBIDDEN
    ).strip(" .")
    return _not_reserved(_cut(kept).rstrip(" .")) if kept else ""


def _cut(name: str) -> str:
    return name[:LONGEST].encode("utf-8", "ignore")[:LONGEST_BYTES].decode("utf-8", "ignore")


def _not_reserved(name: str) -> str:
    return f"{name}-message" if name.partition(".")[0].strip().casefold() in _RESERVED else name
