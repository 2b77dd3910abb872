"""Saved connections in profiles.toml: loaded, saved and removed, with a person's comments and order kept.

    [profiles.staging]
    url = "stomp+ssl://guest@rabbit.staging:61614/"
    ca_file = "~/certs/staging.pem"
    headers = [{ name = "app-id", value = "APP" }, { name = "Authorization" }]
    subscribe = ["/topic/orders", "/queue/errors"]

Passwords are never in it, nor the values of headers that carry secrets.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from stomptui.config.connection import Connection, HeaderLines, Tls
from stomptui.config.files.locks import locked
from stomptui.config.files.paths import config_dir, make_folder_of, write_private
from stomptui.config.files.regular_files import read_regular
from stomptui.config.management import management_problem
from stomptui.config.profile_file import KEYS, TLS_TEXTS, Profile, ProfileError, ProfileFile
from stomptui.config.proxy import proxy_problem, without_password
from stomptui.config.renamed_profile import with_renamed_profile
from stomptui.config.secret_names import is_secret, without_secrets
from stomptui.config.url import UrlError, format_url, parse_url

__all__ = ["Profile", "ProfileError", "Profiles"]

INTRODUCTION = "Connections of stomptui. Passwords are never kept here."
_NOT_OF_CONNECTION = {
    "keyring", "subscribe", "consume", "protobuf", "protobuf_messages", "watch_dead_letters", "keep_drafts",
}  # fmt: skip
"""Keys that saving a connection leaves as they are."""
LARGEST = 4 << 20
"""Bytes of a file of profiles: 20,000 of them."""


class Profiles:
    """The profiles in one file.

    Answers are those of the file at that moment; it is read again only when it changed. Saving and removing lock the
    file and read it again, so that nothing that another process or an editor wrote is lost; both can take long, so they
    are not for the event loop.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_dir() / "profiles.toml"
        self._file = ProfileFile(self.path, "")
        self._signature: tuple[int, ...] = ()

    def names(self) -> list[str]:
        """The names in the order of the file; [] without a file.

        Raises:
            ProfileError: The file cannot be read, or is no TOML.
        """
        return list(self._current().tables)

    def connections(self) -> dict[str, Connection | None]:
        """The connection of each profile, None for an invalid one. Raises as `names` does."""
        return self._current().connections()

    def unknown(self, name: str = "") -> str | None:
        """One sentence about unknown keys of a profile, or of the file if `name` is ""; None if there are none.

        Also None if the profile cannot be read, which is reported where it is used.
        """
        try:
            return self.profile(name).unknown if name else self._current().unknown
        except ProfileError:
            return None

    def load(self, name: str) -> Connection:
        """The connection of a profile, without password.

        Raises:
            ProfileError: There is no such profile, or it is invalid.
        """
        return self.profile(name).connection

    def profile(self, name: str) -> Profile:
        """All of a profile; raises as `load` does."""
        return self._current().profile(name)

    def save(self, name: str, connection: Connection, **extra: Any) -> None:
        """Write a profile; comments and keys of others in it stay.

        Args:
            name: Any text but "".
            connection: What to save; passwords and values of secret headers are left out.
            extra: `keyring`, `subscribe`, `consume`; those not given stay as they are.

        Raises:
            ProfileError: The connection has no URL, or the file is broken (and is not changed) or cannot be written.
        """
        if not name.strip():
            raise ProfileError("a profile needs a name")
        try:
            values = _values(connection)
        except UrlError as error:
            raise ProfileError(f"this cannot be saved: {error}") from error
        with self._locked():
            document = self._document()
            tables: Any = document.get("profiles", {})
            if name in tables:
                table = tables[name]
                ours = set(KEYS) - _NOT_OF_CONNECTION | {key for key, parsed in extra.items() if not parsed}
                for key in ours - set(values):
                    table.pop(key, None)
            else:
                if "profiles" not in document:
                    document["profiles"] = tomlkit.table(is_super_table=True)
                profiles: Any = document["profiles"]
                profiles[name] = tomlkit.table()
                table = profiles[name]
            for key, value in {**values, **{k: _item(v) for k, v in extra.items() if v}}.items():
                if key in ("headers", "ws_headers"):
                    value = _keep_unknown_keys(value, table.get(key))
                if table.get(key) != value:
                    table[key] = value
            self._write(document)

    def change(self, name: str, values: Mapping[str, Any]) -> None:
        """Change some keys of a profile, and no others.

        Args:
            name: Of the profile.
            values: By key; what is empty or None removes it.

        Raises:
            ProfileError: There is no such profile, or the file is broken (and is not changed) or cannot be written.
        """
        with self._locked():
            document = self._document()
            tables: Any = document.get("profiles", {})
            if name not in tables:
                raise ProfileError(f"{self.path} has no profile {name} any more")
            for key, value in values.items():
                if value is None or value == ():
                    tables[name].pop(key, None)
                elif tables[name].get(key) != _item(value):
                    tables[name][key] = _item(value)
            self._write(document)

    def remove(self, name: str) -> None:
        """Remove a profile if there is one of that name. Raises `ProfileError` as `save` does."""
        with self._locked():
            document = self._document()
            tables: Any = document.get("profiles", {})
            if name in tables:
                before = tomlkit.dumps(document)
                comments = _trailing_comments(tables[name].as_string())
                del tables[name]
                self._write(_with_comments(document, before, comments))

    def rename(self, old: str, new: str) -> None:
        """Give a profile another name; comments and order stay.

        Raises:
            ProfileError: As `save` does, and if there is no profile `old` or one named `new`.
        """
        with self._locked():
            document = self._document()
            tables = self._tables_to_copy(document, old, new)
            text = with_renamed_profile(tomlkit.dumps(document), old, new)
            if text is not None:
                document = tomlkit.parse(text)
            else:
                tables[new] = _copied(tables[old])
                del tables[old]
            self._write(document)

    def duplicate(self, name: str, copy: str) -> None:
        """Save all of a profile under a second name, at the end of the file. Raises `ProfileError` as `rename` does."""
        with self._locked():
            document = self._document()
            tables = self._tables_to_copy(document, name, copy)
            tables[copy] = _copied(tables[name])
            self._write(document)

    def _tables_to_copy(self, document: tomlkit.TOMLDocument, name: str, new: str) -> Any:
        if not new.strip():
            raise ProfileError("a profile needs a name")
        tables: Any = document.get("profiles", {})
        if name not in tables:
            raise ProfileError(f"{self.path} has no profile {name} any more")
        if new in tables:
            raise ProfileError(f"a profile named {new} already exists")
        return tables

    def _current(self) -> ProfileFile:
        """The file as it is now."""
        try:
            about = self.path.stat()
            signature = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
            if signature != self._signature:
                self._file, self._signature = ProfileFile(self.path, self._text()), signature
        except FileNotFoundError:
            self._file, self._signature = ProfileFile(self.path, ""), ()
        except OSError as error:
            raise self._unread(error) from error
        return self._file

    def _text(self) -> str:
        """Raises ProfileError, and FileNotFoundError without a file."""
        try:
            return read_regular(self.path, LARGEST).decode("utf-8-sig")
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._unread(error) from error
        except UnicodeDecodeError as error:
            raise ProfileError(f"{self.path} cannot be read: it is not UTF-8") from error

    def _unread(self, error: OSError) -> ProfileError:
        return ProfileError(f"{self.path} cannot be read: {error.strerror or error}")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            make_folder_of(self.path)
            with locked(self.path):
                yield
        except OSError as error:
            raise ProfileError(f"{self.path} cannot be written: {error.strerror or error}") from error

    def _document(self) -> tomlkit.TOMLDocument:
        """The file for changing it, comments and all."""
        try:
            text = self._text()
        except FileNotFoundError:
            document = tomlkit.document()
            document.add(tomlkit.comment(INTRODUCTION))
            return document
        return ProfileFile(self.path, text).document()

    def _write(self, document: tomlkit.TOMLDocument) -> None:
        try:
            data = tomlkit.dumps(document).encode()
        except UnicodeEncodeError as error:
            raise ProfileError("this cannot be saved: half a character is in it") from error
        write_private(self.path, data)


