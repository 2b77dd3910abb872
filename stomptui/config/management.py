"""Parsing and checking the URL of a broker's HTTP management API: https://broker:8443/console/jolokia."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


class ManagementError(ValueError):
    """A text is no such URL; the message says why."""


@dataclass(frozen=True)
class Management:
    """A management URL, parsed. `path` has no slash at its end."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def encrypted(self) -> bool:
        return self.scheme == "https"

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def parse_management(text: str) -> Management:
    """Parse a management URL.

    Raises:
        ManagementError: It is malformed, or has a login in it.
    """
    text = text.strip()
    if any(c.isspace() or not c.isprintable() for c in text):
        raise ManagementError("a URL has no blanks and no control characters")
    if not text.lower().startswith(("http://", "https://")):
        raise ManagementError("a management URL begins with http:// or https://")
    if "@" in text:
        raise ManagementError("leave login and password out of this URL: those of the connection are used")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        # The text of the library repeats what may be a password.
        raise ManagementError("this URL cannot be read: behind the host comes a port, a number up to 65535") from error
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        raise ManagementError("a management URL ends with its path: no ? and no #")
    if not parts.hostname:
        raise ManagementError("the URL names no host")
    if not parts.path.isascii():
        raise ManagementError("the path of a URL has nothing beyond ASCII")
    if port == 0:
        raise ManagementError("a port is a number from 1 to 65535")
    return Management(parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme], parts.path.rstrip("/"))


def management_problem(text: str) -> str | None:
    """What is wrong with a management URL, in plain words; None if nothing is, or if it is empty."""
    try:
        if text:
            parse_management(text)
    except ManagementError as error:
        return str(error)
    return None


def is_loopback(host: str) -> bool:
    """Whether what is sent to that host stays on this machine."""
    if host.strip().lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip()).is_loopback
    except ValueError:
        return False
