"""Questions and answers on Artemis."""

from __future__ import annotations

from stomptui.connection.dialect.replies import SubscribedReplies

_OF_JMS = ("temp-queue://", "temp-topic://", "queue://", "topic://")


class ArtemisReplies(SubscribedReplies):
    """Answers come to an address of a name that nobody else uses, which a SUBSCRIBE gives a temporary queue."""

    # A message-id is of one delivery alone.
    own_ids = ()

    def destination(self, reply_to: str) -> str:
        # As JMS clients write it; what stands behind is the name of the address.
        for prefix in _OF_JMS:
            if reply_to.startswith(prefix):
                return reply_to.removeprefix(prefix)
        return reply_to