def _values(connection: Connection) -> dict[str, Any]:
    """The keys of a connection: its URL, and what the URL cannot say where it is not the default."""
    url = format_url(connection)
    parsed = parse_url(url)
    values: dict[str, Any] = {"url": url}
    if connection.vhost != parsed.vhost:
        values["vhost"] = False if connection.vhost is None else connection.vhost
    for item in fields(Tls):
        if item.name in (*TLS_TEXTS, "verify") and getattr(connection.tls, item.name) != item.default:
            values[item.name] = getattr(connection.tls, item.name)
    sizes = ("ws_message_size", "frame_limit")
    for name in ("versions", "heart_beat", "ws_basic", "ws_login", *sizes, "timeout", "dialect", "no_receipts"):
        if getattr(connection, name) != getattr(parsed, name):
            values[name] = _item(getattr(connection, name))
    environment = connection.environment
    if environment.colour.value:
        values["colour"] = environment.colour.value
    for name in ("production", "read_only"):
        if getattr(environment, name):
            values[name] = True
    # A text that is no management URL may hold a password.
    if connection.management and not management_problem(connection.management):
        values["management"] = connection.management
    if connection.proxy and not proxy_problem(connection.proxy):
        values["proxy"] = without_password(connection.proxy)
    for name in ("headers", "ws_headers"):
        if getattr(connection, name):
            values[name] = _header_array(getattr(connection, name))
    return values


