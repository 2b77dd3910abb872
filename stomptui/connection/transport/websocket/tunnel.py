"""A tunnel through an HTTP proxy to the server of a WebSocket (RFC 9110, 9.3.6)."""

from __future__ import annotations

import socket
from dataclasses import replace

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.proxy import Proxy, ProxyError, proxy_for
from stomptui.connection.errors import ConnectError
from stomptui.connection.transport.connecting.connect import ConnectDeadline
from stomptui.connection.transport.websocket import handshake


class Tunnel:
    """The way to a server through a proxy; a `Via` of an attempt to connect.

    Args:
        proxy: The proxy.
        connection: Where the tunnel ends.
    """

    def __init__(self, proxy: Proxy, connection: Connection) -> None:
        self.host = proxy.host
        self.port = proxy.port
        self._proxy = proxy
        self._connection = connection

    def failed(self, failure: ConnectError) -> ConnectError:
        """The error for a proxy that was not reached."""
        title = self._proxy.title
        return ConnectError(f"{title}, was not reached: {failure.reason}", "proxy", failure.server_text)

    def open(self, sock: socket.socket, deadline: ConnectDeadline) -> None:
        """Ask the proxy for a tunnel over a socket that is connected to it.

        Raises:
            ConnectError: It does not make one.
            Cancelled, TimeoutError: See `ConnectDeadline.wait`.
        """
        host = self._connection.host.strip()
        target = f"[{host}]:{self._connection.port}" if ":" in host else f"{host}:{self._connection.port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if self._proxy.authorization:
            lines.append(f"Proxy-Authorization: {self._proxy.authorization}")
        place = replace(self._connection, host=self.host, port=self.port, transport=TransportKind.WS)
        try:
            response = handshake.exchange(sock, "\r\n".join([*lines, "", ""]).encode(), place, deadline, tunnel=True)
        except ConnectError as failure:
            title = self._proxy.title
            raise ConnectError(f"{title}, made no tunnel: {failure.reason}", "proxy", failure.server_text) from failure
        if not 200 <= response.status < 300:
            code = f"HTTP {response.status}"
            why = f"wants a login ({code})" if response.status == 407 else f"made no tunnel to {target} ({code})"
            raise ConnectError(f"{self._proxy.title}, {why}", "proxy", response.summary)


def tunnel_for(connection: Connection) -> Tunnel | None:
    """The way that a connection takes, None if it goes straight.

    Raises:
        ConnectError: The proxy that is named cannot be used.
    """
    try:
        proxy = proxy_for(connection.proxy, connection.host, connection.port, connection.transport.encrypted)
    except ProxyError as error:
        raise ConnectError(str(error), "proxy") from error
    return None if proxy is None else Tunnel(proxy, connection)
