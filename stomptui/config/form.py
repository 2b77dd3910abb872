"""Converting connection settings to the texts of a form and back, with an error for each field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from stomptui.config.connection import (
    LONGEST_BEAT,
    LONGEST_TIMEOUT,
    Connection,
    HeaderLines,
    Tls,
    TransportKind,
    frame_limit_problem,
    message_size_problem,
)
from stomptui.config.environment import Environment, EnvironmentColour
from stomptui.config.pasted_code import PastedCode
from stomptui.config.secret_names import carries_secret, path_without_secrets, without_sources
from stomptui.config.several_hosts import Address, joined, split_addresses
from stomptui.config.url import DEFAULT_PORTS, UrlError, format_url, parse_url
from stomptui.protocol.codec import VERSIONS

_FORM_FIELDS = {"heart_beat": "beat_out", "tls": "transport", "path": "ws_path", "password": "passcode"}


class Place(NamedTuple):
    """Where a form connects to, as far as secrets are meant for it."""

    addresses: frozenset[tuple[str, int]]
    encrypted: bool

    def is_left_for(self, other: Place) -> bool:
        """Whether a secret that was meant for this place is not for the other: another server, or unencrypted."""
        return self.addresses != other.addresses or (self.encrypted and not other.encrypted)


@dataclass
class Form:
    """The content of the connection form; hidden fields keep theirs."""

    host: str = ""
    port: str = ""
    vhost: str = "/"
    send_host: bool = True
    """Whether the `host` header is sent at all."""
    login: str = ""
    passcode: str = ""
    versions: tuple[str, ...] = VERSIONS
    transport: TransportKind = TransportKind.TCP
    timeout: str = ""
    beat_out: str = ""
    """Seconds between the heart-beats that we can send; 0 is none."""
    beat_in: str = ""
    """Seconds between the heart-beats that we want; 0 is none."""
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    key_password: str = ""
    server_name: str = ""
    verify: bool = True
    headers: HeaderLines = ()
    ws_path: str = ""
    ws_basic: bool = False
    ws_headers: HeaderLines = ()
    ws_login: str = ""
    ws_passcode: str = ""
    proxy: str = ""
    ws_message_size: str = ""
    """Bytes; "" for what the broker is known to need."""
    frame_limit: str = ""
    """Bytes of the largest frame that the broker takes; 0 is any, "" what is known of it."""
    dialect: str = ""
    no_receipts: str = ""
    """Commands, with commas or blanks between them."""
    management: str = ""
    colour: EnvironmentColour = EnvironmentColour.NONE
    production: bool = False
    read_only: bool = False

    @classmethod
    def of(cls, connection: Connection) -> Form:
        """The form for a connection."""
        tls = connection.tls
        port = connection.addresses[0].port if connection.addresses else connection.port
        return cls(
            host=joined(connection.addresses, port) if connection.addresses else connection.host,
            port=str(port),
            vhost="/" if connection.vhost is None else connection.vhost,
            send_host=connection.vhost is not None,
            login=connection.login,
            passcode=connection.passcode,
            versions=connection.versions,
            transport=connection.transport,
            timeout=_plain(connection.timeout),
            beat_out=_plain(connection.heart_beat[0] / 1000),
            beat_in=_plain(connection.heart_beat[1] / 1000),
            ca_file=tls.ca_file,
            cert_file=tls.cert_file,
            key_file=tls.key_file,
            key_password=tls.key_password,
            server_name=tls.server_name,
            verify=tls.verify,
            headers=connection.headers,
            ws_path=connection.ws_path,
            ws_basic=connection.ws_basic,
            ws_headers=connection.ws_headers,
            ws_login=connection.ws_login,
            ws_passcode=connection.ws_passcode,
            proxy=connection.proxy,
            ws_message_size="" if connection.ws_message_size is None else str(connection.ws_message_size),
            frame_limit="" if connection.frame_limit is None else str(connection.frame_limit),
            dialect=connection.dialect,
            no_receipts=", ".join(connection.no_receipts),
            management=connection.management,
            colour=connection.environment.colour,
            production=connection.environment.production,
            read_only=connection.environment.read_only,
        )

    def connection(self) -> tuple[Connection, dict[str, str]]:
        """The connection, as far as the fields are valid, and what is wrong by the name of the field."""
        problems: dict[str, str] = {}
        timeout = self._seconds("timeout", problems)
        beats = [round(self._seconds(name, problems) * 1000) for name in ("beat_out", "beat_in")]
        port = self.port.strip()
        number = int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 0
        addresses = split_addresses(self.host, number) if "," in self.host else (Address(self.host.strip(), number),)
        parsed = Connection(
            host=addresses[0].host,
            port=addresses[0].port,
            addresses=addresses if len(addresses) > 1 else (),
            vhost=self.vhost if self.send_host else None,
            login=self.login,
            passcode=self.passcode,
            versions=self.versions,
            transport=self.transport,
            tls=Tls(
                ca_file=self.ca_file.strip(),
                cert_file=self.cert_file.strip(),
                key_file=self.key_file.strip(),
                key_password=self.key_password,
                server_name=self.server_name.strip(),
                verify=self.verify,
            ),
            heart_beat=(beats[0], beats[1]),
            headers=self.headers,
            ws_path=self.ws_path.strip(),
            ws_basic=self.ws_basic,
            ws_headers=self.ws_headers,
            ws_login=self.ws_login,
            ws_passcode=self.ws_passcode,
            proxy=self.proxy.strip(),
            ws_message_size=self._message_size(problems),
            frame_limit=self._frame_limit(problems),
            timeout=timeout if "timeout" not in problems else 1.0,
            dialect=self.dialect,
            no_receipts=tuple(dict.fromkeys(self.no_receipts.upper().replace(",", " ").split())),
            management=self.management.strip(),
            environment=Environment(self.colour, self.production, self.read_only),
        )
        for name, text in parsed.problems().items():
            if name == "ws_headers" and not self.transport.websocket:
                continue
            problems.setdefault(form_field(name), text)
        return parsed, problems

    def transport_changed(self, before: TransportKind) -> None:
        """Adapt port and `host` header to a new transport if they were the defaults of the one before."""
        if self.port.strip() in ("", str(DEFAULT_PORTS[before])):
            self.port = str(DEFAULT_PORTS[self.transport])
        if before.websocket != self.transport.websocket and self.vhost == "/":
            self.send_host = not self.transport.websocket

    @property
    def secrets(self) -> list[str]:
        """What of it is secret and there, by name: header lines in their order, and passwords. Never a value."""
        lines = [name for name, value in (*self.headers, *self.ws_headers) if carries_secret(name, value)]
        passwords = {"password": self.passcode, "HTTP password": self.ws_passcode}
        return list(dict.fromkeys([*lines, *(name for name, value in passwords.items() if value)]))

    def fill_from_url(self, text: str, pasted: bool) -> bool:
        """Fill in the fields that a URL has.

        Args:
            text: The URL.
            pasted: Whether it came as a whole. Then secrets meant for another place are removed, and header lines that
                say where a secret is read.

        Returns:
            Whether the URL has a secret in it, and should not stay on the screen.

        Raises:
            UrlError: It is no URL; the form is unchanged.
        """
        parsed = parse_url(text)
        given = Form.of(parsed)
        moved = pasted and self.place.is_left_for(given.place)
        if moved:
            self._remove_secrets()
            # The login of the new broker must not go to the management of the old one.
            self.management = ""
        if parsed.passcode:
            self.passcode = parsed.passcode
        if parsed.transport.websocket:
            if not self.transport.websocket:
                self.send_host = False
            # The value of a token is not shown in the URL, so one that is missing there is not meant to go.
            if moved or parsed.ws_path != _path_of(self):
                self.ws_path = parsed.ws_path
        else:
            if moved:
                self.ws_path = without_sources(path_without_secrets(self.ws_path))
            self.send_host = parsed.vhost is not None
            self.vhost = self.vhost if parsed.vhost is None else parsed.vhost
        self.host, self.port, self.login, self.transport = given.host, given.port, parsed.login, parsed.transport
        return bool(parsed.passcode) or path_without_secrets(parsed.ws_path) != parsed.ws_path

    def fill_from_code(self, code: PastedCode) -> list[str]:
        """Fill in the fields that pasted code has.

        Returns:
            What was taken, in words; [] if nothing was, and the form is unchanged.

        Raises:
            UrlError: Its address is no URL; the form is unchanged.
        """
        taken = []
        if code.url.startswith("/"):
            before = self.transport
            removed = self.leaves_page(code) and self._remove_secrets()
            self.transport = before if before.websocket else TransportKind.WS
            self.transport_changed(before)
            self.ws_path = code.url
            gone = "; the password and tokens that were here are removed, they may be another application's"
            taken.append(f"path (check the host: it is that of its page{gone if removed else ''})")
        elif code.url:
            self.fill_from_url(code.url, True)
            taken.append("address")
        for name, value in (("login", code.login), ("passcode", code.passcode), ("vhost", code.vhost)):
            if value is not None:
                setattr(self, name, value)
                taken.append({"passcode": "password", "vhost": "virtual host"}.get(name, name))
        self.send_host = self.send_host or code.vhost is not None
        if code.headers:
            names = {name for name, _ in code.headers}
            self.headers = (*(line for line in self.headers if line[0] not in names), *code.headers)
            taken.append("1 header" if len(code.headers) == 1 else f"{len(code.headers)} headers")
        for name, beat in (("beat_out", code.heart_beat_out), ("beat_in", code.heart_beat_in)):
            if beat is not None:
                setattr(self, name, _plain(beat / 1000))
        if code.heart_beat_out is not None or code.heart_beat_in is not None:
            taken.append("heart-beats")
        if code.message_size is not None:
            self.ws_message_size = str(code.message_size)
            taken.append("size of messages")
        return taken

    def leaves_page(self, code: PastedCode) -> bool:
        """Whether code that names no host is of another path than the form's, and so maybe of another application.

        Which host its page comes from is not known. Where the path is the same, it most likely is the form's.
        """
        path = code.url.partition("?")[0]
        return path.startswith("/") and not (self.transport.websocket and self.ws_path.partition("?")[0] == path)

    def _remove_secrets(self) -> bool:
        """Remove passwords, and header lines that have a secret or say where one is read; whether there were any."""
        before = self.passcode, self.ws_passcode, self.headers, self.ws_headers
        self.passcode = self.ws_passcode = ""
        self.headers, self.ws_headers = _without_secrets(self.headers), _without_secrets(self.ws_headers)
        return before != (self.passcode, self.ws_passcode, self.headers, self.ws_headers)

    @property
    def place(self) -> Place:
        """Where it connects to now, whether that makes sense or not."""
        said, _ = self.connection()
        addresses = said.addresses or (Address(said.host, said.port),)
        return Place(frozenset((host.strip().casefold(), port) for host, port in addresses), said.transport.encrypted)

    def url(self) -> str | None:
        """The URL of the form, without password; None while a field that it needs is wrong."""
        parsed, problems = self.connection()
        if {"host", "port", "ws_path", "vhost", "login"} & problems.keys():
            return None
        return format_url(parsed)

    def _message_size(self, problems: dict[str, str]) -> int | None:
        text = self.ws_message_size.strip().replace(",", "")
        if not text:
            return None
        size = int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else -1
        if problem := message_size_problem(size):
            if self.transport.websocket:
                problems["ws_message_size"] = problem
            return None
        return size

    def _frame_limit(self, problems: dict[str, str]) -> int | None:
        text = self.frame_limit.strip().replace(",", "")
        if not text:
            return None
        size = int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else -1
        if problem := frame_limit_problem(size):
            problems["frame_limit"] = problem
            return None
        return size

    def _seconds(self, name: str, problems: dict[str, str]) -> float:
        text = str(getattr(self, name)).strip().removesuffix("s").strip()
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        longest = LONGEST_TIMEOUT if name == "timeout" else LONGEST_BEAT / 1000
        if not 0 <= value <= longest:
            zero = "" if name == "timeout" else "; 0 is none"
            problems[name] = f"a number of seconds up to {longest:.0f} is needed{zero}"
            return 0.0
        return value


def form_field(name: str) -> str:
    """The field of the form for a field of `Connection`."""
    return _FORM_FIELDS.get(name, name)


def profile_name_for(connection: Connection) -> str:
    """A name to suggest for a profile."""
    return connection.host if connection.host not in ("127.0.0.1", "::1") else f"local {connection.port}"


def _without_secrets(lines: HeaderLines) -> HeaderLines:
    return tuple(line for line in lines if not carries_secret(*line))


def _path_of(form: Form) -> str:
    parsed, _ = form.connection()
    try:
        return parse_url(format_url(parsed)).ws_path if parsed.transport.websocket else ""
    except UrlError:
        return ""


def _plain(seconds: float) -> str:
    return str(int(seconds)) if float(seconds).is_integer() else str(seconds)