def _copied(table: Any) -> Any:
    """A table of its own with the same keys, those that nobody knows of included."""
    copy = tomlkit.table()
    for key, value in table.unwrap().items():
        if isinstance(value, list) and value and all(isinstance(line, dict) for line in value):
            lines, value = value, tomlkit.array()
            for line in lines:
                value.append(tomlkit.inline_table())
                value[-1].update(line)
        copy[key] = value
    return copy


def _item(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _header_array(lines: HeaderLines) -> Any:
    array = tomlkit.array()
    for name, value in lines:
        line = tomlkit.inline_table()
        line["name"] = name
        if (value or not is_secret(name)) and without_secrets(name, value) == value:
            line["value"] = value
        array.append(line)
    return array


def _keep_unknown_keys(array: Any, before: Any) -> Any:
    """Header lines with the keys that nobody knows of lines of the same names before."""
    lines = [line for line in before if isinstance(line, dict)] if isinstance(before, list) else []
    for line in array:
        old = next((old for old in lines if old.get("name") == line["name"]), None)
        if old is not None:
            lines.remove(old)
            for key in old:
                if key not in ("name", "value"):
                    line[key] = old[key]
    return array


def _trailing_comments(text: str) -> str:
    """The comments at the end of a table, which are about what comes after it."""
    lines = text.splitlines(keepends=True)
    keep = len(lines)
    while keep and (not lines[keep - 1].strip() or lines[keep - 1].lstrip().startswith("#")):
        keep -= 1
    return "".join(lines[keep:]).lstrip("\r\n")


def _with_comments(document: tomlkit.TOMLDocument, before: str, comments: str) -> tomlkit.TOMLDocument:
    """Put comments back where a table was taken out; tomlkit takes them with the table they follow."""
    after = tomlkit.dumps(document)
    place = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
    place = after.rfind("\n", 0, place) + 1
    try:
        restored = tomlkit.parse(after[:place] + comments + after[place:])
    except TOMLKitError:
        return document
    return restored if restored.unwrap() == document.unwrap() else document
