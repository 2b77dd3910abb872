"""settings.toml: theme, last connection, limits of the journal, keys. Passwords are never in it."""

from __future__ import annotations

import copy
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from stomptui.config.locks import locked
from stomptui.config.paths import config_dir, make_folder_of, write_private
from stomptui.config.regular_files import read_regular
from stomptui.config.unknown_keys import unknown_keys

LARGEST = 1 << 20
"""Bytes of a file of settings."""


@dataclass
class Settings:
    """The settings, with their defaults."""

    theme: str = "tokyo-night"
    last_profile: str = ""
    """The profile the person was connected by last, "" if it was none: a start without a word connects by it again."""
    last_url: str = ""
    """Where the person was connected last, without password."""
    journal_bytes: int = 256 << 20
    """How many bytes of frames are kept; the oldest go first."""
    journal_frames: int = 1_000_000
    peek_hold: int = 30
    """Seconds that a peek holds messages before they go back by themselves."""
    secret_names: list[str] = field(default_factory=list)
    """Names of headers that carry secrets beside those known, `!name` for one that does not."""
    keys: dict[str, str] = field(default_factory=dict)
    """Keys of the person's own, by the names in the README: "console.peek" = "P"; several with commas between."""

    def __post_init__(self) -> None:
        self.unknown = ""
        """One sentence about keys of the file that nothing reads, "" if there are none."""
        self._known = {
            item.name: item.default if item.default_factory is MISSING else item.default_factory()
            for item in fields(self)
        }

    def as_saved(self) -> None:
        """Take note that the values are those of the file."""
        self._known = {item.name: copy.copy(getattr(self, item.name)) for item in fields(self)}

    def changes(self) -> dict[str, Any]:
        """What is different from the file as it was when this console read or wrote it last."""
        return {name: getattr(self, name) for name, known in self._known.items() if getattr(self, name) != known}

    def problem(self) -> str:
        """What is wrong with the values, "" if nothing is."""
        if not 1 << 20 <= self.journal_bytes <= 1 << 40:
            return "journal_bytes is a number from 1048576 to 1099511627776 (1 TiB)"
        if not 100 <= self.journal_frames <= 1 << 31:
            return "journal_frames is a number from 100 to 2147483648"
        if not 2 <= self.peek_hold <= 300:
            return "peek_hold is a number of seconds from 2 to 300"
        if not all(isinstance(name, str) for name in self.secret_names):
            return 'secret_names is a list of names, such as ["customer-number", "!code"]'
        if not all(isinstance(keys, str) and keys.strip(" ,") for keys in self.keys.values()):
            return '[keys] has texts, such as "console.peek" = "P"'
        return ""


def settings_path() -> Path:
    return config_dir() / "settings.toml"


def load_settings(path: Path | None = None) -> tuple[Settings, str]:
    """The settings and what was wrong with the file, "" if nothing. Whatever is wrong, there are settings."""
    path = path or settings_path()
    settings = Settings()
    try:
        document = tomlkit.parse(_text(path)).unwrap()
    except FileNotFoundError:
        return settings, ""
    except ParseError as error:
        return settings, f"{path}, line {error.line}: {str(error).partition(' at line ')[0]}"
    except OSError as error:
        return settings, f"{path} cannot be read: {error.strerror or error}"
    except (UnicodeDecodeError, RecursionError, TOMLKitError) as error:
        return settings, f"{path} cannot be read: {error}"
    for item in fields(Settings):
        value = document.get(item.name, getattr(settings, item.name))
        if type(value) is not type(getattr(settings, item.name)):
            return Settings(), f"{path}: {item.name} is not of the right kind"
        setattr(settings, item.name, value)
    problem = settings.problem()
    if problem:
        return Settings(), f"{path}: {problem}"
    settings.as_saved()
    settings.unknown = unknown_keys(str(path), document, [item.name for item in fields(Settings)])
    return settings, ""


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write what changed since the file was read; what another console or the person changed in it, and comments, stay.

    Raises:
        OSError: The file cannot be written.
        ValueError: The file there is no TOML, and is left alone.
    """
    path = path or settings_path()
    changes = settings.changes()
    if not changes:
        return
    make_folder_of(path)
    with locked(path):
        try:
            document = tomlkit.parse(_text(path))
        except FileNotFoundError:
            document = tomlkit.document()
        before = tomlkit.dumps(document)
        document.update(changes)
        after = tomlkit.dumps(document)
        if after != before:
            write_private(path, after.encode())
    settings.as_saved()


def _text(path: Path) -> str:
    return read_regular(path, LARGEST).decode("utf-8-sig")
