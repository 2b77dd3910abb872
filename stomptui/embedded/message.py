"""A message as the broker stores it, and its header lines on the wire."""

from __future__ import annotations

from stomptui.protocol.escapes import escape
from stomptui.protocol.frame import Headers

_OWN = frozenset(
    ("destination", "content-length", "receipt", "transaction", "subscription", "message-id", "ack", "redelivered")
)
"""Headers of SEND that are meant for the broker, or that MESSAGE sets."""


class StoredMessage:
    """One message: headers in the order they were sent, repeats cut to the first (1.2, "Repeated Header Entries").

    Args:
        destination: The `destination` header of MESSAGE.
        headers: Header lines of the SEND frame, unescaped.
        body: Any bytes.
    """

    __slots__ = ("_blocks", "body", "destination", "headers", "size")

    def __init__(self, destination: str, headers: Headers, body: bytes) -> None:
        self.destination = destination
        kept: dict[str, str] = {}
        for name, value in headers:
            if name not in _OWN:
                kept.setdefault(name, value)
        self.headers = tuple(kept.items())
        self.body = body
        self.size = len(body) + sum(len(name) + len(value) + 2 for name, value in self.headers)
        self._blocks: dict[str, bytes] = {}

    def block(self, version: str) -> bytes:
        """The header lines that are the same for all subscribers of a STOMP version, and the empty line after them."""
        block = self._blocks.get(version)
        if block is None:
            lines = [header_line(name, value, version) for name, value in self.headers]
            if self.body:
                lines.append(b"content-length:%d\n" % len(self.body))
            block = self._blocks[version] = b"".join(lines) + b"\n"
        return block

    def as_dead_letter(self, queue: str, reason: str) -> StoredMessage:
        """This message as a dead letter; x-first-death headers are set only once, as on RabbitMQ."""
        headers = self.headers
        if not any(name == "x-first-death-queue" for name, _ in headers):
            headers = (
                *headers,
                ("x-first-death-exchange", ""),
                ("x-first-death-queue", queue),
                ("x-first-death-reason", reason),
            )
        return StoredMessage(self.destination, headers, self.body)


def header_line(name: str, value: str, version: str) -> bytes:
    """One header line with its EOL, escaped for a STOMP version.

    Characters that a version cannot escape (a line break in 1.0, a carriage return in 1.1) are escaped as in 1.2, as
    RabbitMQ does: the header cannot be sent otherwise.
    """
    return f"{_wire(name, version, ':')}:{_wire(value, version, '')}\n".encode("utf-8", "surrogateescape")


def _wire(text: str, version: str, also: str) -> str:
    if version != "1.2" and ("\r" in text or (version == "1.0" and ("\n" in text or (also and also in text)))):
        return escape(text, "1.2")
    return escape(text, version)
