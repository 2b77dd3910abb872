"""From a connected socket to an open WebSocket, or why the server refused to upgrade to it."""

from __future__ import annotations

import os
import socket

from stomptui.connection.errors import ConnectError
from stomptui.connection.transport.connecting import connect
from stomptui.connection.transport.connecting.attempt import ConnectAttempt
from stomptui.connection.transport.connecting.connect import ConnectDeadline
from stomptui.connection.transport.connecting.tls import build_context
from stomptui.connection.transport.websocket import handshake

INFO_TIMEOUT = 2.0
"""Seconds that asking whether a path is a SockJS endpoint may take."""


def open_websocket(attempt: ConnectAttempt, deadline: ConnectDeadline) -> tuple[socket.socket, bytes]:
    """Connect and upgrade.

    Returns:
        A connected, non-blocking socket with an open WebSocket, and the bytes that came right behind the HTTP header.

    Raises:
        ConnectError: It failed, or the upgrade was refused, and why.
        Cancelled, TimeoutError: See `ConnectDeadline.wait`.
    """
    connection = attempt.connection
    key = handshake.make_key(os.urandom(16))
    data = handshake.request(connection, key)
    sock = attempt.open_socket(deadline)
    try:
        attempt.progress("WebSocket")
        response = handshake.exchange(sock, data, connection, deadline)
        if response.status != 101:
            raise _refused(response, attempt, deadline)
        if not handshake.accepted(response, key):
            raise ConnectError(
                "what answers opened something else than our WebSocket: a proxy may be in between",
                "port",
                response.summary,
            )
    except BaseException:
        sock.close()
        raise
    return sock, response.body


def _refused(response: handshake.HttpResponse, attempt: ConnectAttempt, deadline: ConnectDeadline) -> ConnectError:
    path = attempt.connection.ws_path.partition("?")[0]
    failure = handshake.upgrade_error(response, path)
    if response.status in (200, 400, 404) and _is_sockjs(path, attempt, deadline.within(INFO_TIMEOUT)):
        target = f"{path.rstrip('/')}/websocket"
        return ConnectError(f"{path} is a SockJS endpoint: its WebSocket is at {target}", "ws_path", response.summary)
    return failure


def _is_sockjs(path: str, attempt: ConnectAttempt, deadline: ConnectDeadline) -> bool:
    """Ask `<path>/info`, on a connection of its own; a question that fails says no."""
    connection = attempt.connection
    headers = [("Host", handshake.authority(connection)), *connection.handshake_headers(), ("Connection", "close")]
    try:
        data = handshake.get(connection, f"{path.rstrip('/')}/info", headers)
        host = connection.host.strip()
        sock = connect.connect(host, connect.look_up(host, connection.port, deadline, attempt.waker), deadline)
        if connection.transport.encrypted:
            name = connection.tls.server_name or host
            sock = connect.encrypt(sock, build_context(connection.tls), name, host, connection.port, deadline)
        try:
            return handshake.is_sockjs(handshake.exchange(sock, data, connection, deadline))
        finally:
            sock.close()
    except (ConnectError, OSError):
        return False
