"""Several addresses of one broker: `a,b:61614` in a URL or a form, and lists of whole URLs.

They are tried in the order in which they are written. `failover:(tcp://a:61613,tcp://b:61613)` is how clients of
ActiveMQ write them, `(tcp://a:61613,tcp://b:61613)` those of Artemis; their options say how those clients reconnect,
and mean nothing here. Others write one URL behind the other.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_FAILOVER = re.compile(r"(?:failover|static|masterslave):(?://)?|(?=\()", re.IGNORECASE)
"""What stands before a list: `static:` and `masterslave:` are those of ActiveMQ's network connectors."""
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*://"
_NEXT = re.compile(rf",\s*(?={_SCHEME})")


class Address(NamedTuple):
    """Where a broker may listen."""

    host: str
    port: int

    @property
    def text(self) -> str:
        """`a:61613`, `[::1]:61613`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def listed_urls(text: str) -> list[str] | None:
    """The URLs of a list in their order, those in brackets without their options; None for a text that is none."""
    found = _FAILOVER.match(text)
    if not found:
        # What follows a ? is a value, which may be a URL itself.
        urls = _NEXT.split(text) if re.match(_SCHEME, text) else []
        return urls if len(urls) > 1 and "?" not in "".join(urls[:-1]) else None
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
