"""The embedded broker: a server for STOMP 1.0, 1.1 and 1.2 on a loopback port, everything in memory.

RabbitMQ is the model (https://www.rabbitmq.com/docs/stomp). Where this one differs it does so to be plainer: header
order is kept, every refusal is an ERROR, and a RECEIPT means that the frame was carried out.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

from stomptui.embedded.connection import ClientConnection
from stomptui.embedded.options import ServerOptions
from stomptui.embedded.server_queues import ServerQueues


class EmbeddedServer:
    """Listens, and keeps the queues and the connections of its clients. Lives on one event loop.

    Args:
        options: The fields of `ServerOptions`.
    """

    def __init__(self, **options: Any) -> None:
        self.options = ServerOptions(**options)
        self.port = 0
        """The port it listens on; 0 before `start`."""
        self.queues = ServerQueues(self.options.limits, self.options.token)
        self.connections: set[ClientConnection] = set()
        self._server: asyncio.Server | None = None
        self._no_connections = asyncio.Event()

    async def start(self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        """Listen; port 0 picks a free one, which `port` holds then.

        Raises:
            OSError: The port is in use or not allowed.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, host, port, ssl=tls, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and drop the clients without an ERROR, as a broker that is stopped does; queues stay."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._no_connections.clear()
        self.drop_clients()
        if self.connections:
            await self._no_connections.wait()

    def drop_clients(self) -> None:
        """Close every connection without an ERROR and go on listening."""
        for connection in list(self.connections):
            connection.abort()

    def _connection(self) -> ClientConnection:
        return ClientConnection(self.options, self.queues, self.connections.add, self._closed)

    def _closed(self, connection: ClientConnection) -> None:
        self.connections.discard(connection)
        if not self.connections:
            self._no_connections.set()
