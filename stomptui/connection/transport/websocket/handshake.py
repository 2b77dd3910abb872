"""The HTTP upgrade to WebSocket (RFC 6455, section 4): the request, the response, why it was refused."""

from __future__ import annotations

import base64
import hashlib
import re
import selectors
import socket
import ssl
import time
from dataclasses import dataclass, field, replace
from http.client import responses

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.secret_names import path_without_secrets
from stomptui.connection import connect_errors
from stomptui.connection.errors import ConnectError, Want
from stomptui.connection.masking import sent_secrets, without_sent
from stomptui.connection.transport.connecting import other_servers
from stomptui.connection.transport.connecting.connect import ConnectDeadline
from stomptui.protocol.numbers import whole_number

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_MAX_HEAD = 64 << 10
_MAX_BODY = 16 << 10
_BODY_PAUSE = 1.0
"""Seconds to wait for a body whose end is not known."""
_LOGIN = re.compile(r"log-?in|sign-?in|auth|sso", re.IGNORECASE)
_BASIC = re.compile(r"\s*basic\b", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
"""Some servers end lines without a carriage return, which RFC 9112 (2.2) lets a client take."""
_NO_HEADER = re.compile(r"[^!-9;-~]")


@dataclass(frozen=True)
class HttpResponse:
    """An HTTP response; header names as sent, in order."""

    status: int
    line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    """The body, or what came behind the header of a 101."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What was sent and must not be shown where the server repeats it."""

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def summary(self) -> str:
        """What the response says beyond status and Location, which our own words have.

        A reason phrase of the server's own, WWW-Authenticate, and the body without its markup; "" if nothing.
        """
        lines = [self._own_reason] if self._own_reason else []
        lines += [f"{name}: {value}" for name, value in self.headers if name.lower() == "www-authenticate"]
        length = self.get("content-length")
        if length and whole_number(length) is None:
            lines.append(f"content-length: {length[:40]}{'…' if len(length) > 40 else ''} (this is no length)")
        text = self.body.decode("utf-8", "replace")
        if "html" in self.get("content-type") or text.lstrip()[:1] == "<":
            text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>", " ", text)
            text = " ".join(re.sub(r"<[^<>]*>", " ", text).split())
        if text.strip():
            lines.append(text.strip())
        return self.shown("\n".join(lines))[: connect_errors.TEXT_LIMIT]

    @property
    def _own_reason(self) -> str:
        """The reason phrase of the status line, "" where it is none or the usual one."""
        reason = self.line.split(maxsplit=2)[2:]
        return "" if not reason or reason[0].strip().lower() == responses.get(self.status, "").lower() else reason[0]

    def shown(self, text: str) -> str:
        """A part of the response without secrets."""
        return without_sent(text, self.secrets)


def authority(connection: Connection) -> str:
    """The `Host` header: the port only where it is not the usual one."""
    host = connection.host.strip()
    host = f"[{host}]" if ":" in host else host
    usual = 443 if connection.transport.encrypted else 80
    return host if connection.port == usual else f"{host}:{connection.port}"


def make_key(random: bytes) -> str:
    return base64.b64encode(random).decode()


def request(connection: Connection, key: str, path: str) -> bytes:
    """The request to upgrade at a path. No Origin unless the person set one: every server accepts a request without it.

    A header that the person set replaces ours.

    Raises:
        ConnectError: A path or header that HTTP cannot carry.
    """
    extra = connection.handshake_headers()
    written = {name.lower() for name, _ in extra}
    protocols = ", ".join(f"v{version.replace('.', '')}.stomp" for version in sorted(connection.versions, reverse=True))
    lines = [
        ("Host", authority(connection)),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", key),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Protocol", protocols),
    ]
    return get(path, [line for line in lines if line[0].lower() not in written] + extra)


