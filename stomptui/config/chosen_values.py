"""Which set of values fills in variables, as it was chosen last: for each library and each profile.

Only names are kept, in the state directory; the values stay in the library.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from stomptui.config.files.locks import locked
from stomptui.config.files.paths import make_folder_of, state_dir, write_private
from stomptui.config.files.regular_files import read_regular

log = logging.getLogger(__name__)

LARGEST = 256 << 10
"""Bytes of the file."""
MOST = 500
"""Choices that are kept; the ones made longest ago are forgotten."""


def chosen_values_path() -> Path:
    """The path of values.json."""
    return state_dir() / "values.json"


def chosen_values(library: Path, whose: str, path: Path | None = None) -> str:
    """The name of the set that was chosen, "" for none. Blocks; what cannot be read is none.

    Args:
        library: The directory that the sets are kept in.
        whose: The profile, or host and port without one.
        path: The file, None for the usual one.
    """
    return _read(path or chosen_values_path()).get(_key(library, whose), "")


def keep_chosen_values(library: Path, whose: str, name: str, path: Path | None = None) -> None:
    """Remember which set was chosen; blocks.

    Raises:
        OSError: It cannot be written.
    """
    path = path or chosen_values_path()
    make_folder_of(path)
    with locked(path):
        known = _read(path)
        known.pop(_key(library, whose), None)
        if name:
            known[_key(library, whose)] = name
        write_private(path, json.dumps(dict(list(known.items())[-MOST:]), indent=1).encode())


def _key(library: Path, whose: str) -> str:
    return f"{library}\n{whose}"


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(read_regular(path, LARGEST))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s is not read: %s", path, error)
        return {}
    items = found.items() if isinstance(found, dict) else ()
    return {key: name for key, name in items if isinstance(name, str)}
