"""The connection settings as texts in a form: to texts and back, with what is wrong in each field."""

from __future__ import annotations

from dataclasses import dataclass

from stomptui.config.connection import LONGEST_BEAT, LONGEST_TIMEOUT, Connection, HeaderLines, Tls, TransportKind
from stomptui.config.url import DEFAULT_PORTS, UrlError, format_url, parse_url, without_secret_query
from stomptui.protocol.codec import VERSIONS

_BLAMED = {"heart_beat": "beat_out", "tls": "transport", "path": "ws_path", "password": "passcode"}


@dataclass
class Form:
    """What stands in the form. Fields that are hidden keep what they hold."""

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
    """Seconds between the heart-beats we promise; 0 is none."""
    beat_in: str = ""
    """Seconds between the heart-beats we ask for; 0 is none."""
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
    dialect: str = ""
    management: str = ""

    @classmethod
    def of(cls, connection: Connection) -> Form:
        """The form that says a connection."""
        tls = connection.tls
        return cls(
            host=connection.host,
            port=str(connection.port),
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
            dialect=connection.dialect,
            management=connection.management,
        )

    def connection(self) -> tuple[Connection, dict[str, str]]:
        """The connection said, as far as it can be understood, and what is wrong by the name of the field."""
        wrong: dict[str, str] = {}
        timeout = self._seconds("timeout", wrong)
        beats = [round(self._seconds(name, wrong) * 1000) for name in ("beat_out", "beat_in")]
        port = self.port.strip()
        said = Connection(
            host=self.host.strip(),
            port=int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 0,
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
            timeout=timeout if "timeout" not in wrong else 1.0,
            dialect=self.dialect,
            management=self.management.strip(),
        )
        for name, text in said.problems().items():
            if name == "ws_headers" and not self.transport.websocket:
                continue
            wrong.setdefault(blamed(name), text)
        return said, wrong

    def retuned(self, before: TransportKind) -> None:
        """After another transport was chosen: the port and the `host` header follow if they were the usual ones."""
        if self.port.strip() in ("", str(DEFAULT_PORTS[before])):
            self.port = str(DEFAULT_PORTS[self.transport])
        if before.websocket != self.transport.websocket and self.vhost == "/":
            self.send_host = not self.transport.websocket

    def take_url(self, text: str, pasted: bool) -> bool:
        """Fill in what a URL says.

        Args:
            text: The URL as it stands in its field.
            pasted: Whether it came as a whole. Secrets typed for one host are then not taken to another.

        Returns:
            Whether the URL held a secret, which is better not shown for longer than needed.

        Raises:
            UrlError: It is no URL; the form is as it was.
        """
        said = parse_url(text)
        moved = pasted and said.host != self.host.strip()
        if said.passcode or moved:
            self.passcode = said.passcode
        if moved:
            # The login of the new broker must not go to the management of the old one.
            self.management = ""
        if said.transport.websocket:
            if not self.transport.websocket:
                self.send_host = False
            # The value of a token is not shown in the URL, so one that is missing there is not meant to go.
            if moved or said.ws_path != _path_of(self):
                self.ws_path = said.ws_path
        else:
            self.send_host = said.vhost is not None
            self.vhost = self.vhost if said.vhost is None else said.vhost
        self.host, self.port, self.login, self.transport = said.host, str(said.port), said.login, said.transport
        return bool(said.passcode) or without_secret_query(said.ws_path) != said.ws_path

    def url(self) -> str | None:
        """The URL of what is typed, without password; None while what it would say makes none."""
        said, wrong = self.connection()
        if {"host", "port", "ws_path", "vhost", "login"} & wrong.keys():
            return None
        return format_url(said)

    def _seconds(self, name: str, wrong: dict[str, str]) -> float:
        text = str(getattr(self, name)).strip().removesuffix("s").strip()
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        longest = LONGEST_TIMEOUT if name == "timeout" else LONGEST_BEAT / 1000
        if not 0 <= value <= longest:
            zero = "" if name == "timeout" else "; 0 is none"
            wrong[name] = f"a number of seconds up to {longest:.0f} is needed{zero}"
            return 0.0
        return value


def blamed(name: str) -> str:
    """The field of the form that stands for a field of `Connection`."""
    return _BLAMED.get(name, name)


def profile_name_for(connection: Connection) -> str:
    """A name to suggest for a profile."""
    return connection.host if connection.host not in ("127.0.0.1", "::1") else f"local {connection.port}"


def _path_of(form: Form) -> str:
    said, _ = form.connection()
    try:
        return parse_url(format_url(said)).ws_path if said.transport.websocket else ""
    except UrlError:
        return ""


def _plain(seconds: float) -> str:
    return str(int(seconds)) if float(seconds).is_integer() else str(seconds)
