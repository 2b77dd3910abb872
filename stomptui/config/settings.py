"""settings.toml: theme, last connection, limits of the journal, layout of messages, keys. Passwords are never in it."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Mapping, MutableMapping, MutableSequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import ParseError, TOMLKitError

from stomptui.config.files.locks import locked
from stomptui.config.files.paths import config_dir, make_folder_of, write_private
from stomptui.config.files.regular_files import read_regular
from stomptui.config.unknown_keys import unknown_keys

LARGEST = 1 << 20
"""Bytes of a file of settings."""
Alert = Literal["none", "bell", "notification"]
"""How a person is told of something while they look elsewhere; a notification is one of the desktop."""
DraftsKept = Literal["whole", "30 days", "7 days", "1 day", "without bodies", "not at all"]
"""What is kept on disk of drafts, those that were sent and those that are being written. With a number of days their
bodies are kept as long as that, the rest as ever."""
KEEP_DRAFTS = '"whole", "30 days", "7 days", "1 day", "without bodies" or "not at all"'
SOONEST, LATEST = 5, 3600
"""Seconds between two counts of dead letters, at least and at most."""


class DeadLetterWish(NamedTuple):
    """Whether a person wants dead letters watched, and how they are told of new ones."""

    every: int = 0
    """Seconds between two counts, 0 for none."""
    alert: Alert = "none"


@dataclass
class Settings:
    """The settings, with their defaults."""

    theme: str = "tokyo-night"
    last_profile: str = ""
    """The profile of the last connection, "" if it had none; used again at a start without arguments."""
    last_url: str = ""
    """The URL of the last connection, without password."""
    journal_bytes: int = 256 << 20
    """The most bytes of frames in the journal; the oldest are dropped first."""
    journal_frames: int = 1_000_000
    """The most frames in the journal."""
    peek_hold: int = 30
    """Seconds after which the messages of a peek are returned."""
    watch_dead_letters: int = 0
    """Seconds between two counts of dead letters, 0 for not counting them; a profile may say otherwise."""
    dead_letter_alert: Alert = "none"
    """How the person is told of new dead letters, besides a row in the log."""
    keep_drafts: DraftsKept = "whole"
    """What is kept on disk of drafts, those that were sent and those that are being written; a profile may say
    otherwise."""
    wrap_lines: bool = True
    """Whether long lines of a message are wrapped; else they are cut at the edge."""
    line_numbers: bool = True
    """Whether lines of a body have numbers."""
    secret_names: list[str] = field(default_factory=list)
    """Further names of headers that carry secrets, `!name` for one that does not."""
    views: dict[str, str] = field(default_factory=dict)
    """Commands that show bodies, by media type: "application/avro" = "avro-tool tojson -"; see `journal.views`."""
    keys: dict[str, str] = field(default_factory=dict)
    """The person's own keys, by the names in the README: "console.peek" = "P"; several are separated by commas."""

    def __post_init__(self) -> None:
        self.unknown: str | None = None
        """One sentence about unknown keys of the file, None if there are none."""
        self._known = {
            item.name: item.default if item.default_factory is MISSING else item.default_factory()
            for item in fields(self)
        }

    def mark_saved(self, written: Mapping[str, Any] | None = None) -> None:
        """Note that the values are those of the file.

        Args:
            written: Those that were written, which may have changed since; None for all as they are now.
        """
        if written is None:
            self._known = {item.name: copy.copy(getattr(self, item.name)) for item in fields(self)}
        else:
            self._known |= written

    @property
    def known(self) -> dict[str, Any]:
        """The values of the file as it was when this process last read or wrote it."""
        return copy.deepcopy(self._known)

    def adopt(self, found: Settings) -> list[str]:
        """Take over what somebody else changed in the file, unless it was changed here too.

        Args:
            found: The settings as the file has them now.

        Returns:
            The names of the settings that have another value now.
        """
        changed = []
        for item in fields(self):
            theirs = getattr(found, item.name)
            if theirs != self._known[item.name]:
                if getattr(self, item.name) == self._known[item.name]:
                    setattr(self, item.name, copy.copy(theirs))
                    changed.append(item.name)
                self._known[item.name] = copy.copy(theirs)
        return changed

    def changes(self) -> dict[str, Any]:
        """The values that differ from the file as it was when this process last read or wrote it."""
        return {
            name: copy.copy(getattr(self, name)) for name, known in self._known.items() if getattr(self, name) != known
        }

    def problem(self) -> str | None:
        """What is wrong with the values, None if nothing is."""
        if not 1 << 20 <= self.journal_bytes <= 1 << 40:
            return "journal_bytes is a number from 1048576 to 1099511627776 (1 TiB)"
        if not 100 <= self.journal_frames <= 1 << 31:
            return "journal_frames is a number from 100 to 2147483648"
        if not 2 <= self.peek_hold <= 300:
            return "peek_hold is a number of seconds from 2 to 300"
        if problem := watch_problem(self.watch_dead_letters):
            return f"watch_dead_letters is {problem}"
        if self.dead_letter_alert not in get_args(Alert):
            return 'dead_letter_alert is "none", "bell" or "notification"'
        if self.keep_drafts not in get_args(DraftsKept):
            return f"keep_drafts is {KEEP_DRAFTS}"
        if not all(isinstance(name, str) for name in self.secret_names):
            return 'secret_names is a list of names, such as ["customer-number", "!code"]'
        if not all(isinstance(keys, str) and keys.strip(" ,") for keys in self.keys.values()):
            return '[keys] has texts, such as "console.peek" = "P"; the key , is written "comma"'
        if not all(_is_command(command) for command in self.views.values()):
            return '[views] has commands, such as "application/avro" = "avro-tool tojson -"'
        return None


