"""Whether a port that does not answer as it should speaks the same with TLS, or without.

A server that is spoken to in plain words and expects TLS resets, closes, waits for more or sends an alert, as it likes;
one that is greeted with TLS and expects plain words does the same. So it is asked again, on a connection of its own and
in the other way, without a login, a password or any header of the person's.
"""

from __future__ import annotations

import ssl

from stomptui.config.connection import Connection, TransportKind
from stomptui.connection.connect_errors import place
from stomptui.connection.errors import ConnectError
from stomptui.connection.transport import connect
from stomptui.connection.transport.connect import Address, ConnectDeadline

PATIENCE = 1.5
"""Seconds that finding out may take."""
_RECORD = 6
"""Bytes of a TLS record that tell what it is."""


def explained(
    failure: ConnectError, connection: Connection, stage: str, address: Address, patience: ConnectDeadline
) -> ConnectError:
    """The same failure, or that the port speaks another transport.

    Args:
        failure: Why an attempt to connect has failed.
        connection: What was tried.
        stage: How far it came, as `Progress` tells.
        address: Where it came to.
        patience: How long it may take.

    Raises:
        Cancelled: See `ConnectDeadline.wait`.
    """
    kind = connection.transport
    where = place(connection.host, connection.port)
    if kind.encrypted:
        # What a server said in plain words is told as it is.
        if stage != "TLS handshake" or failure.field != "transport" or failure.server_text:
            return failure
        if not _speaks_plainly(address, connection, patience):
            return failure
        # Nothing tries that by itself or by one key: a password would go unencrypted.
        choice = "WebSocket" if kind.websocket else "TCP"
        reason = f"{where} does not speak TLS: choose {choice} as the transport, which is not encrypted"
        return ConnectError(reason, "transport")
    if not _may_be_tls(failure, stage):
        return failure
    name = connection.tls.server_name or connection.host.strip()
    if not _speaks_tls(address, name, patience):
        return failure
    choice, instead = ("secure WebSocket", TransportKind.WSS) if kind.websocket else ("TLS", TransportKind.TLS)
    reason = f"{where} speaks TLS: choose {choice} as the transport"
    return ConnectError(reason, "transport", failure.server_text, instead)


def _may_be_tls(failure: ConnectError, stage: str) -> bool:
    """Whether nothing that came tells who is there."""
    if stage not in ("CONNECT", "WebSocket") or failure.field not in ("port", "transport", "ws_path"):
        return False
    # Web servers say in their own words that the port is for HTTPS, with this status.
    first = failure.server_text.partition("\n")[0]
    return not first or (stage == "WebSocket" and " 400" in first)


def _speaks_tls(address: Address, name: str, patience: ConnectDeadline) -> bool:
    """Whether a server answers the first message of a handshake; no certificate is asked for nor looked at."""
    first = connect.answer_to(_hello(name), address, patience, _RECORD)
    # Whatever repeats what it hears sends that message back, and is no server of TLS.
    return first[:2] == b"\x15\x03" or (first[:2] == b"\x16\x03" and first[5:6] == b"\x02")


def _hello(name: str) -> bytes:
    """The first message of a TLS handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    outgoing = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def _speaks_plainly(address: Address, connection: Connection, patience: ConnectDeadline) -> bool:
    """Whether a server answers HTTP, or STOMP, without TLS."""
    if connection.transport.websocket:
        question = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        return connect.answer_to(question, address, patience, 5).startswith(b"HTTP/")
    first = connect.answer_to(b"CONNECT\naccept-version:1.0,1.1,1.2\nhost:/\n\n\0", address, patience, 6)
    return first.lstrip(b"\r\n").startswith((b"CONNEC", b"ERROR"))
