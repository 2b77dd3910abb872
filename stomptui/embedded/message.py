"""A message as the broker keeps it, and how it looks on the wire."""

from __future__ import annotations

from stomptui.protocol.escapes import escape
from stomptui.protocol.frame import Headers

_OWN = frozenset(
    ("destination", "content-length", "receipt", "transaction", "subscription", "message-id", "ack", "redelivered")
)
"""Headers of SEND that are for the broker, or that MESSAGE sets itself."""


class StoredMessage:
    """One message: headers in the order they were sent, repeats cut to the first (1.2, "Repeated Header Entries").

    Args:
        destination: What MESSAGE says as its destination.
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
        """The header lines that are the same for every reader of a version, with the empty line that ends them."""
        block = self._blocks.get(version)
        if block is None:
            lines = [header_line(name, value, version) for name, value in self.headers]
            if self.body:
                lines.append(b"content-length:%d\n" % len(self.body))
            block = self._blocks[version] = b"".join(lines) + b"\n"
        return block

    def died(self, queue: str, reason: str) -> StoredMessage:
        """This message as a dead letter; where it died first stays what it says, as on RabbitMQ."""
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
    """One header line with its EOL, in a version of STOMP.

    What a version has no escape for (a line break in 1.0, a carriage return in 1.1) is escaped as in 1.2,
    which is what RabbitMQ does: the header cannot be carried otherwise.
    """
    return f"{_wire(name, version, ':')}:{_wire(value, version, '')}\n".encode("utf-8", "surrogateescape")


def _wire(text: str, version: str, also: str) -> str:
    if version != "1.2" and ("\r" in text or (version == "1.0" and ("\n" in text or (also and also in text)))):
        return escape(text, "1.2")
    return escape(text, version)
