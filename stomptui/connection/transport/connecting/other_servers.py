"""Which kind of server answered instead of a STOMP broker (HTTP, SSH, AMQP, TLS ...), by its first bytes."""

from __future__ import annotations

import re

from stomptui.config.connection import TransportKind
from stomptui.connection.connect_errors import TEXT_LIMIT, place
from stomptui.connection.errors import ConnectError

_STOMP = re.compile(rb"[\r\n]*(?:[A-Z]{1,20}(?:\r?\n|\r?\Z)|\Z)")

_KNOWN = (
    (b"HTTP/", "an HTTP server answers on {where}"),
    (b"<", "an HTTP server answers on {where}"),
    (b"SSH-", "an SSH server answers on {where}"),
    (b"AMQP", "{where} speaks AMQP: STOMP is on another port of that broker, usually 61613"),
    (b"220", "a mail or FTP server answers on {where}"),
    (b"-ERR", "a Redis or mail server answers on {where}"),
)


def is_stomp(first: bytes) -> bool:
    """Whether the first bytes of an answer can be the beginning of a STOMP frame."""
    return _STOMP.match(first) is not None


def identify(first: bytes, host: str, port: int) -> ConnectError:
    """The error that names the kind of server that sent these first bytes instead of CONNECTED."""
    where = place(host, port)
    if first[:2] == b"\x15\x03":
        return ConnectError(f"{where} speaks TLS: choose TLS as the transport", "transport", instead=TransportKind.TLS)
    text = first.decode("utf-8", "replace").strip()[:TEXT_LIMIT]
    start = first.lstrip()
    for prefix, reason in _KNOWN:
        if start.startswith(prefix):
            return ConnectError(reason.format(where=where), "port", text)
    if b"ActiveMQ" in first[:40]:
        return ConnectError(f"{where} speaks OpenWire: STOMP is on another port of that broker", "port", text)
    return ConnectError(f"what answers on {where} does not speak STOMP", "port", text)
