"""Who is let in: the one-time token, the cookie it becomes, and the checks of Host, Origin and method.

A browser lets any page send requests to loopback, and any program of the machine can. What keeps them out:

- The token is in the address that is printed. It works once, and becomes a cookie of the browser that used it.
- The cookie is HttpOnly and SameSite=Strict. Browsers send a cookie to every port of a host, so that another server of
  this machine could collect it; its Path is a folder nobody can guess, so they send it nowhere but here.
- `Host` must be a name of this server, or a page could reach it by a name of its own (DNS rebinding).
- `Origin` must be this server's wherever a browser sends one, and a WebSocket must have one: the same-origin policy
  does not hold for WebSockets (RFC 6455, section 10.2).
"""

from __future__ import annotations

import contextlib
import enum
import hmac
import ipaddress
import secrets
import socket
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

COOKIE = "stomptui"
MOST_BROWSERS = 32
"""Cookies that are valid at the same time; the oldest is forgotten for the next one."""
OWN_SITES = ("", "none", "same-origin")
"""`Sec-Fetch-Site` of what no other page has caused: older browsers send none, an address typed is `none`."""


class Refusal(enum.Enum):
    """Why a request is refused; the value is what the page says."""

    METHOD = "Only GET is answered here."
    HOST = "The request names a host that is not this server."
    ORIGIN = "The request was made by another page."
    TOKEN = (
        "This address was used before, or is not complete. "
        "Press Enter where stomptui web runs, or start it again, and open the new address."
    )
    COOKIE = "This browser was not let in, or stomptui web was started again since. Open the address that it printed."
    PATH = "There is no such page."


@dataclass(frozen=True)
class Asked:
    """What of a request decides whether it is answered; header values as they came, each time they came."""

    method: str
    path: str
    hosts: Sequence[str]
    origins: Sequence[str] = ()
    fetch_site: str = ""
    """`Sec-Fetch-Site`, "" without."""
    prefetched: bool = False
    """Whether the browser asks ahead of the person (`Sec-Purpose: prefetch`)."""
    cookies: Sequence[str] = ()
    """Values of the cookie named `COOKIE`: another server of this machine can set one of that name beside ours."""


def cookies_in(headers: Sequence[str]) -> list[str]:
    """The values of our cookie in `Cookie` headers (RFC 6265, section 4.2)."""
    pairs = (pair.strip().partition("=") for header in headers for pair in header.split(";"))
    return [value for name, _, value in pairs if name == COOKIE][:MOST_BROWSERS]


class Guard:
    """Decides about every request, and keeps the tokens and cookies that are valid.

    Args:
        address: What the server listens on: an address or the name of a host.
    """

    def __init__(self, address: str) -> None:
        self.folder = f"/{secrets.token_urlsafe(16)}"
        """The path under which everything is, without a slash at its end."""
        self._names = Names(address)
        self._token: str | None = None
        self._cookies: deque[str] = deque(maxlen=MOST_BROWSERS)

    def new_token(self) -> str:
        """A token for the next browser; the one before is no longer valid."""
        self._token = secrets.token_urlsafe(24)
        return self._token

    def exchange(self, token: str) -> str | None:
        """Use the token up; returns the cookie for it, None if it is not the one that is valid."""
        if self._token is None or not _same(token, self._token):
            return None
        self._token = None
        cookie = secrets.token_urlsafe(32)
        self._cookies.append(cookie)
        return cookie

    def refusal(self, asked: Asked) -> Refusal | None:
        """Why a request is not answered, None if it is. The path `/` is left to `exchange`."""
        if asked.method != "GET":
            return Refusal.METHOD
        if len(asked.hosts) != 1 or not self._names.include(asked.hosts[0]):
            return Refusal.HOST
        if any(not same_host(origin, asked.hosts[0]) for origin in asked.origins):
            return Refusal.ORIGIN
        if asked.path == "/":
            # A link to it may stand on any page: who knows the token is let in.
            return Refusal.TOKEN if asked.prefetched else None
        if not asked.path.startswith(f"{self.folder}/"):
            return Refusal.PATH
        if asked.fetch_site not in OWN_SITES or (asked.path == f"{self.folder}/ws" and len(asked.origins) != 1):
            return Refusal.ORIGIN
        # Compared with each, so that the time says nothing.
        known = [_same(given, cookie) for given in asked.cookies for cookie in self._cookies]
        return None if any(known) else Refusal.COOKIE


class Names:
    """The names of hosts by which this server may be called.

    Args:
        address: What it listens on.
    """

    def __init__(self, address: str) -> None:
        found = _ip(address)
        self._any_number = found is not None and found.is_unspecified
        self._names = {address.lower()}
        if self._any_number:
            # Nobody else's page can have a number for its name, nor the bare name of this machine.
            self._names = {"localhost", socket.gethostname().lower()}
        elif is_loopback(address):
            self._names |= {"127.0.0.1", "localhost", "::1"}

    def include(self, host: str) -> bool:
        """Whether a `Host` header names this server; its port may be another one, behind a tunnel."""
        name = _host_name(host)
        return name is not None and (name in self._names or (self._any_number and _ip(name) is not None))


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches what listens there."""
    found = _ip(address)
    return address.lower() == "localhost" if found is None else found.is_loopback


def same_host(origin: str, host: str) -> bool:
    """Whether an `Origin` is that of the pages which a `Host` header names, by name and port."""
    scheme, separator, rest = origin.partition("://")
    return bool(separator) and scheme in ("http", "https") and rest.lower() == host.lower()


def _host_name(host: str) -> str | None:
    """The name in a `Host` header, in lower case and without brackets; None if it is no such header."""
    if not host or any(char in host for char in "@/?#\\ \t"):
        return None
    with contextlib.suppress(ValueError):
        parts = urlsplit(f"//{host}")
        if parts.port is None or 0 < parts.port < 65536:
            return (parts.hostname or "").rstrip(".") or None
    return None


def _ip(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