def get(path: str, headers: list[tuple[str, str]]) -> bytes:
    """A GET request with exactly these headers.

    Raises:
        ConnectError: A path or header that HTTP cannot carry.
    """
    if not re.fullmatch(r"/[!-~]*", path):
        raise ConnectError("a WebSocket path begins with / and has no blanks", "ws_path")
    for name, value in headers:
        if not name or _NO_HEADER.search(name):
            raise ConnectError(f"{name!r} cannot be the name of an HTTP header", "ws_headers")
        if any(char in value for char in "\r\n\0"):
            raise ConnectError(f"the HTTP header {name} cannot hold a line break", "ws_headers")
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def exchange(
    sock: socket.socket, data: bytes, connection: Connection, deadline: ConnectDeadline, tunnel: bool = False
) -> HttpResponse:
    """Send a request over a connected, non-blocking socket and read the response.

    Args:
        sock: The socket.
        data: The request.
        connection: Who answers, for errors.
        deadline: How long it may take.
        tunnel: Whether a tunnel is asked for, so that a response of success has no body.

    Raises:
        ConnectError: The server does not speak HTTP, or closed the connection.
        Cancelled, TimeoutError: See `ConnectDeadline.wait`.
    """
    _send(sock, data, deadline)
    where = connect_errors.place(connection.host, connection.port)
    got, size = b"", 0
    while True:
        while (end := _HEAD_END.search(got)) is None:
            part = _receive(sock, deadline)
            got, size = got + part, size + len(part)
            if got and not b"HTTP/".startswith(got[:5]) and not got.startswith(b"HTTP/"):
                raise _not_http(got + _read_rest(sock, deadline), connection)
            if not part:
                what = "closed the connection instead of answering the WebSocket handshake"
                raise ConnectError(
                    f"{where} {what}", "port", got.decode("utf-8", "replace")[: connect_errors.TEXT_LIMIT]
                )
            if size > _MAX_HEAD:
                raise ConnectError(f"{where} answers with an endless HTTP header", "port")
        response = _response(_text(got[: end.start()]), got[end.end() :], where)
        if response.status == 101 or (tunnel and 200 <= response.status < 300):
            return response
        if not 100 <= response.status < 200:
            return replace(_with_body(sock, response, deadline), secrets=sent_secrets(connection))
        # The final response follows an interim one (RFC 9110, 15.2).
        got = response.body


def _text(head: bytes) -> str:
    """As servers write it today, or else as HTTP once had it, in which any byte is a character."""
    try:
        return head.decode()
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _response(head: str, rest: bytes, where: str) -> HttpResponse:
    line, *fields = re.split(r"\r?\n", head)
    match = re.match(r"HTTP/\S+ (\d{3})(?!\d)", line)
    if not match:
        raise ConnectError(f"{where} answers with something like HTTP", "port", line[: connect_errors.TEXT_LIMIT])
    pairs = (field.partition(":") for field in fields)
    return HttpResponse(int(match[1]), line.strip(), tuple((n.strip(), v.strip()) for n, _, v in pairs), rest)


def _with_body(sock: socket.socket, response: HttpResponse, deadline: ConnectDeadline) -> HttpResponse:
    body, length = response.body, response.get("content-length")
    chunked = "chunked" in response.get("transfer-encoding").lower()
    announced = whole_number(length)
    size = _MAX_BODY if announced is None else min(announced, _MAX_BODY)
    until = time.monotonic() + _BODY_PAUSE
    while len(body) < size and not (chunked and body.endswith(b"0\r\n\r\n")):
        try:
            part = _receive(sock, deadline, until)
        except (TimeoutError, ConnectError):
            break
        if not part:
            break
        body += part
    if chunked:
        body = _join_chunks(body)
    return HttpResponse(response.status, response.line, response.headers, body[:size])


def _join_chunks(body: bytes) -> bytes:
    joined = b""
    while match := re.match(rb"([0-9a-fA-F]{1,8})[^\r\n]*\r\n", body):
        size = int(match[1], 16)
        joined += body[match.end() : match.end() + size]
        body = body[match.end() + size + 2 :]
    return joined


