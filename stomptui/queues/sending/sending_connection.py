"""The connection that sends, apart from the one that messages are unacknowledged on."""

from __future__ import annotations

from stomptui.connection.blocking_client import BlockingClient, ConnectionGone
from stomptui.queues.access_context import AccessContext


class SendingConnection:
    """Opened when something is to be sent: what it is refused must not end the connection that has the messages.

    Args:
        context: Opens connections.
        versions: The STOMP versions to offer; those of the person's connection by default.
    """

    def __init__(self, context: AccessContext, versions: tuple[str, ...] = ()) -> None:
        self.versions = versions
        self._context = context
        self._client: BlockingClient | None = None

    @property
    def version(self) -> str:
        """The STOMP version spoken, or what is offered first."""
        return self._client.version if self._client is not None else (*self.versions, "1.2")[0]

    def open(self) -> BlockingClient:
        """The connection, opened again if it has ended. Raises `ConnectionGone`."""
        if self._client is None or self._client.gone or self._client.session.state.over:
            self._client = self._context.dial("sending", versions=self.versions)
        return self._client

    @property
    def client(self) -> BlockingClient:
        """The connection that `open` opened, whether it still stands or not. Raises `ConnectionGone` without one."""
        if self._client is None:
            raise ConnectionGone("not connected")
        return self._client

    def close(self) -> None:
        """Close it; `open` opens another."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def drop(self) -> None:
        """End it at once; `open` opens another."""
        client, self._client = self._client, None
        if client is not None:
            client.drop()
