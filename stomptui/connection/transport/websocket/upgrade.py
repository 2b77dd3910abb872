"""From a connected socket to an open WebSocket, or why the server refused to upgrade to it.

Of an address that belongs to a SockJS endpoint, however it was copied, the plain WebSocket is opened.
"""

from __future__ import annotations

import os
import socket

from stomptui.config.secret_names import path_without_secrets
from stomptui.connection.errors import ConnectError
from stomptui.connection.transport.connecting.attempt import ConnectAttempt
from stomptui.connection.transport.connecting.connect import ConnectDeadline
from stomptui.connection.transport.websocket import handshake, sockjs
from stomptui.connection.transport.websocket.handshake import HttpResponse
from stomptui.connection.transport.websocket.inflating import unasked
from stomptui.connection.transport.websocket.tunnel import tunnel_for

INFO_TIMEOUT = 2.0
"""Seconds that asking whether a path belongs to a SockJS endpoint may take."""
_ELSEWHERE = (200, 400, 404, 405)
"""Statuses with which servers answer an upgrade at a path that has no WebSocket."""


def open_websocket(attempt: ConnectAttempt, deadline: ConnectDeadline) -> tuple[socket.socket, bytes]:
    """Connect and upgrade, at the path given or at the one that it stands for.

    Returns:
        A connected, non-blocking socket with an open WebSocket, and the bytes that came right behind the HTTP header.

    Raises:
        ConnectError: It failed, or the upgrade was refused, and why.
        Cancelled, TimeoutError: See `ConnectDeadline.wait`.
    """
    attempt.found = attempt.extensions = ""
    opened = _at_the_right_path(attempt, deadline)
    attempt.found = "; ".join(filter(None, (attempt.found, unasked(attempt.extensions))))
    return opened


def _at_the_right_path(attempt: ConnectAttempt, deadline: ConnectDeadline) -> tuple[socket.socket, bytes]:
    """As of `open_websocket`, but for what a server does that was not asked for."""
    place, mark, query = attempt.connection.ws_path.partition("?")
    if sockjs.is_session(place) and _sockjs(sockjs.endpoint_of(place), attempt, deadline):
        # It would open, and speak SockJS frames.
        target = sockjs.websocket_path(sockjs.endpoint_of(place))
        opened, response = _upgrade(attempt, target + mark + query, deadline)
        if opened is None:
            raise handshake.upgrade_error(response, target)
        attempt.found = (
            f"{path_without_secrets(place)} is of a SockJS session; connected to {path_without_secrets(target)}"
        )
        return opened, response.body
    opened, response = _upgrade(attempt, place + mark + query, deadline)
    if opened is not None:
        return opened, response.body
    failure = handshake.upgrade_error(response, place)
    if response.status not in _ELSEWHERE:
        raise failure
    endpoint = sockjs.endpoint_of(place)
    websocket = sockjs.offers_websocket(response)
    if websocket is None:
        websocket = _sockjs(endpoint, attempt, deadline)
    if websocket is False:
        raise ConnectError(
            f"{path_without_secrets(endpoint)} is a SockJS endpoint that has no WebSocket", "ws_path", response.summary
        )
    target = sockjs.websocket_path(endpoint) if websocket else sockjs.shortened(place)
    if not target or target == place:
        raise failure
    opened, second = _upgrade(attempt, target + mark + query, deadline)
    if opened is None:
        raise handshake.upgrade_error(second, target) if websocket else failure
    asked = path_without_secrets(endpoint if websocket else place)
    what = f"{asked} is a SockJS endpoint" if websocket else f"there is no WebSocket at {asked}"
    attempt.found = f"{what}: connected to {path_without_secrets(target)}"
    return opened, second.body


def _upgrade(
    attempt: ConnectAttempt, path: str, deadline: ConnectDeadline
) -> tuple[socket.socket | None, HttpResponse]:
    """Connect and ask for an upgrade at a path; the socket is None if the server refused."""
    connection = attempt.connection
    key = handshake.make_key(os.urandom(16))
    data = handshake.request(connection, key, path)
    sock = attempt.open_socket(deadline, tunnel_for(connection))
    try:
        attempt.progress("WebSocket")
        response = handshake.exchange(sock, data, connection, deadline)
        if response.status == 101 and not handshake.accepted(response, key):
            raise ConnectError(
                "what answers opened something else than our WebSocket: a proxy may be in between",
                "port",
                response.summary,
            )
    except BaseException:
        sock.close()
        raise
    if response.status == 101:
        attempt.extensions = response.get("sec-websocket-extensions")
        return sock, response
    sock.close()
    return None, response


def _sockjs(endpoint: str, attempt: ConnectAttempt, deadline: ConnectDeadline) -> bool | None:
    """Ask `<endpoint>/info` on a connection of its own: whether it is SockJS with WebSocket, None if it is no SockJS.

    A question that fails says no.
    """
    deadline = deadline.within(INFO_TIMEOUT)
    connection = attempt.connection
    headers = [("Host", handshake.authority(connection)), *connection.handshake_headers(), ("Connection", "close")]
    try:
        data = handshake.get(sockjs.info_path(endpoint), headers)
        sock = attempt.open_socket(deadline, tunnel_for(connection))
        try:
            return sockjs.offers_websocket(handshake.exchange(sock, data, connection, deadline))
        finally:
            sock.close()
    except (ConnectError, OSError):
        return None