def _read_rest(sock: socket.socket, deadline: ConnectDeadline) -> bytes:
    """What else comes within 0.2 s from a server that does not speak HTTP."""
    try:
        return _receive(sock, deadline, time.monotonic() + 0.2)
    except (TimeoutError, ConnectError):
        return b""


def _not_http(first: bytes, connection: Connection) -> ConnectError:
    where = connect_errors.place(connection.host, connection.port)
    text = first.decode("utf-8", "replace").strip()[: connect_errors.TEXT_LIMIT]
    if first[:2] == b"\x15\x03":
        reason = f"{where} speaks TLS: choose secure WebSocket as the transport"
        return ConnectError(reason, "transport", instead=TransportKind.WSS)
    if first.lstrip()[:5] in (b"ERROR", b"CONNE"):
        other = TransportKind.TLS if connection.transport.encrypted else TransportKind.TCP
        name = "TLS" if connection.transport.encrypted else "TCP"
        return ConnectError(f"{where} speaks STOMP without WebSocket: choose {name}", "transport", text, other)
    return other_servers.identify(first, connection.host, connection.port)


def _send(sock: socket.socket, data: bytes, deadline: ConnectDeadline) -> None:
    left = memoryview(data)
    while left:
        try:
            left = left[sock.send(left) :]
        except ssl.SSLWantReadError:
            deadline.wait(sock, selectors.EVENT_READ)
        except (BlockingIOError, ssl.SSLWantWriteError):
            deadline.wait(sock, selectors.EVENT_WRITE)
        except OSError as error:
            raise connect_errors.broken_before_connected(error, isinstance(sock, ssl.SSLSocket)) from error


def _receive(sock: socket.socket, deadline: ConnectDeadline, until: float | None = None) -> bytes:
    while True:
        try:
            return sock.recv(_MAX_BODY)
        except (BlockingIOError, ssl.SSLWantReadError):
            deadline.wait(sock, selectors.EVENT_READ, until)
        except ssl.SSLWantWriteError:
            deadline.wait(sock, selectors.EVENT_WRITE, until)
        except OSError as error:
            raise connect_errors.broken_before_connected(error, isinstance(sock, ssl.SSLSocket)) from error


def accepted(response: HttpResponse, key: str) -> bool:
    """Whether Sec-WebSocket-Accept answers our key (section 4.2.2)."""
    digest = hashlib.sha1(key.encode() + _MAGIC).digest()
    return response.get("sec-websocket-accept") == base64.b64encode(digest).decode()


def upgrade_error(response: HttpResponse, path: str) -> ConnectError:
    """The error for a refused upgrade; `path` is without its query, which may hold a secret."""
    status, summary, path = response.status, response.summary, path_without_secrets(path)
    code = f"HTTP {status}"
    if status in (401, 407):
        reason = f"the server wants a login for its WebSocket ({code})"
        if not _BASIC.match(response.get("www-authenticate")):
            reason += ", or a token, which goes into the HTTP headers or the path"
        return ConnectError(reason, "ws_headers", summary, wants=Want.CREDENTIALS)
    if status == 403:
        reason = f"the server refused the WebSocket ({code}): a token, a cookie or an Origin may be missing or wrong"
        return ConnectError(reason, "ws_headers", summary, wants=Want.CREDENTIALS)
    if 300 <= status < 400:
        target = response.shown(response.get("location")) or "nowhere"
        if _LOGIN.search(target):
            reason = f"the server sends us to a login page ({code}), {target[:200]}"
            return ConnectError(reason, "ws_headers", summary, wants=Want.COOKIE)
        return ConnectError(f"the server sends us elsewhere ({code}): {target[:200]}", "ws_path", summary)
    if status in (404, 405, 410):
        return ConnectError(f"there is no WebSocket at {path} ({code})", "ws_path", summary)
    if status >= 500:
        return ConnectError(f"the server cannot open a WebSocket now ({code})", "", summary)
    return ConnectError(f"the server did not open a WebSocket at {path} ({code})", "ws_path", summary)
