"""Spring's STOMP over WebSocket: an application of our own, built once by Maven from tests/interop/spring/app."""

from __future__ import annotations

import enum
import functools
import hashlib
import http.client
import json
import os
import shutil
import urllib.parse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from stomptui.config.connection import Connection, Tls, TransportKind
from tests.support.brokers import java
from tests.support.brokers.base import Broker, CannotFetch
from tests.support.brokers.cache import CACHE, fill
from tests.support.certificates import Certificates, make_certificates
from tests.support.ports import accepts, free_ports

WRITTEN_FOR = "3.5.16"
VERSION = os.environ.get("SPRING_BOOT") or WRITTEN_FOR
"""Of Spring Boot; `SPRING_BOOT=4.0.9` has the tests run with that one."""
SINCE_4 = {
    "org.springframework.boot.web.embedded.tomcat.": "org.springframework.boot.tomcat.servlet.",
    "addAdditionalTomcatConnectors": "addAdditionalConnectors",
}
"""What the sources name otherwise from Spring Boot 4 on."""
SOURCES = Path(__file__).parents[2] / "interop" / "spring" / "app"
TOKEN = "open-sesame"
"""What opens the doors BEARER and QUERY until a test has the server accept another."""


class Door(enum.Enum):
    """A way into the application, as its `Door.java` has them; the value is what its paths begin with."""

    OPEN = ""
    BASIC = "/basic"
    FORM = "/form"
    BEARER = "/bearer"
    QUERY = "/query"
    CSRF = "/csrf"