def keeps_bodies(wish: DraftsKept) -> bool:
    """Whether bodies of drafts are written to disk."""
    return wish not in ("without bodies", "not at all")


def days_of_bodies(wish: DraftsKept) -> int | None:
    """After how many days bodies of drafts leave the disk, None for never."""
    return {"30 days": 30, "7 days": 7, "1 day": 1}.get(wish)


def watch_problem(seconds: int) -> str | None:
    """What the seconds between two counts of dead letters have to be, None if they are that."""
    if seconds and not SOONEST <= seconds <= LATEST:
        return f"a number of seconds from {SOONEST} to {LATEST}, or 0 for not counting them"
    return None


def _is_command(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(shlex.split(text))
    except ValueError:
        return False


def settings_path() -> Path:
    """The path of settings.toml."""
    return config_dir() / "settings.toml"


def load_settings(path: Path | None = None) -> tuple[Settings, str | None]:
    """The settings, and what is wrong with the file, None if nothing; then the settings are the defaults."""
    path = path or settings_path()
    settings = Settings()
    try:
        document = tomlkit.parse(_text(path)).unwrap()
    except FileNotFoundError:
        return settings, None
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
    settings.mark_saved()
    settings.unknown = unknown_keys(str(path), document, [item.name for item in fields(Settings)])
    return settings, None


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write the values that changed since the file was read; other changes and comments in it stay.

    Raises:
        OSError: The file cannot be written.
        ValueError: The file there is no TOML, and is left alone.
    """
    path = path or settings_path()
    changes, known = settings.changes(), settings.known
    if not changes:
        return
    make_folder_of(path)
    with locked(path):
        try:
            document = tomlkit.parse(_text(path))
        except FileNotFoundError:
            document = tomlkit.document()
        before = tomlkit.dumps(document)
        for name, value in changes.items():
            _put(document, name, value, known[name])
        after = tomlkit.dumps(document)
        if after != before:
            write_private(path, after.encode())
    # Not all: another value can have changed while these were written.
    settings.mark_saved(changes)


def _put(document: TOMLDocument, name: str, value: Any, before: Any) -> None:
    """Write one value; of a table or a list only what differs, since the rest may have comments, or be another's."""
    there = document.get(name)
    if isinstance(value, dict) and isinstance(there, MutableMapping):
        for key in [key for key in before if key not in value]:
            there.pop(key, None)
        for key in [key for key in value if value[key] != before.get(key)]:
            there[key] = value[key]
    elif isinstance(value, list) and isinstance(there, MutableSequence):
        for item in before:
            if item not in value and item in there:
                there.remove(item)
        for item in value:
            if item not in there:
                there.append(item)
    else:
        document[name] = value


def _text(path: Path) -> str:
    return read_regular(path, LARGEST).decode("utf-8-sig")
