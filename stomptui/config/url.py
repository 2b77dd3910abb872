"""Connection URLs: `stomp://guest@127.0.0.1:61613/vhost` to connection settings and back.

    stomp, tcp                  over TCP, port 61613; the path is the virtual host, percent-encoded
    stomp+ssl, stomps, ssl, tls the same over TLS, port 61614
    ws, http                    over WebSocket, port 80; path and query are those of the endpoint
    wss, https                  over secure WebSocket, port 443; a value of the query may be {{env NAME}}, {{file PATH}}
                                or {{command WORDS}}

Several hosts, separated by commas, are tried in their order: `stomp://guest@a,b:61614/`. So are those of
`failover:(tcp://a:61613,tcp://b:61613)` and of `tcp://a:61613,tcp://b:61613`.

Over TCP and TLS, no path and `/` both mean the virtual host `/`. `?vhost=NAME` is any other, also the empty one, and
`?no-vhost` omits the `host` header, as WebSocket URLs always do.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote, unquote

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.secret_names import (
    Spans,
    masked,
    outside_sources,
    path_without_secrets,
    spans_in_urls,
    without_sources,
)
from stomptui.config.several_hosts import Address, listed_urls

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
_AUTHORITY_END = re.compile(r"[/?#]")
_QUOTES = {'"': '"', "'": "'", "`": "`", "<": ">", "“": "”", "‘": "’", "„": "“"}
"""Opening quotes and what closes them, as around a URL in code or in a text."""


class UrlError(ValueError):
    """A text is no URL of a STOMP broker; the message says why."""


_QUOTED_URL = re.compile(r"""(["'])([A-Za-z][A-Za-z0-9+.-]*://[^"'\s]+)\1""")


def parse_url(text: str) -> Connection:
    """Parse a URL; what it does not say is as in `Connection()`. Without a scheme it is `stomp://`.

    Blanks and quotes around it do not count.

    Raises:
        UrlError: It is malformed.
    """
    text = unquoted(text)
    if (urls := listed_urls(text)) is not None:
        return _listed(urls)
    return _one(text)


def _one(text: str) -> Connection:
    """As `parse_url`, of a URL that is no list of URLs."""
    if not text:
        raise UrlError("a URL is needed, for example stomp://guest@127.0.0.1:61613/")
    scheme = _SCHEME.match(text)
    transport = SCHEMES.get(scheme[1].lower(), TransportKind.TCP) if scheme else TransportKind.TCP
    rest = text[scheme.end() :] if scheme else text
    end = _AUTHORITY_END.search(rest)
    authority, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    # What says where a value of the query is read has blanks in it, and maybe what means something in a URL.
    plain_tail = without_sources(tail) if transport.websocket else tail
    if any(c.isspace() or not c.isprintable() for c in authority + plain_tail):
        raise UrlError("a URL has no blanks and no control characters; in a password a blank is written as %20")
    if scheme and scheme[1].lower() not in SCHEMES:
        raise UrlError(f"{scheme[1]}:// is not known; use stomp://, stomp+ssl://, ws:// or wss://")
    _check_userinfo(authority, plain_tail)
    userinfo, _, place = authority.rpartition("@")
    addresses = tuple(Address(*_host_and_port(part, transport)) for part in place.split(","))
    host, port = addresses[0]
    login, _, passcode = userinfo.partition(":")
    connection = Connection(
        host=host,
        port=port,
        transport=transport,
        login=_decoded(login, "login"),
        passcode=_decoded(passcode, "password"),
        addresses=addresses if len(addresses) > 1 else (),
    )
    path, _, query = tail.partition("?")
    if transport.websocket:
        path = (path or "/") + (f"?{query}" if query else "")
        return replace(connection, vhost=None, ws_path=_SOCKJS_SESSION.sub("/websocket", path))
    # What follows a colon may be an unfinished password.
    return replace(connection, vhost=_vhost(path, query, may_name=bool(userinfo) or ":" not in authority))


def _listed(urls: list[str]) -> Connection:
    """One connection to whichever broker of a list answers."""
    if not urls:
        raise UrlError("failover:(…) names no broker: failover:(tcp://a:61613,tcp://b:61613)")
    urls = [unquoted(url) for url in urls]
    if any(listed_urls(url) is not None for url in urls):
        raise UrlError("the brokers of failover:(…) are URLs such as tcp://a:61613, and not failover:(…) again")
    found = [_one(url) for url in urls]
    first = next((one for one in found if one.login), found[0])
    for other in found:
        if (other.transport, other.ws_path, other.vhost) != (first.transport, first.ws_path, first.vhost):
            raise UrlError("the URLs of a list have the same scheme and path: one broker is reached as the other")
        if other.login and (other.login, other.passcode) != (first.login, first.passcode):
            raise UrlError("the URLs of a list have one login and password")
    addresses = tuple(dict.fromkeys(each for one in found for each in one.addresses or (Address(one.host, one.port),)))
    return replace(first, addresses=addresses if len(addresses) > 1 else ()).at(addresses[0])


def unquoted(text: str) -> str:
    """A text without the blanks and quotes around it, and without what ends a line of code behind a quote.

    Of a list of quoted URLs, as a program or a file of settings has it, the URLs with a comma between them.
    """
    text = text.strip()
    if text[:1] in ("[", "{", "(", '"', "'") and (urls := _QUOTED_URL.findall(text)):
        around = _QUOTED_URL.sub("", text)
        if not around.strip("[](){},; \t\r\n") and (len(urls) > 1 or text[0] in "[{"):
            return ",".join(url for _, url in urls)
    while text and (closing := _QUOTES.get(text[0])):
        inner = text.rstrip(",;) ")
        if len(inner) > 1 and inner[-1] == closing:
            text = inner[1:-1].strip()
        elif _SCHEME.match(text[1:]):
            text = text[1:].strip()
        else:
            break
    return text


def password_spans(text: str) -> Spans:
    """Where a text that may be a (malformed) URL may have a password or another secret."""
    bare = text.lstrip(" \t" + "".join(_QUOTES))
    found = _SCHEME.match(bare)
    begin = len(text) - len(bare) + found.end() if found else 0
    login, colon, secret = text[begin:].partition(":")
    if not colon or "@" in login or not (found or "@" in secret):
        return spans_in_urls(text)
    begin += len(login) + 1
    if "@" in secret:
        end = text.rindex("@")
    else:
        port = _AUTHORITY_END.split(secret)[0]
        if len(port) <= 5 and (port.isdigit() or not port):
            return spans_in_urls(text)
        end = len(text)
    return [(begin, end)] * (begin < end) + [span for span in spans_in_urls(text) if span[0] >= end]


def hide_password(text: str) -> str:
    """A text that may be a URL, with what may be a password masked."""
    return masked(text, password_spans(text))


def format_url(connection: Connection) -> str:
    """The URL of a connection, without its password and without the value of any secret in the query."""
    addresses = connection.addresses or (Address(connection.host, connection.port),)
    places = ",".join(address._replace(host=address.host.strip().replace("%", "%25")).text for address in addresses)
    who = f"{quote(connection.login, safe='')}@" if connection.login else ""
    place = f"{connection.transport.value}://{who}{places}"
    if connection.transport.websocket:
        # Parsing refuses an @ behind the host, which could end a password whose / is not escaped.
        return place + outside_sources(path_without_secrets(connection.ws_path), lambda part: part.replace("@", "%40"))
    if connection.vhost is None:
        return f"{place}/?no-vhost"
    if not connection.vhost:
        return f"{place}/?vhost="
    return f"{place}/{'' if connection.vhost == '/' else quote(connection.vhost, safe='')}"


def _check_userinfo(authority: str, tail: str) -> None:
    """Refuse a login or password with unescaped characters that end it; the error names only those characters."""
    if "@" in tail:
        password, _, _ = (authority + tail).rpartition("@")
        odd = [c for c in dict.fromkeys(password) if c in "/?#[]@"]
        behind = f"; behind the host an @ is written as {_escaped('@')}" if "@" not in authority else ""
        raise UrlError(f"in a login or password write {_spelt(odd)}{behind}")
    userinfo = authority.rpartition("@")[0]
    if "," in userinfo.partition("@")[2]:
        # Read as one password, that of the first host would go to the last.
        raise UrlError(
            "several hosts have one login and password, before the first: stomp://login:password@a,b/; "
            f"in a password write {_spelt(['@'])}"
        )
    odd = [c for c in dict.fromkeys(userinfo) if c in "[]"]
    if odd:
        raise UrlError(f"in a login or password write {_spelt(odd)}")
    if "#" in tail:
        raise UrlError("a URL of a broker has no #; in a password write it as %23")


def _spelt(odd: list[str]) -> str:
    return ", ".join(f"{c} as {_escaped(c)}" for c in odd)


def _escaped(char: str) -> str:
    return f"%{ord(char):02X}"


def _host_and_port(place: str, transport: TransportKind) -> tuple[str, int]:
    if place.startswith("["):
        host, bracket, rest = place[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise UrlError("an IPv6 address is written in brackets: stomp://[::1]:61613/")
        # What stands behind a % names a network interface (RFC 6874).
        host, port = _decoded(host, "host"), rest[1:]
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
        # It may be a password behind which the host is missing.
        raise UrlError("the port is not a number from 1 to 65535; behind a password comes @ and the host")
    return host, int(port)


def _vhost(path: str, query: str, may_name: bool) -> str | None:
    vhost: str | None = _decoded(path[1:], "virtual host") or "/"
    for option in query.split("&") if query else ():
        name, equals, value = option.partition("=")
        if name == "vhost":
            vhost = _decoded(value, "virtual host")
        elif name == "no-vhost":
            vhost = None
        else:
            option = f"the option {name}" if may_name and equals else "an option"
            raise UrlError(f"{option} in the URL means nothing here; vhost and no-vhost do")
    return vhost


def _decoded(text: str, what: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise UrlError(f"the {what} in the URL is not UTF-8 after percent-decoding") from error
