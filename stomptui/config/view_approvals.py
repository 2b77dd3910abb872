"""Which commands of [views] a person agreed to run, for each profile: views.json in the state folder."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from stomptui.config.files.locks import locked
from stomptui.config.files.paths import make_folder_of, state_dir, write_private
from stomptui.config.files.regular_files import read_regular

log = logging.getLogger(__name__)

LARGEST = 1 << 20
"""Bytes of the file."""


class ViewApprovals:
    """Commands that may be run; without a profile they are remembered until the program ends.

    Args:
        path: The file, views.json in the state folder by default.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or state_dir() / "views.json"
        self._known: dict[str, list[str]] | None = None

    def allowed(self, profile: str, command: str) -> bool:
        """Whether a command was agreed to in a profile."""
        if self._known is None:
            self._known = self._read()
        return command in self._known.get(profile, ())

    def allow(self, profile: str, command: str) -> None:
        """Remember that a command was agreed to in a profile.

        Raises:
            OSError: It cannot be written, and is remembered until the program ends.
        """
        known = self._known if self._known is not None else self._read()
        self._known = known
        if command not in known.setdefault(profile, []):
            known[profile].append(command)
        if not profile:
            return
        make_folder_of(self._path)
        with locked(self._path):
            merged = self._read()
            if command not in merged.setdefault(profile, []):
                merged[profile].append(command)
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
            profile: [command for command in commands if isinstance(command, str)]
            for profile, commands in found.items()
            if isinstance(commands, list)
        }
