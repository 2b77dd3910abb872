"""Reading profiles.toml: all profiles at once, and where each mistake is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from stomptui.config.connection import (
    Connection,
    HeaderLines,
    Tls,
    frame_limit_problem,
    heart_beat_problem,
    message_size_problem,
    no_receipts_problem,
    timeout_problem,
)
from stomptui.config.dialects import dialect_problem
from stomptui.config.environment import Environment, environment_colour
from stomptui.config.management import management_problem
from stomptui.config.proxy import proxy_problem
from stomptui.config.secret_names import is_secret
from stomptui.config.settings import KEEP_DRAFTS, DraftsKept, watch_problem
from stomptui.config.unknown_keys import unknown_keys
from stomptui.config.url import UrlError, parse_url
from stomptui.protocol.codec import VERSIONS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MAX_NAMED = 20
"""Profiles that the error for an unknown one names."""
TLS_TEXTS = ("ca_file", "cert_file", "key_file", "server_name")
KEYS = (
    "url",
    "vhost",
    "versions",
    *TLS_TEXTS,
    "verify",
    "heart_beat",
    "headers",
    "ws_headers",
    "ws_basic",
    "ws_login",
    "proxy",
    "ws_message_size",
    "frame_limit",
    "timeout",
    "dialect",
    "no_receipts",
    "management",
    "colour",
    "production",
    "read_only",
    "keyring",
    "subscribe",
    "consume",
    "protobuf",
    "protobuf_messages",
    "watch_dead_letters",
    "keep_drafts",
)
_MESSAGES = 'a table such as { "/queue/orders*" = "shop.Order" }'
_LINE_KEYS = ("name", "value")
_IN_URL = "it is part of 'url', as in stomp://login@host:61613/vhost"
_NO_PASSWORD = "a password is typed, or comes from STOMPTUI_PASSWORD or the keyring"
HINTS = {
    **dict.fromkeys(("host", "hostname", "port", "login", "user", "username", "scheme", "protocol", "path"), _IN_URL),
    **dict.fromkeys(("transport", "tls", "ssl"), "it is part of 'url', as stomp+ssl://, ws:// or wss://"),
    **dict.fromkeys(("password", "passcode", "passwd", "pass", "token"), _NO_PASSWORD),
    **dict.fromkeys(("uri", "address", "server", "broker", "brokerurl"), "did you mean 'url'?"),
    **dict.fromkeys(("jolokia", "jolokiaurl", "api", "apiurl", "httpapi", "admin"), "did you mean 'management'?"),
    **dict.fromkeys(("subscriptions", "destinations", "queues", "topics", "watch"), "did you mean 'subscribe'?"),
    **dict.fromkeys(
        ("chunk", "chunksize", "wschunk", "maxwebsocketchunksize", "splitlargeframes"),
        "did you mean 'ws_message_size', in bytes?",
    ),
    **dict.fromkeys(
        ("maxframesize", "framesize", "sizelimit", "messagesizelimit", "maxmessagesize"),
        "did you mean 'frame_limit', in bytes?",
    ),
    **dict.fromkeys(("httpproxy", "httpsproxy", "wsproxy"), "did you mean 'proxy'?"),
    **dict.fromkeys(("httplogin", "wsuser", "basicuser", "basic"), "did you mean 'ws_login'?"),
    **dict.fromkeys(("virtualhost", "vh"), "did you mean 'vhost'?"),
    **dict.fromkeys(("acceptversion", "stompversion"), "did you mean 'versions'?"),
    **dict.fromkeys(("ca", "capath", "cacert", "cacerts", "truststore"), "did you mean 'ca_file'?"),
    **dict.fromkeys(("cert", "certificate", "clientcert"), "did you mean 'cert_file'?"),
    **dict.fromkeys(("key", "clientkey", "privatekey"), "did you mean 'key_file'?"),
    **dict.fromkeys(("insecure", "skipverify", "noverify"), "did you mean 'verify', which is true or false?"),
    **dict.fromkeys(("brokertype", "type", "kind"), "did you mean 'dialect'?"),
    **dict.fromkeys(("color", "stripe", "environment", "env"), "did you mean 'colour'?"),
    **dict.fromkeys(("prod", "live"), "did you mean 'production', which is true or false?"),
    **dict.fromkeys(("readonly", "ro", "safe"), "did you mean 'read_only', which is true or false?"),
    "sni": "did you mean 'server_name'?",
}
"""Advice for keys of other programs, by their letters and digits in lower case."""


class ProfileError(ValueError):
    """A profile cannot be read or written; the message names the file and, where known, the line."""


@dataclass(frozen=True)
class Profile:
    """The connection and the subscriptions saved under one name."""

    connection: Connection
    keyring: bool = False
    """Whether the password is in the system's keyring."""
    subscribe: tuple[str, ...] = ()
    """Destinations to subscribe to without consuming, once connected."""
    consume: tuple[str, ...] = ()
    """Destinations to consume from once connected."""
    protobuf: str = ""
    """The path of a descriptor file of Protobuf, "" for none."""
    protobuf_messages: Mapping[str, str] = field(default_factory=dict)
    """The full name of the message type for each pattern of destinations."""
    watch_dead_letters: int | None = None
    """Seconds between two counts of dead letters, 0 for none; None for what the settings say."""
    keep_drafts: DraftsKept | None = None
    """What is kept on disk of drafts; None for what the settings say."""
    secret_headers: tuple[str, ...] = field(default=())
    """Names of headers whose values are secrets, which the file does not have."""
    unknown: str | None = None
    """One sentence about unknown keys, None if there are none."""


