"""Several addresses of one broker: `a,b:61614` in a URL or a form, and `failover:(tcp://a:61613,tcp://b:61613)`.

They are tried in the order in which they are written. `failover:` is how clients of ActiveMQ and Artemis write them;
its options say how those clients reconnect, and mean nothing here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_FAILOVER = re.compile(r"failover:(?://)?", re.IGNORECASE)


class Address(NamedTuple):
    """Where a broker may listen."""

    host: str
    port: int

    @property
    def text(self) -> str:
        """`a:61613`, `[::1]:61613`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def failover_urls(text: str) -> list[str] | None:
    """The URLs of `failover:(…)` in their order, without their options; None for any other text."""
    found = _FAILOVER.match(text)
    if not found:
        return None
    rest = text[found.end() :]
    if rest.startswith("("):
        # A password may have a bracket in it: the last one ends the list.
        rest = rest[1:].rpartition(")")[0] if ")" in rest else rest[1:]
    else:
        rest = rest.partition("?")[0]
    return [url.partition("?")[0].strip() for url in rest.split(",") if url.strip()]


def split_addresses(text: str, port: int) -> tuple[Address, ...]:
    """The addresses of `a,b:61614,[::1]`, as typed into a field for a host; one without a port has `port`.

    Ports are not checked; what is no number is left with the host, where it is found to be wrong.
    """
    return tuple(_address(part.strip(), port) for part in text.split(","))


def joined(addresses: tuple[Address, ...], port: int) -> str:
    """The same as text again; the port that all have by themselves is left out."""
    return ",".join(
        (f"[{address.host}]" if ":" in address.host else address.host) if address.port == port else address.text
        for address in addresses
    )


def _address(text: str, port: int) -> Address:
    if text.startswith("[") and "]" in text:
        host, _, rest = text[1:].partition("]")
        number = rest[1:] if rest.startswith(":") else ""
        return Address(host, int(number)) if _is_port(number) else Address(host if not rest else text, port)
    host, colon, number = text.rpartition(":")
    if colon and ":" not in host and _is_port(number):
        return Address(host, int(number))
    return Address(text, port)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5
