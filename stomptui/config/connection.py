"""The settings of one connection (host, TLS, login, heart-beats, ...), checked before anything is sent."""

from __future__ import annotations

import base64
import enum
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote

from stomptui.config.dialects import dialect_problem
from stomptui.config.environment import UNMARKED, Environment
from stomptui.config.files.paths import typed_path
from stomptui.config.files.regular_files import not_regular
from stomptui.config.hosts import host_problem
from stomptui.config.management import is_loopback, management_problem, parse_management
from stomptui.config.proxy import password_span, proxy_problem
from stomptui.config.secret_names import (
    MASK,
    carries_secret,
    has_source,
    path_without_secrets,
    secrets_in,
    spans_in_path,
    without_secrets,
    without_sources,
)
from stomptui.config.several_hosts import Address
from stomptui.protocol.clean import clean
from stomptui.protocol.codec import VERSIONS, encode, name_problem, value_problem

HeaderLines = tuple[tuple[str, str], ...]
_HTTP_NAME = re.compile(r"[!-9;-~]+")
CONFIRMED = ("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT")
"""Commands that receipts are asked for (STOMP 1.2, "Header receipt"), but for DISCONNECT, which does not wait long."""
LONGEST_TIMEOUT = 3600.0
"""The most seconds that connecting may take."""
LARGEST_PEM = 16 << 20
"""The most bytes of a file of certificates; all authorities of a system take less than one million."""
SMALLEST_MESSAGE = 128
"""The fewest bytes of a WebSocket message that frames are cut into."""
LARGEST_FRAME = 1 << 31
"""Bytes of the largest frame that a limit can be set to."""
LARGEST_MESSAGE = 1 << 30
LONGEST_BEAT = 24 * 3600 * 1000
"""The most milliseconds between two heart-beats; longer intervals are of no use."""


class TransportKind(enum.Enum):
    """The transport of frames; the value is its URL scheme."""

    TCP = "stomp"
    TLS = "stomp+ssl"
    WS = "ws"
    WSS = "wss"

    @property
    def encrypted(self) -> bool:
        """Whether it uses TLS."""
        return self in (TransportKind.TLS, TransportKind.WSS)

    @property
    def websocket(self) -> bool:
        """Whether frames are sent in WebSocket messages."""
        return self in (TransportKind.WS, TransportKind.WSS)


@dataclass(frozen=True)
class Tls:
    """How the broker's certificate is verified, and our client certificate. Paths are PEM files; "" is none."""

    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    key_password: str = field(default="", repr=False)
    server_name: str = ""
    verify: bool = True