class ProfileFile:
    """A parsed profiles.toml.

    Args:
        path: Its path, for errors.
        text: Its content.

    Raises:
        ProfileError: It is no TOML.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._text = text
        self._connections: dict[str, Connection | None] | None = None
        self._places: dict[tuple[str, str], int] | None = None
        try:
            # Ten times as fast as tomlkit, which keeps comments.
            document: Mapping[str, Any] = tomllib.loads(text)
        except (ValueError, RecursionError):  # thousands of digits are no TOML error to Python
            document = self.document().unwrap()
        self.tables = self._checked(document)
        """The table of each profile by its name, in the order of the file."""
        self.unknown = unknown_keys(str(path), document, ("profiles",))
        """One sentence about unknown keys outside of the profiles, None if there are none."""

    def document(self) -> tomlkit.TOMLDocument:
        """The same as a document with comments, to be changed. Raises `ProfileError`."""
        try:
            document = tomlkit.parse(self._text)
        except ParseError as error:
            reason = str(error).partition(" at line ")[0]
            raise ProfileError(f"{self.path}, line {error.line}: {reason}") from error
        except TOMLKitError as error:
            raise ProfileError(f"{self.path}: {error}") from error
        except RecursionError as error:
            raise ProfileError(f"{self.path}: brackets in brackets without end") from error
        self._checked(document)
        return document

    def connections(self) -> dict[str, Connection | None]:
        """The connection of each profile, None for an invalid one."""
        if self._connections is None:
            self._connections = {name: self._connection(name) for name in self.tables}
        return self._connections

    def profile(self, name: str) -> Profile:
        """All of a profile.

        Raises:
            ProfileError: There is no such profile, or it is invalid.
        """
        if name not in self.tables:
            known = ", ".join(list(self.tables)[:_MAX_NAMED]) or "none yet"
            more = f" and {len(self.tables) - _MAX_NAMED:,} more" if len(self.tables) > _MAX_NAMED else ""
            unknown = f"; {self.unknown}" if self.unknown else ""
            raise ProfileError(f"{self.path} has no profile {name}; there are: {known}{more}{unknown}")
        return self._parsed(name, self.tables[name])

    def _connection(self, name: str) -> Connection | None:
        try:
            return self._parsed(name, self.tables[name]).connection
        except ProfileError:
            return None

    def _checked(self, document: Mapping[str, Any]) -> dict[str, Any]:
        tables = document.get("profiles", {})
        if not isinstance(tables, Mapping):
            raise ProfileError(f"{self.path}: profiles are tables, as in [profiles.staging]")
        for name, table in tables.items():
            if not isinstance(table, Mapping):
                raise ProfileError(f"{self._place('profiles', name)}: {name} is no table; write [profiles.{name}]")
        return dict(tables)

    def _place(self, name: str, key: str) -> str:
        """File and line of a key of a profile; the line of the profile, or just the file, if it is not found."""
        if self._places is None:
            self._places = _places(self._text)
        line = self._places.get((name, key)) or self._places.get((name, ""))
        return f"{self.path}, line {line}" if line else str(self.path)

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

        def sound(key: str, found: Any, problem: str | None) -> Any:
            if problem:
                raise wrong(key, problem)
            return found

        missing: list[str] = []

        def lines(key: str) -> HeaderLines:
            found = value(key, list, [], 'a list such as [{ name = "app-id", value = "APP" }]')
            if not all(
                isinstance(line, dict) and isinstance(line.get("name"), str) and isinstance(line.get("value", ""), str)
                for line in found
            ):
                raise wrong(key, 'a list such as [{ name = "app-id", value = "APP" }] is expected')
            for line in found:
                if "value" not in line or (is_secret(line["name"]) and not line["value"]):
                    missing.append(line["name"])
            return tuple((line["name"], line.get("value", "")) for line in found)

        try:
            connection = parse_url(value("url", str, "", "a URL in quotes"))
        except UrlError as error:
            unknown = _unknown(name, table) if "url" not in table else None
            raise wrong("url", f"{error}; {unknown}" if unknown else str(error)) from error
        if "vhost" in table:
            vhost = value("vhost", (str, bool), "", "a text, or false for no host header")
            if vhost is True:
                raise wrong("vhost", "a text, or false for no host header, is expected")
            connection = replace(connection, vhost=None if vhost is False else vhost)
        beat = value("heart_beat", list, list(connection.heart_beat), "two numbers of milliseconds")
        if len(beat) != 2 or not all(type(ms) is int and ms >= 0 for ms in beat):
            raise wrong("heart_beat", "two numbers of milliseconds, such as [10000, 10000], are expected")
        sound("heart_beat", beat, heart_beat_problem((beat[0], beat[1])))
        timeout = value("timeout", (int, float), connection.timeout, "a number of seconds")
        sound("timeout", timeout, timeout_problem(timeout))
        versions = texts("versions", VERSIONS)
        if not versions or any(version not in VERSIONS for version in versions):
            raise wrong("versions", 'some of "1.0", "1.1", "1.2" are expected')
        try:
            colour = environment_colour(value("colour", str, "", "the name of a colour in quotes"))
        except ValueError as error:
            raise wrong("colour", str(error)) from error
        environment = Environment(
            colour,
            production=value("production", bool, False, "true or false"),
            read_only=value("read_only", bool, False, "true or false"),
        )
        dialect = value("dialect", str, "", "a text")
        no_receipts = texts("no_receipts")
        connection = replace(
            connection,
            versions=versions,
            tls=Tls(
                **{key: value(key, str, "", "a text") for key in TLS_TEXTS},
                verify=value("verify", bool, True, "true or false"),
            ),
            heart_beat=(beat[0], beat[1]),
            headers=lines("headers"),
            ws_headers=lines("ws_headers"),
            **_websocket(table, value, wrong),
            timeout=float(timeout),
            dialect=sound("dialect", dialect, dialect_problem(dialect)),
            no_receipts=sound("no_receipts", no_receipts, no_receipts_problem(no_receipts)),
            management=value("management", str, "", "a URL in quotes"),
            environment=environment,
        )
        sound("management", connection.management, management_problem(connection.management))
        messages = value("protobuf_messages", dict, {}, _MESSAGES)
        if not all(isinstance(message, str) and message for message in messages.values()):
            raise wrong("protobuf_messages", f"{_MESSAGES} is expected")
        every = value("watch_dead_letters", int, 0, "a number of seconds") if "watch_dead_letters" in table else None
        if every is not None and (problem := watch_problem(every)):
            raise wrong("watch_dead_letters", f"{problem}, is expected")
        keep = value("keep_drafts", str, "", KEEP_DRAFTS)
        if keep and keep not in get_args(DraftsKept):
            raise wrong("keep_drafts", f"{KEEP_DRAFTS} is expected")
        return Profile(
            connection,
            keyring=value("keyring", bool, False, "true or false"),
            subscribe=texts("subscribe"),
            consume=texts("consume"),
            protobuf=value("protobuf", str, "", "the path of a descriptor file"),
            protobuf_messages=messages,
            watch_dead_letters=every,
            keep_drafts=keep or None,
            secret_headers=tuple(missing),
            unknown=_unknown(name, table),
        )


def _websocket(
    table: Mapping[str, Any], value: Callable[..., Any], wrong: Callable[[str, str], ProfileError]
) -> dict[str, Any]:
    """The fields of `Connection` about WebSocket and sizes, but lists; `value` and `wrong` as in `_parsed`."""
    size = value("ws_message_size", int, 0, "a number of bytes") if "ws_message_size" in table else None
    if problem := message_size_problem(size):
        raise wrong("ws_message_size", problem)
    limit = value("frame_limit", int, 0, "a number of bytes") if "frame_limit" in table else None
    if problem := frame_limit_problem(limit):
        raise wrong("frame_limit", problem)
    proxy = value("proxy", str, "", "a URL in quotes")
    if problem := proxy_problem(proxy):
        raise wrong("proxy", problem)
    return {
        "ws_basic": value("ws_basic", bool, False, "true or false"),
        "ws_login": value("ws_login", str, "", "a text"),
        "proxy": proxy,
        "ws_message_size": size,
        "frame_limit": limit,
    }


def _unknown(name: str, table: Mapping[str, Any]) -> str | None:
    lines = [line for key in ("headers", "ws_headers") for line in table.get(key, ())]
    parts = (
        unknown_keys(f"profile '{name}'", table, KEYS, HINTS),
        unknown_keys(f"a header of profile '{name}'", (key for line in lines for key in line), _LINE_KEYS),
    )
    return "; ".join(filter(None, parts)) or None


def _places(text: str) -> dict[tuple[str, str], int]:
    """{(profile, key): line}; the key is "" for the profile itself."""
    found: dict[tuple[str, str], int] = {}
    name = ""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            name = _header(stripped, name)
            found.setdefault((name, ""), number)
        elif stripped:
            found.setdefault((name, stripped.partition("=")[0].strip().strip("\"'")), number)
    return found


def _header(line: str, before: str) -> str:
    """The profile of a table header such as [profiles.staging]; "profiles" for [profiles]; `before` if it is none."""
    try:
        tables = tomllib.loads(line)
    except ValueError:
        return before
    inner = tables.get("profiles")
    return next(iter(inner), "profiles") if isinstance(inner, dict) else ""
