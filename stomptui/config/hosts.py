"""Checks what is typed as a host: a name or an address, and nothing that belongs in another field."""

from __future__ import annotations

import ipaddress

_WHAT = "a host is a name or an address"
_NEVER = '/\\?#%[]@<>"'
"""Characters that no host has; in a URL they end the host."""


def host_problem(host: str) -> str | None:
    """Why this cannot be the host of a connection, None if it can. Repeats nothing of it: it may hold a password."""
    if not host:
        return "a host is needed"
    if "://" in host:
        return f"{_WHAT}; a whole URL goes into the field for it"
    if "@" in host:
        return f"{_WHAT}; the login has a field of its own"
    if host.startswith("[") and _is_ipv6(host[1:].partition("]")[0]):
        return "here an IPv6 address is written without brackets; the port has a field of its own"
    if ":" in host:
        return None if _is_ipv6(host) else f"{_WHAT}; the port has a field of its own"
    if any(c.isspace() or c in _NEVER or not c.isprintable() for c in host):
        return f"{_WHAT}, without blanks, slashes, brackets and the like"
    if any(len(label) > 63 for label in host.split(".")):
        return "a part of a host name is at most 63 characters long"
    return None


def _is_ipv6(text: str) -> bool:
    address, percent, interface = text.partition("%")
    if percent and (not interface or any(c.isspace() or c in _NEVER or not c.isprintable() for c in interface)):
        return False
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return False
    return True
