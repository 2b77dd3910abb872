"""Finding out whether a queue counts unacknowledged deliveries, and its limit, without touching the queue."""

from __future__ import annotations

from typing import Protocol

from stomptui.connection.dialect.base import Dialect
from stomptui.connection.errors import SessionError
from stomptui.connection.program_log import LOGGER
from stomptui.connection.subscriptions.delivery_limit import ASSUMED, Deliveries
from stomptui.queues.access_context import AccessContext


class AskDeliveries(Protocol):
    """One broker's way of finding it out."""

    def __call__(self, context: AccessContext, dialect: Dialect, destination: str) -> Deliveries:
        """
        Args:
            context: Where connections come from.
            dialect: The broker.
            destination: The queue as subscribed to.

        Raises:
            ClientError: The broker could not be asked.
        """


def learn(context: AccessContext, dialect: Dialect, destination: str, ask: AskDeliveries | None) -> Deliveries:
    """What an unacknowledged delivery costs a message of a queue; the worst is assumed of what nobody tells.

    Blocks, and opens connections of its own.

    Args:
        context: Where connections come from.
        dialect: The broker.
        destination: The queue as subscribed to.
        ask: This broker's way of finding it out, None where it has none.
    """
    known = dialect.deliveries(destination)
    if known is not None or ask is None:
        return known or ASSUMED
    try:
        return ask(context, dialect, destination)
    except SessionError as error:
        LOGGER.info("how %s counts deliveries was not found out: %s", destination, error)
    return ASSUMED
