"""What a person agreed to once and is not asked about again: a file in the state folder."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from stomptui.config.files.locks import locked
from stomptui.config.files.paths import make_folder_of, write_private
from stomptui.config.files.regular_files import read_regular

log = logging.getLogger(__name__)

LARGEST = 1 << 20
"""Bytes of the file."""


class Approvals:
    """What may be done, for each place that asks for it; for a place without a name it is remembered until the end.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, list[str]] | None = None

    def allowed(self, place: str, what: str) -> bool:
        """Whether something was agreed to in a place."""
        if self._known is None:
            self._known = self._read()
        return what in self._known.get(place, ())

    def allow(self, place: str, what: str) -> None:
        """Remember that something was agreed to in a place.

        Raises:
            OSError: It cannot be written, and is remembered until the program ends.
        """
        known = self._known if self._known is not None else self._read()
        self._known = known
        if what not in known.setdefault(place, []):
            known[place].append(what)
        if not place:
            return
        make_folder_of(self._path)
        with locked(self._path):
            merged = self._read()
            if what not in merged.setdefault(place, []):
                merged[place].append(what)
                write_private(self._path, json.dumps(merged, indent=1).encode())

    def _read(self) -> dict[str, list[str]]:
        try:
            found = json.loads(read_regular(self._path, LARGEST))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            log.warning("%s is not read: %s", self._path, error)
            return {}
        if not isinstance(found, dict):
            return {}
        return {
            place: [what for what in agreed if isinstance(what, str)]
            for place, agreed in found.items()
            if isinstance(agreed, list)
        }