def _digest() -> str:
    """What the built application depends on: the version, names and contents of its sources."""
    found = hashlib.sha256(VERSION.encode())
    for path in sorted(path for path in SOURCES.rglob("*") if path.is_file() and "target" not in path.parts):
        found.update(f"{path.relative_to(SOURCES)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:12]


HOME = CACHE / f"spring-app-{_digest()}"
JAR = HOME / "testapp.jar"


class Spring(Broker):
    """One process; `settings` are those of the application's `Settings.java`, by their names in kebab case.

    alice and bob may log in, the password is the name. Nobody may subscribe to /topic/secret.
    """

    key: ClassVar[str] = "spring"
    title: ClassVar[str] = f"Spring Boot {VERSION}"

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(folder)
        self.settings = dict(settings or {})
        self.port, self.tls_port, self.client_tls_port = free_ports(3)

    @classmethod
    def missing(cls) -> str:
        return java.missing(HOME)

    @classmethod
    def fetch(cls) -> None:
        fill(HOME, _build)

    @functools.cached_property
    def certificates(self) -> Certificates:
        return make_certificates(self.folder / "certs")

    def start(self) -> None:
        server = {
            "server.address": "127.0.0.1",
            "server.port": str(self.port),
            "spring.main.banner-mode": "off",
            "app.tls-port": str(self.tls_port),
            "app.client-tls-port": str(self.client_tls_port),
            "app.certificates": str(self.certificates.ca.parent),
            **{f"app.{name}": value for name, value in self.settings.items()},
        }
        options = ("-Xmx256M", *java.SHORT_LIVED, f"-Djava.io.tmpdir={self.folder}")
        arguments = (f"--{name}={value}" for name, value in server.items())
        self._spawn(["java", *options, "-jar", str(JAR), *arguments], java.environment())
        ports = (self.port, self.tls_port, self.client_tls_port)
        self._wait_until(lambda: all(accepts(port) for port in ports))

    def connection(self) -> Connection:
        """By the open door; `?user=NAME` behind its path gives a name."""
        return self.through(Door.OPEN)

    def through(self, door: Door) -> Connection:
        """By a door, with all that it asks for."""
        made = Connection(port=self.port, vhost=None, transport=TransportKind.WS, ws_path=f"{door.value}/ws")
        if door is Door.BASIC:
            return replace(made, login="alice", passcode="alice", ws_basic=True)
        if door is Door.BEARER:
            return replace(made, headers=(("Authorization", f"Bearer {TOKEN}"),))
        if door is Door.QUERY:
            return replace(made, ws_path=f"{made.ws_path}?access_token={TOKEN}")
        if door in (Door.FORM, Door.CSRF):
            cookie = self.log_in("alice")
            made = replace(made, ws_headers=(("Cookie", cookie),))
            return made if door is Door.FORM else replace(made, headers=(self.csrf_header(cookie),))
        return made

    def tls_connection(self) -> Connection:
        """By the open door over TLS, trusting this server's CA."""
        trusting = Tls(ca_file=str(self.certificates.ca))
        return replace(self.connection(), port=self.tls_port, transport=TransportKind.WSS, tls=trusting)

    def client_tls_connection(self) -> Connection:
        """The same on the port that wants a client certificate, with one."""
        own = self.certificates.client
        trusting = Tls(ca_file=str(self.certificates.ca), cert_file=str(own.cert), key_file=str(own.key))
        return replace(self.tls_connection(), port=self.client_tls_port, tls=trusting)

    def log_in(self, user: str) -> str:
        """Fill in the form at /login; the cookie, as `NAME=VALUE`."""
        form = urllib.parse.urlencode({"username": user, "password": user})
        status, headers, _ = self.ask("POST", "/login", form.encode(), type="application/x-www-form-urlencoded")
        assert status == 302 and "error" not in headers["location"], (status, headers)
        return headers["set-cookie"].partition(";")[0]

    def log_out(self, cookie: str) -> None:
        """End the HTTP session of that cookie, and with it its WebSockets."""
        status, headers, _ = self.ask("POST", "/logout", cookie=cookie)
        assert status == 302, (status, headers)

    def csrf_header(self, cookie: str) -> tuple[str, str]:
        """The header of CONNECT that the door CSRF asks for, of whoever has that cookie."""
        status, _, body = self.ask("GET", "/csrf/token", cookie=cookie)
        assert status == 200, (status, body)
        told = json.loads(body)
        return told["header"], told["token"]

    def publish(self, destination: str, body: bytes, **options: str) -> None:
        """Have the application send it: `type` is its content type, `user` one whose destination it is."""
        self._do("publish", body, to=destination, **options)

    def flood(self, destination: str, count: int, size: int, rate: int = 0) -> None:
        """Have it send so many, each beginning with its number, `rate` a second; returns when all are under way."""
        self._do("flood", b"", to=destination, count=str(count), size=str(size), rate=str(rate))

    def accept_token(self, token: str) -> None:
        """From now on the doors BEARER and QUERY take this token and no other: the one before has expired."""
        self._do("token", b"", accept=token)

    def close_all(self, code: int, reason: str = "") -> None:
        """Close every WebSocket with that code."""
        self._do("close", b"", code=str(code), reason=reason)

    def ask(
        self, method: str, path: str, body: bytes = b"", cookie: str = "", type: str = "application/octet-stream"
    ) -> tuple[int, dict[str, str], bytes]:
        """One HTTP request on the plain port; status, headers by lower-case name, body."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            asking.request(method, path, body, {"Content-Type": type} | ({"Cookie": cookie} if cookie else {}))
            answer = asking.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            asking.close()

    def _do(self, what: str, body: bytes, **query: str) -> None:
        status, _, answer = self.ask("POST", f"/lab/{what}?{urllib.parse.urlencode(query)}", body)
        assert status == 200, (what, status, answer)


def _build(folder: Path) -> None:
    if not shutil.which("javac"):
        raise CannotFetch("javac is not installed")
    sources = folder / "sources"
    shutil.copytree(SOURCES, sources, ignore=shutil.ignore_patterns("target"))
    _set_version(sources)
    java.mvn(sources, "package")
    (sources / "target" / "testapp.jar").rename(folder / "testapp.jar")
    shutil.rmtree(sources)


def _set_version(sources: Path) -> None:
    """Make sources that are written for one version those for the version that is wanted."""
    changes = {f"<version>{WRITTEN_FOR}</version>": f"<version>{VERSION}</version>"}
    if int(VERSION.partition(".")[0]) >= 4:
        changes |= SINCE_4
    for path in (sources / "pom.xml", *sources.rglob("*.java")):
        text = path.read_text(encoding="utf-8")
        for old, new in changes.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
