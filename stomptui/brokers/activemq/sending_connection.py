"""The STOMP version and the connection by which messages are sent to ActiveMQ."""

from __future__ import annotations

from stomptui.queues.access_context import AccessContext
from stomptui.queues.sending.sending_connection import SendingConnection
from stomptui.queues.unacked_messages import UnackedMessages

VERSIONS = ("1.2",)
"""Of a connection that sends: 1.1 has no escape for a carriage return."""


class ActiveMQSendingConnection(SendingConnection):
    """For copies; what is moved is sent in a transaction elsewhere.

    Args:
        context: Opens connections.
        unacked: What another session has; it is moved on the connection of that session.
    """

    def __init__(self, context: AccessContext, unacked: UnackedMessages) -> None:
        super().__init__(context, VERSIONS)
        self._unacked = unacked
        self.spoken = ""
        """The STOMP version of the connection that was opened last to browse or to move, "" before."""

    @property
    def version(self) -> str:
        if self._unacked.elsewhere and self._unacked.client is not None:
            return self._unacked.client.version
        return self.spoken or super().version