@dataclass(frozen=True)
class Connection:
    """The settings of one connection. Immutable; `dataclasses.replace` makes another.

    Times are in seconds, heart-beats in milliseconds as on the wire: (we can send every, we want every).
    """

    host: str = "127.0.0.1"
    port: int = 61613
    vhost: str | None = "/"
    """The `host` header; None leaves it out."""
    login: str = ""
    passcode: str = field(default="", repr=False)
    versions: tuple[str, ...] = VERSIONS
    transport: TransportKind = TransportKind.TCP
    tls: Tls = Tls()
    heart_beat: tuple[int, int] = (10_000, 10_000)
    headers: HeaderLines = ()
    """Extra CONNECT headers, in order."""
    ws_path: str = "/ws"
    """Path and query of the WebSocket endpoint; values in it may say where they come from, as those of headers."""
    ws_headers: HeaderLines = ()
    """Extra headers of the WebSocket handshake, in order, repeats allowed."""
    ws_basic: bool = False
    """Also send login and passcode as HTTP Basic authorization in the WebSocket handshake."""
    ws_login: str = ""
    """The login of HTTP Basic authorization in the handshake, where it is another than that of STOMP; "" for none."""
    ws_passcode: str = field(default="", repr=False)
    """The password of `ws_login`."""
    proxy: str = field(default="", repr=False)
    """The HTTP proxy of a WebSocket as a URL, "none" for none, "" for that of the environment."""
    ws_message_size: int | None = None
    """Bytes of the largest WebSocket message to send; larger frames are cut into several. 0 cuts none, None does what
    the broker is known to need."""
    frame_limit: int | None = None
    """Bytes of the largest frame that the broker takes; larger ones are warned of. 0 warns of none, None goes by what
    the broker is known to take, or has told."""
    timeout: float = 10.0
    """Seconds from the name lookup to CONNECTED."""
    dialect: str = ""
    """The name of the dialect to use whatever CONNECTED says; "" recognises it."""
    no_receipts: tuple[str, ...] = ()
    """Commands that the server is known never to confirm, so that no receipt is asked for; of `CONFIRMED`."""
    management: str = ""
    """The URL of the broker's HTTP management API, used with the same login and password; "" is none."""
    environment: Environment = UNMARKED
    """How it is marked, and whether it is read-only."""
    addresses: tuple[Address, ...] = ()
    """Where the broker may be, in the order to try, if not in one place alone; `host` and `port` are one of them."""
    read: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """What was read for the path. It is a secret, whatever the name of its field in the query is."""
    side: bool = field(default=False, compare=False)
    """Whether it is for a side connection, which may take what a command has printed for another one a moment ago."""

    def connect_headers(self, masked: bool = False) -> list[tuple[str, str]]:
        """The headers of the CONNECT frame, in the order they are sent; `masked` hides the passcode."""
        lines = [("accept-version", ",".join(self.versions))]
        if self.login:
            lines.append(("login", self.login))
        if self.passcode:
            lines.append(("passcode", MASK if masked else self.passcode))
        if self.vhost is not None:
            lines.append(("host", self.vhost))
        if self.heart_beat != (0, 0):
            lines.append(("heart-beat", f"{self.heart_beat[0]},{self.heart_beat[1]}"))
        return lines + [(n, without_secrets(n, v) if masked else v) for n, v in self.headers]

    def connect_frame(self, masked: bool = False) -> bytes:
        """The CONNECT frame, NUL included; never a STOMP frame, which interceptors of some servers miss."""
        return encode("CONNECT", self.connect_headers(masked), b"", "1.0")

    def handshake_headers(self, masked: bool = False) -> list[tuple[str, str]]:
        """The extra headers of the WebSocket handshake, `Authorization: Basic` (RFC 7617) included if asked for."""
        lines = list(self.ws_headers)
        if self.ws_basic or self.ws_login:
            who = f"{self.ws_login}:{self.ws_passcode}" if self.ws_login else f"{self.login}:{self.passcode}"
            token = base64.b64encode(who.encode("utf-8", "surrogatepass")).decode()
            lines.insert(0, ("Authorization", f"Basic {token}"))
        return [(n, without_secrets(n, v) if masked else v) for n, v in lines]

    def secrets(self) -> list[str]:
        """Every secret value in these settings, for the log to leave out."""
        found = [self.passcode, self.ws_passcode, self.tls.key_password]
        for name, value in (*self.headers, *self.handshake_headers()):
            found += secrets_in(name, value)
        in_proxy = slice(*password_span(self.proxy))
        found += [form for text in self.read for form in (text, quote(text, safe=""))]
        for text in (self.proxy[in_proxy], *(self.ws_path[slice(*span)] for span in spans_in_path(self.ws_path))):
            found += [text, unquote(text)]
        return [secret for secret in found if secret]

    @property
    def proves_identity(self) -> bool:
        """Whether anything goes with it that is meant to say who one is: a password, a token, a cookie."""
        lines = (*self.headers, *self.ws_headers)
        return bool(self.secrets()) or has_source(self.ws_path) or any(carries_secret(*line) for line in lines)

    def at(self, address: Address) -> Connection:
        """The same connection, at one of its addresses."""
        return replace(self, host=address.host, port=address.port)

    @property
    def in_turn(self) -> tuple[Connection, ...]:
        """The connection at each of its addresses: the one it is at, those behind it in the list, those before it."""
        here = Address(self.host, self.port)
        if here not in self.addresses:
            return (self,)
        place = self.addresses.index(here)
        return tuple(self.at(address) for address in (*self.addresses[place:], *self.addresses[:place]))

    @property
    def client_id(self) -> str:
        """The `client-id` header of CONNECT, under which brokers retain durable subscriptions; "" without one."""
        return next((value for name, value in self.headers if name == "client-id"), "")

    def with_transport(self, transport: TransportKind) -> Connection:
        """The same host and port with another transport; the default virtual host changes with it."""
        vhost = self.vhost
        if transport.websocket != self.transport.websocket and vhost in (None, "/"):
            vhost = None if transport.websocket else "/"
        return replace(self, transport=transport, vhost=vhost)

    def for_side_connection(self) -> Connection:
        """The same for a side connection: without the client-id, which only one connection may use at a time."""
        return replace(self, headers=tuple(line for line in self.headers if line[0] != "client-id"), side=True)

    @property
    def where(self) -> str:
        """Login and address for a person, without secrets: `guest@127.0.0.1:61613 /`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        who = f"{self.login}@" if self.login else ""
        place = (
            path_without_secrets(self.ws_path).partition("?")[0] if self.transport.websocket else f" {self.vhost or ''}"
        )
        return f"{who}{host}:{self.port}{place}".rstrip()

    def problems(self) -> dict[str, str]:
        """What is wrong, by field: {"port": "a port is a number from 1 to 65535"}; {} if nothing is."""
        found: dict[str, str] = {}
        addresses = self.addresses or (Address(self.host, self.port),)
        if no_host := next(filter(None, (host_problem(address.host.strip()) for address in addresses)), None):
            found["host"] = no_host
        if any(not 1 <= address.port <= 65535 for address in addresses):
            found["port"] = "a port is a number from 1 to 65535"
        for name, value in (("vhost", self.vhost or ""), ("login", self.login), ("passcode", self.passcode)):
            problem = value_problem(value, "CONNECT", "1.0")
            if problem:
                found[name] = problem.replace("a header value", "this field")
        if not self.versions or any(v not in VERSIONS for v in self.versions):
            found["versions"] = "choose at least one of 1.0, 1.1, 1.2"
        judged = {
            "heart_beat": heart_beat_problem(self.heart_beat),
            "timeout": timeout_problem(self.timeout),
            "no_receipts": no_receipts_problem(self.no_receipts),
            "dialect": dialect_problem(self.dialect),
        }
        found.update((name, problem) for name, problem in judged.items() if problem)
        for name, lines in (("headers", self.headers), ("ws_headers", self.ws_headers)):
            for key, value in lines:
                problem = name_problem(key, "CONNECT", "1.0") or value_problem(value, "CONNECT", "1.0")
                if name == "ws_headers" and not _HTTP_NAME.fullmatch(key):
                    problem = "this cannot be the name of an HTTP header"
                if problem:
                    found[name] = f"{key or '(no name)'}: {problem}"
                    break
        if self.management and (problem := self._management_problem()):
            found["management"] = problem
        if self.transport.websocket and not re.fullmatch(r"/[!-\"$-~]*", without_sources(self.ws_path)):
            found["ws_path"] = "a path begins with /, and has no blanks, no # and nothing beyond ASCII"
        if self.transport.websocket and (problem := proxy_problem(self.proxy)):
            found["proxy"] = problem
        if self.transport.websocket and ":" in self.ws_login:
            found["ws_login"] = "a login of HTTP has no colon"
        sizes = {
            "ws_message_size": message_size_problem(self.ws_message_size),
            "frame_limit": frame_limit_problem(self.frame_limit),
        }
        found.update({name: problem for name, problem in sizes.items() if problem})
        if self.transport.encrypted:
            for name in ("ca_file", "cert_file", "key_file"):
                path = getattr(self.tls, name)
                if path and (problem := _file_problem(path)):
                    found[name] = problem
            if self.tls.key_file and not self.tls.cert_file:
                found["cert_file"] = "a key needs its certificate"
        return found

    def _management_problem(self) -> str | None:
        problem = management_problem(self.management)
        if problem:
            return problem
        place = parse_management(self.management)
        if self.transport.encrypted and not place.encrypted and not is_loopback(place.host):
            return "http:// would send the password unencrypted, which this connection does not: use https://"
        return None


def timeout_problem(seconds: float) -> str | None:
    """Why this cannot be the timeout of a connection, None if it can."""
    if 0 < seconds <= LONGEST_TIMEOUT:
        return None
    return f"a timeout is more than 0 and at most {LONGEST_TIMEOUT:.0f} seconds"


def no_receipts_problem(commands: Iterable[str]) -> str | None:
    """Why these cannot be commands without receipts, None if they can."""
    unknown = [command for command in commands if command not in CONFIRMED]
    return f"{clean(unknown[0])[:20]} is none of {', '.join(CONFIRMED)}" if unknown else None


def message_size_problem(size: int | None) -> str | None:
    """Why this cannot be the size of a WebSocket message, None if it can."""
    if size is None or size == 0 or SMALLEST_MESSAGE <= size <= LARGEST_MESSAGE:
        return None
    return f"a number of bytes from {SMALLEST_MESSAGE} on is needed; 0 never cuts a frame"


def frame_limit_problem(size: int | None) -> str | None:
    """Why this cannot be the size of the largest frame, None if it can."""
    if size is None or 0 <= size <= LARGEST_FRAME:
        return None
    return "a number of bytes is needed; 0 warns of no size"


def heart_beat_problem(beats: tuple[int, int]) -> str | None:
    """Why these cannot be heart-beat intervals, in milliseconds; None if they can."""
    if all(0 <= beat <= LONGEST_BEAT for beat in beats):
        return None
    return f"a heart-beat is 0 (none) or a time of at most {LONGEST_BEAT // 1000} seconds, which is a day"


def _file_problem(name: str) -> str | None:
    """Why no certificate or key can be read from a file; None if perhaps one can."""
    path = typed_path(name)
    try:
        size = path.stat().st_size
    except (OSError, ValueError):
        return f"no such file: {name}"
    if kind := not_regular(path):
        return f"{name}: {kind}"
    if not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        return f"{name} cannot be read: no permission"
    return f"{name} is too large for certificates: {size:,} bytes" if size > LARGEST_PEM else None
