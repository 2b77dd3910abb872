"""What a connection reports of one subscription: its messages, and why it ended."""

from __future__ import annotations

from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import Event, Lost, Received, SubscribeFailed
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown


class SubscriptionEvents:
    """Reads events of one subscription after the other."""

    def __init__(self) -> None:
        self.lost: str | None = None
        """Why the subscription ended, None while it has not."""
        self.too_large: str | None = None
        """What is to say of a message that is larger than we take, None if none came."""

    def begin(self) -> None:
        """Another subscription is made."""
        self.lost = self.too_large = None

    def frames(self, event: Event, client: BlockingClient, id: str) -> list[Frame]:
        """The messages that an event brings to a subscription; notes if it says that the subscription ended."""
        if isinstance(event, Received):
            return [frame for frame in client.frames(event) if frame.get("subscription") == id]
        if isinstance(event, Lost):
            client.gone = event.reason
            self.lost = event.server_text or event.reason
            self.too_large = event.reason if event.over_limit else None
        elif isinstance(event, SubscribeFailed) and event.subscription == id:
            self.lost = f"the broker ended the subscription: {event.reason}"
        return []


def unless_misread(client: BlockingClient, dialect: Dialect, queue: str, destination: str) -> BlockingClient:
    """The connection, unless the broker would take a queue for another in the version that is spoken there.

    Args:
        client: A new connection; it is ended if it would.
        dialect: The broker.
        queue: As the person named it.
        destination: As SUBSCRIBE is to name it.

    Raises:
        ClientError: It would.
    """
    if misread := dialect.misread(destination, client.version):
        client.drop()
        raise ClientError(f"“{shown(queue)}”: {misread}")
    return client
