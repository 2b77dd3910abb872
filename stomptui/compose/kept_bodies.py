"""Bodies of unsent drafts that are too large for a line of JSON: each is in a file of its own, beside the drafts.

A file is written once, however often the draft around the body is changed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from stomptui.config.files.paths import write_private
from stomptui.config.files.regular_files import read_regular

LARGEST = 64 << 20
"""Bytes of a body that is kept."""
ENDING = ".body"


class KeptBodies:
    """The bodies of one console. Everything here blocks, and raises OSError.

    Args:
        folder: Where the files are.
        name: What their names begin with.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._files: dict[int, tuple[str | bytes, str]] = {}
        """The names of the files by the identity of the bodies, which is theirs as long as they are held here."""
        self._used: set[int] = set()

    def keep(self, body: str | bytes) -> Any:
        """Keep a body; what a line of JSON says in its place, None if it is too large."""
        known = self._files.get(id(body))
        if known is None or not (self._folder / known[1]).exists():
            data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
            if len(data) > LARGEST:
                return None
            known = body, f"{self._name}-{hashlib.sha256(data).hexdigest()[:16]}{ENDING}"
            write_private(self._folder / known[1], data)
            self._files[id(body)] = known
        self._used.add(id(body))
        return {"file": known[1], "text": isinstance(body, str)}

    def forget_others(self) -> None:
        """Remove the files of bodies that were not kept since the last time."""
        self._files = {key: known for key, known in self._files.items() if key in self._used}
        self._used.clear()
        names = {name for _, name in self._files.values()}
        for path in self._folder.glob(f"{self._name}-*{ENDING}"):
            if path.name not in names:
                path.unlink(missing_ok=True)


def read_body(folder: Path, name: str, kept: Any) -> str | bytes | None:
    """The body that a line of JSON stands for; None if it is not there.

    Args:
        folder: Where the files are.
        name: What the names of that console's files begin with.
        kept: What the line says in the place of a body.
    """
    file = kept.get("file") if isinstance(kept, dict) else None
    if not isinstance(file, str) or not file.startswith(f"{name}-") or Path(file).name != file:
        return None
    try:
        data = read_regular(folder / file, LARGEST)
        return data.decode("utf-8", "surrogatepass") if kept.get("text") is True else data
    except (OSError, ValueError):
        return None


def remove_bodies(folder: Path, name: str) -> None:
    """Remove the files of a console."""
    for path in folder.glob(f"{name}-*{ENDING}"):
        path.unlink(missing_ok=True)
