"""After a failed attempt: find out whether the port expects TLS where none was used, or the other way round.

A server that expects TLS and gets plain text resets, closes, waits for more or sends an alert; one that gets a TLS
handshake and expects plain text does the same. So the port is probed once more on a connection of its own, with TLS or
without, and without a login, a password or any header that the person has set.
"""

from __future__ import annotations

import ssl

from stomptui.config.connection import Connection, TransportKind
from stomptui.connection.connect_errors import place
from stomptui.connection.errors import ConnectError
from stomptui.connection.session_state import ConnectStage
from stomptui.connection.transport.connecting import connect
from stomptui.connection.transport.connecting.connect import Address, ConnectDeadline

TIMEOUT = 1.5
"""Seconds that the probe may take."""
_RECORD = 6
"""First bytes of a TLS record that identify it."""


def diagnose(
    failure: ConnectError,
    connection: Connection,
    stage: ConnectStage | None,
    address: Address,
    deadline: ConnectDeadline,
) -> ConnectError:
    """The same failure, or one that says which transport the port speaks.

    Args:
        failure: Why an attempt to connect has failed.
        connection: The connection that was tried.
        stage: The stage at which it failed.
        address: The address that was connected to.
        deadline: How long the probe may take.

    Raises:
        Cancelled: See `ConnectDeadline.wait`.
    """
    kind = connection.transport
    where = place(connection.host, connection.port)
    if kind.encrypted:
        # What a server answered in plain text is shown as it is.
        if stage != "TLS handshake" or failure.field != "transport" or failure.server_text:
            return failure
        if not _speaks_plainly(address, connection, deadline):
            return failure
        # Nothing tries that by itself or by one key: a password would go unencrypted.
        choice = "WebSocket" if kind.websocket else "TCP"
        reason = f"{where} does not speak TLS: choose {choice} as the transport, which is not encrypted"
        return ConnectError(reason, "transport")
    if not _may_be_tls(failure, stage):
        return failure
    name = connection.tls.server_name or connection.host.strip()
    if not _speaks_tls(address, name, deadline):
        return failure
    choice, instead = ("secure WebSocket", TransportKind.WSS) if kind.websocket else ("TLS", TransportKind.TLS)
    reason = f"{where} speaks TLS: choose {choice} as the transport"
    return ConnectError(reason, "transport", failure.server_text, instead)


def _may_be_tls(failure: ConnectError, stage: ConnectStage | None) -> bool:
    """Whether nothing that came identifies the server."""
    # After a path was refused, another one may have been tried: the stage is that of then.
    asked = stage == "WebSocket" or failure.field == "ws_path"
    if not (asked or stage == "CONNECT") or failure.field not in ("port", "transport", "ws_path"):
        return False
    # Web servers say in their own words that the port is for HTTPS, with this status.
    if "(HTTP " in failure.reason:
        return asked and "(HTTP 400)" in failure.reason
    return not failure.server_text


def _speaks_tls(address: Address, name: str, deadline: ConnectDeadline) -> bool:
    """Whether a server answers a ClientHello with TLS; its certificate is not checked."""
    first = connect.answer_to(_hello(name), address, deadline, _RECORD)
    # A service that echoes sends the ClientHello back; only a ServerHello or an alert counts.
    return first[:2] == b"\x15\x03" or (first[:2] == b"\x16\x03" and first[5:6] == b"\x02")


def _hello(name: str) -> bytes:
    """A ClientHello, the first message of a TLS handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    outgoing = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def _speaks_plainly(address: Address, connection: Connection, deadline: ConnectDeadline) -> bool:
    """Whether a server answers HTTP, or STOMP, without TLS."""
    if connection.transport.websocket:
        question = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        return connect.answer_to(question, address, deadline, 5).startswith(b"HTTP/")
    first = connect.answer_to(b"CONNECT\naccept-version:1.0,1.1,1.2\nhost:/\n\n\0", address, deadline, 6)
    return first.lstrip(b"\r\n").startswith((b"CONNEC", b"ERROR"))
