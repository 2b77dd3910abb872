"""The subscription by which messages are taken out of an ActiveMQ queue, one by one."""

from __future__ import annotations

from stomptui.brokers.activemq.peek.browser import with_browser
from stomptui.brokers.activemq.peek.cut_texts import CutTexts
from stomptui.connection.blocking_client import BlockingClient
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import Event, Received
from stomptui.queues.access_context import AccessContext
from stomptui.queues.peek.unacked_subscription import UnackedSubscription
from stomptui.queues.unacked_messages import UnackedMessages


class ActiveMQSubscription(UnackedSubscription):
    """Notes which messages did not come whole.

    Args:
        context, queue, dialect, unacked: As of `UnackedSubscription`.
        cut: Where they are noted.
    """

    def __init__(
        self, context: AccessContext, queue: str, dialect: Dialect, unacked: UnackedMessages, cut: CutTexts
    ) -> None:
        super().__init__(context, queue, dialect, unacked)
        self._cut = cut

    def _prepared(self, client: BlockingClient) -> BlockingClient:
        return with_browser(client)

    def received(self, event: Event) -> str | None:
        client = self.unacked.client
        if isinstance(event, Received) and client is not None and event.session == client.number:
            self._cut.note(event.batch, client.version)
        return super().received(event)
