"""One connection as one line of text: `stomp://guest@127.0.0.1:61613/`.

    stomp, tcp                  over TCP, port 61613; the path is the virtual host, percent-encoded
    stomp+ssl, stomps, ssl, tls the same over TLS, port 61614
    ws, http                    over WebSocket, port 80; path and query are those of the endpoint
    wss, https                  over secure WebSocket, port 443

Over TCP and TLS, no path and `/` both mean the virtual host `/`. `?vhost=NAME` says any other, also the empty one,
and `?no-vhost` leaves the `host` header out, as WebSocket URLs always do.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit

from stomptui.config.connection import Connection, TransportKind, is_secret

SCHEMES = {
    "stomp": TransportKind.TCP,
    "tcp": TransportKind.TCP,
    "stomp+tcp": TransportKind.TCP,
    "stomp+nio": TransportKind.TCP,
    "stomp+ssl": TransportKind.TLS,
    "stomp+tls": TransportKind.TLS,
    "stomp+nio+ssl": TransportKind.TLS,
    "stomps": TransportKind.TLS,
    "ssl": TransportKind.TLS,
    "tls": TransportKind.TLS,
    "ws": TransportKind.WS,
    "http": TransportKind.WS,
    "wss": TransportKind.WSS,
    "https": TransportKind.WSS,
}
DEFAULT_PORTS = {TransportKind.TCP: 61613, TransportKind.TLS: 61614, TransportKind.WS: 80, TransportKind.WSS: 443}
_SOCKJS_SESSION = re.compile(r"/\d{3}/[^/?]+/websocket(?=\?|$)")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


class UrlError(ValueError):
    """A text that is no URL of a STOMP broker; says why in plain words."""


def parse_url(text: str) -> Connection:
    """What a URL says; all it does not say is as in `Connection()`. Without a scheme it is `stomp://`.

    Raises:
        UrlError: The text cannot be understood.
    """
    text = text.strip()
    if not text:
        raise UrlError("a URL is needed, for example stomp://guest@127.0.0.1:61613/")
    if any(c.isspace() or not c.isprintable() for c in text):
        raise UrlError("a URL has no blanks and no control characters")
    scheme = _SCHEME.match(text)
    if not scheme:
        text = f"stomp://{text}"
    elif scheme[1].lower() not in SCHEMES:
        raise UrlError(f"{scheme[1]}:// is not known; use stomp://, stomp+ssl://, ws:// or wss://")
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise UrlError(str(error)) from error
    transport = SCHEMES[parts.scheme.lower()]
    if parts.fragment or text.endswith("#"):
        raise UrlError("a URL of a broker has no #; in a password write it as %23")
    userinfo, _, place = parts.netloc.rpartition("@")
    host, port = _host_and_port(place, transport)
    login, _, passcode = userinfo.partition(":")
    connection = Connection(
        host=host,
        port=port,
        transport=transport,
        login=_decoded(login, "login"),
        passcode=_decoded(passcode, "password"),
    )
    if transport.websocket:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return replace(connection, vhost=None, ws_path=_SOCKJS_SESSION.sub("/websocket", path))
    return replace(connection, vhost=_vhost(parts.path, parts.query))


def format_url(connection: Connection) -> str:
    """The URL of a connection, without its password and without the value of any secret in the query."""
    host = connection.host.strip()
    if ":" in host:
        host = f"[{host}]"
    who = f"{quote(connection.login, safe='')}@" if connection.login else ""
    place = f"{connection.transport.value}://{who}{host}:{connection.port}"
    if connection.transport.websocket:
        return place + without_secret_query(connection.ws_path)
    if connection.vhost is None:
        return f"{place}/?no-vhost"
    if not connection.vhost:
        return f"{place}/?vhost="
    return f"{place}/{'' if connection.vhost == '/' else quote(connection.vhost, safe='')}"


def without_secret_query(path: str) -> str:
    """A WebSocket path and query in which secrets such as `access_token` have lost their value."""
    place, mark, query = path.partition("?")
    pieces = []
    for piece in query.split("&"):
        name, equals, _ = piece.partition("=")
        pieces.append(f"{name}=" if equals and is_secret(unquote(name)) else piece)
    return place + mark + "&".join(pieces)


def _host_and_port(place: str, transport: TransportKind) -> tuple[str, int]:
    if place.startswith("["):
        host, bracket, rest = place[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise UrlError("an IPv6 address is written in brackets: stomp://[::1]:61613/")
        port = rest[1:]
    else:
        host, _, port = place.partition(":")
        if ":" in port:
            raise UrlError("an IPv6 address is written in brackets: stomp://[::1]:61613/")
        host = _decoded(host, "host")
    if not host:
        raise UrlError("the URL names no host")
    if not port:
        return host, DEFAULT_PORTS[transport]
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535):
        raise UrlError(f"the port {port} is not a number from 1 to 65535")
    return host, int(port)


def _vhost(path: str, query: str) -> str | None:
    vhost: str | None = _decoded(path[1:], "virtual host") or "/"
    for option in query.split("&") if query else ():
        name, _, value = option.partition("=")
        if name == "vhost":
            vhost = _decoded(value, "virtual host")
        elif name == "no-vhost":
            vhost = None
        else:
            raise UrlError(f"the option {name} in the URL means nothing here; vhost and no-vhost do")
    return vhost


def _decoded(text: str, what: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise UrlError(f"the {what} in the URL is not UTF-8 after percent-decoding") from error
