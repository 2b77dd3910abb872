"""Connections under a name, in a TOML file that belongs to the person: comments and order survive.

    [profiles.staging]
    url = "stomp+ssl://guest@rabbit.staging:61614/"
    ca_file = "~/certs/staging.pem"
    headers = [{ name = "app-id", value = "APP" }, { name = "Authorization" }]
    subscribe = ["/topic/orders", "/queue/errors"]

Passwords are never in it, nor the values of headers that carry secrets: those are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from stomptui.config.connection import Connection, HeaderLines, Tls, heart_beat_problem, timeout_problem
from stomptui.config.management import management_problem
from stomptui.config.paths import config_dir, write_private
from stomptui.config.secret_names import is_secret
from stomptui.config.url import UrlError, format_url, parse_url
from stomptui.protocol.codec import VERSIONS

INTRODUCTION = "Connections of stomptui. Passwords are never kept here."
_TLS_TEXTS = ("ca_file", "cert_file", "key_file", "server_name")
_KEYS = (
    "url",
    "vhost",
    "versions",
    *_TLS_TEXTS,
    "verify",
    "heart_beat",
    "headers",
    "ws_headers",
    "ws_basic",
    "timeout",
    "dialect",
    "management",
    "keyring",
    "subscribe",
    "consume",
)


class ProfileError(ValueError):
    """A profile that cannot be read or written; names the file and, where known, the line."""


@dataclass(frozen=True)
class Profile:
    """What is kept under one name."""

    connection: Connection
    keyring: bool = False
    """The password is in the system keyring."""
    subscribe: tuple[str, ...] = ()
    """Destinations to look at once connected."""
    consume: tuple[str, ...] = ()
    """Destinations to consume from once connected."""
    asked_for: tuple[str, ...] = field(default=())
    """Names of headers whose values are secrets and have to be typed."""


class Profiles:
    """The profiles in one file. Every call reads the file anew, so that an edit made meanwhile is never lost."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_dir() / "profiles.toml"

    def names(self) -> list[str]:
        """The names in the order of the file; [] without a file.

        Raises:
            ProfileError: The file cannot be read, or is no TOML.
        """
        return list(self._tables(self._read()))

    def load(self, name: str) -> Connection:
        """The connection of a profile, without password.

        Raises:
            ProfileError: There is no such profile, or it makes no sense.
        """
        return self.profile(name).connection

    def profile(self, name: str) -> Profile:
        """All of a profile; raises as `load` does."""
        document = self._read()
        tables = self._tables(document)
        if name not in tables:
            known = ", ".join(tables) or "none yet"
            raise ProfileError(f"{self.path} has no profile {name}; there are: {known}")
        return self._parsed(name, tables[name])

    def save(self, name: str, connection: Connection, **extra: Any) -> None:
        """Write a profile; comments and keys of others in it stay.

        Args:
            name: Any text but "".
            connection: What to keep; passwords and values of secret headers are left out.
            extra: `keyring`, `subscribe`, `consume`; what is not said stays as it is.

        Raises:
            ProfileError: The file is broken (and is left alone) or cannot be written.
        """
        if not name.strip():
            raise ProfileError("a profile needs a name")
        document = self._read()
        tables = self._tables(document)
        values = _values(connection)
        if name in tables:
            table = tables[name]
            ours = set(_KEYS) - {"keyring", "subscribe", "consume"} | {key for key, said in extra.items() if not said}
            for key in ours - set(values):
                table.pop(key, None)
        else:
            table = tomlkit.table()
            if "profiles" not in document:
                document["profiles"] = tomlkit.table(is_super_table=True)
            document["profiles"][name] = table
            table = document["profiles"][name]
        for key, value in {**values, **{k: _item(v) for k, v in extra.items() if v}}.items():
            if table.get(key) != value:
                table[key] = value
        self._write(document)

    def remove(self, name: str) -> None:
        """Forget a profile; nothing happens if there is none of that name. Raises ProfileError as `save` does."""
        document = self._read()
        tables = self._tables(document)
        if name in tables:
            before = tomlkit.dumps(document)
            comments = _trailing_comments(tables[name].as_string())
            del document["profiles"][name]
            self._write(_with_comments(document, before, comments))

    def _read(self) -> tomlkit.TOMLDocument:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            document = tomlkit.document()
            document.add(tomlkit.comment(INTRODUCTION))
            return document
        except (OSError, UnicodeDecodeError) as error:
            raise ProfileError(f"{self.path} cannot be read: {error}") from error
        try:
            return tomlkit.parse(text)
        except ParseError as error:
            reason = str(error).partition(" at line ")[0]
            raise ProfileError(f"{self.path}, line {error.line}: {reason}") from error
        except TOMLKitError as error:
            raise ProfileError(f"{self.path}: {error}") from error

    def _tables(self, document: tomlkit.TOMLDocument) -> dict[str, Any]:
        tables: Any = document.get("profiles", {})
        if not isinstance(tables, Mapping):
            raise ProfileError(f"{self.path}: profiles are tables, as in [profiles.staging]")
        for name, table in tables.items():
            if not isinstance(table, Mapping):
                raise ProfileError(f"{self._place('profiles', name)}: {name} is no table; write [profiles.{name}]")
        return dict(tables)

    def _write(self, document: tomlkit.TOMLDocument) -> None:
        try:
            write_private(self.path, tomlkit.dumps(document).encode())
        except OSError as error:
            raise ProfileError(f"{self.path} cannot be written: {error.strerror or error}") from error

    def _place(self, name: str, key: str) -> str:
        """File and line of a key of a profile; the profile's own line, or just the file, if it is not found."""
        found = 0
        inside = False
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), 1):
            text = line.strip()
            if text.startswith("["):
                inside = name in text
                found = number if inside else found
            elif inside and text.partition("=")[0].strip().strip("\"'") == key:
                return f"{self.path}, line {number}"
        return f"{self.path}, line {found}" if found else str(self.path)

    def _parsed(self, name: str, table: Mapping[str, Any]) -> Profile:
        def wrong(key: str, text: str) -> ProfileError:
            return ProfileError(f"{self._place(name, key)}: {name}: {key}: {text}")

        def value(key: str, kind: type | tuple[type, ...], default: Any, words: str) -> Any:
            found = table.get(key, default)
            found = found.unwrap() if hasattr(found, "unwrap") else found
            if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
                raise wrong(key, f"{words} is expected")
            return found

        def texts(key: str, default: Iterable[str] = ()) -> tuple[str, ...]:
            found = value(key, list, list(default), "a list of texts")
            if not all(isinstance(text, str) for text in found):
                raise wrong(key, "a list of texts is expected")
            return tuple(found)

        def lines(key: str) -> HeaderLines:
            found = value(key, list, [], 'a list such as [{ name = "app-id", value = "APP" }]')
            if not all(
                isinstance(line, dict) and isinstance(line.get("name"), str) and isinstance(line.get("value", ""), str)
                for line in found
            ):
                raise wrong(key, 'a list such as [{ name = "app-id", value = "APP" }] is expected')
            return tuple((line["name"], line.get("value", "")) for line in found)

        try:
            connection = parse_url(value("url", str, "", "a URL in quotes"))
        except UrlError as error:
            raise wrong("url", str(error)) from error
        if "vhost" in table:
            vhost = value("vhost", (str, bool), "", "a text, or false for no host header")
            if vhost is True:
                raise wrong("vhost", "a text, or false for no host header, is expected")
            connection = replace(connection, vhost=None if vhost is False else vhost)
        beat = value("heart_beat", list, list(connection.heart_beat), "two numbers of milliseconds")
        if len(beat) != 2 or not all(type(ms) is int and ms >= 0 for ms in beat):
            raise wrong("heart_beat", "two numbers of milliseconds, such as [10000, 10000], are expected")
        if problem := heart_beat_problem((beat[0], beat[1])):
            raise wrong("heart_beat", problem)
        timeout = value("timeout", (int, float), connection.timeout, "a number of seconds")
        if problem := timeout_problem(timeout):
            raise wrong("timeout", problem)
        versions = texts("versions", VERSIONS)
        if not versions or any(version not in VERSIONS for version in versions):
            raise wrong("versions", 'some of "1.0", "1.1", "1.2" are expected')
        connection = replace(
            connection,
            versions=versions,
            tls=Tls(
                **{key: value(key, str, "", "a text") for key in _TLS_TEXTS},
                verify=value("verify", bool, True, "true or false"),
            ),
            heart_beat=(beat[0], beat[1]),
            headers=lines("headers"),
            ws_headers=lines("ws_headers"),
            ws_basic=value("ws_basic", bool, False, "true or false"),
            timeout=float(timeout),
            dialect=value("dialect", str, "", "a text"),
            management=value("management", str, "", "a URL in quotes"),
        )
        if problem := management_problem(connection.management):
            raise wrong("management", problem)
        return Profile(
            connection,
            keyring=value("keyring", bool, False, "true or false"),
            subscribe=texts("subscribe"),
            consume=texts("consume"),
            asked_for=tuple(n for n, v in (*connection.headers, *connection.ws_headers) if is_secret(n) and not v),
        )


def _values(connection: Connection) -> dict[str, Any]:
    """What is written for a connection: its URL, and what the URL cannot say where it is not the default."""
    url = format_url(connection)
    said = parse_url(url)
    values: dict[str, Any] = {"url": url}
    if connection.vhost != said.vhost:
        values["vhost"] = False if connection.vhost is None else connection.vhost
    for item in fields(Tls):
        if item.name in (*_TLS_TEXTS, "verify") and getattr(connection.tls, item.name) != item.default:
            values[item.name] = getattr(connection.tls, item.name)
    for name in ("versions", "heart_beat", "ws_basic", "timeout", "dialect"):
        if getattr(connection, name) != getattr(said, name):
            values[name] = _item(getattr(connection, name))
    # What is no such URL may hold a password.
    if connection.management and not management_problem(connection.management):
        values["management"] = connection.management
    for name in ("headers", "ws_headers"):
        if getattr(connection, name):
            values[name] = _header_array(getattr(connection, name))
    return values


def _item(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _header_array(lines: HeaderLines) -> Any:
    array = tomlkit.array()
    for name, value in lines:
        line = tomlkit.inline_table()
        line["name"] = name
        if not is_secret(name):
            line["value"] = value
        array.append(line)
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
