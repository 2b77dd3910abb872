"""The HTTP proxy that a WebSocket is opened through: the one a person names, or that of the environment.

In the environment `http_proxy` is for ws:// and `https_proxy` for wss://, `all_proxy` for both; `no_proxy` lists hosts
that are reached without. They are never used for this machine itself.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from stomptui.config.hosts import host_problem
from stomptui.config.management import is_loopback

NONE = "none"
"""What a person writes for no proxy, whatever the environment says."""
DEFAULT_PORT = 3128
_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True)
class Proxy:
    """A proxy that makes tunnels (RFC 9110, 9.3.6)."""

    host: str
    port: int
    login: str = ""
    passcode: str = field(default="", repr=False)
    source: str = ""
    """The variable of the environment that names it, "" if the person did."""

    @property
    def title(self) -> str:
        """The proxy within a sentence: "the proxy 10.0.0.1 port 3128, of https_proxy"."""
        return f"the proxy {self.host} port {self.port}{f', of {self.source}' if self.source else ''}"

    @property
    def authorization(self) -> str:
        """The value of Proxy-Authorization (RFC 7617), "" without a login."""
        if not self.login:
            return ""
        return "Basic " + base64.b64encode(f"{self.login}:{self.passcode}".encode("utf-8", "surrogatepass")).decode()


class ProxyError(ValueError):
    """A text is no proxy that can be used; the message says why and repeats nothing of it but its scheme."""


def parse_proxy(text: str, source: str = "") -> Proxy:
    """Parse `http://login:password@host:3128`; scheme, login and port may be missing.

    Args:
        text: The URL.
        source: The variable of the environment that it stands in, "" if none.

    Raises:
        ProxyError: It is no proxy, or one of a kind that is not known here.
    """
    text = text.strip()
    scheme, parted, rest = text.partition("://")
    if parted and scheme.lower() != "http":
        # What has a colon in it is no scheme, but may be a login and a password.
        instead = f", and not {scheme[:20]}://" if scheme.isalnum() else ""
        raise ProxyError(f"a proxy is http://host:port here{instead}")
    try:
        found = urlsplit(f"http://{rest if parted else text}")
        host, port = found.hostname or "", found.port
        login, passcode = unquote(found.username or ""), unquote(found.password or "")
    except ValueError as error:
        raise ProxyError("a proxy is http://host:port, with a port from 1 to 65535") from error
    if host_problem(host) or port == 0 or found.path not in ("", "/") or found.query or found.fragment:
        raise ProxyError("a proxy is http://host:port, with nothing behind it")
    return Proxy(host, port or DEFAULT_PORT, login, passcode, source)


def proxy_problem(text: str) -> str | None:
    """Why a text cannot be what a person says of a proxy: a URL, `none`, or "" for that of the environment."""
    if text.strip() in ("", NONE):
        return None
    try:
        parse_proxy(text)
    except ProxyError as error:
        return f"{error}; none goes without one"
    return None


def without_password(text: str) -> str:
    """What a person says of a proxy without the password in it."""
    begin, end = password_span(text)
    return (text[: max(0, begin - 1)] + text[end:] if end else text).strip()


def password_span(text: str) -> tuple[int, int]:
    """Where what a person says of a proxy has a password, with or without a scheme; (0, 0) if nowhere."""
    end = text.rfind("@")
    scheme = _SCHEME.match(text)
    begin = text.find(":", scheme.end() if scheme else 0) + 1
    return (begin, end) if 0 < begin <= end else (0, 0)


def proxy_for(wanted: str, host: str, port: int, encrypted: bool) -> Proxy | None:
    """The proxy to reach a WebSocket through, None for none.

    Args:
        wanted: What the person says of it, as of `proxy_problem`.
        host: The host of the WebSocket.
        port: Its port.
        encrypted: Whether it is wss://.

    Raises:
        ProxyError: The one that is named cannot be used.
    """
    if wanted.strip():
        return None if wanted.strip() == NONE else parse_proxy(wanted)
    if is_loopback(host):
        return None
    # Imported here, since it takes long and few connections need it.
    from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

    named: dict[str, str] = getproxies_environment()
    name = next((name for name in ("https" if encrypted else "http", "all") if named.get(name)), None)
    if name is None or proxy_bypass_environment(f"{host}:{port}", named):
        return None
    source = f"{name}_proxy"
    try:
        return parse_proxy(named[name], source)
    except ProxyError as error:
        raise ProxyError(f"{source} of the environment: {error}; none as the proxy goes without one") from error
