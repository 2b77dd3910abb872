"""The connection to Artemis's management that all parts of a way into a queue share, opened when one of them asks."""

from __future__ import annotations

from stomptui.brokers.artemis.management.client import ManagementClient, NoRight
from stomptui.connection.events import Event
from stomptui.queues.access_context import AccessContext


class SharedManagement:
    """Opened again when it has ended; not tried again once this user may not.

    Args:
        context: Opens connections.
    """

    def __init__(self, context: AccessContext) -> None:
        self._context = context
        self._client: ManagementClient | None = None
        self._may = True
        """Whether this user may manage, as far as it was tried."""

    def client(self) -> ManagementClient | None:
        """Where to ask, None if this user may not. Raises `ClientError`."""
        if self._client is not None and self._client.over:
            self.close()
        if self._client is None and self._may:
            try:
                self._client = ManagementClient.dial(self._context)
            except NoRight:
                self._may = False
        return self._client

    def hear(self, event: Event) -> bool:
        """Take what an event brings; False if it is of interest to others."""
        return self._client is not None and self._client.hear(event)

    def close(self) -> None:
        """End the connection; who asks next opens another."""
        client, self._client = self._client, None
        if client is not None:
            client.close()
