"""What queues and topics a broker has, by the way each has of telling."""

from __future__ import annotations

from stomptui.broker.dialects import Dialect
from stomptui.broker.listing.activemq import ActiveMQLister
from stomptui.broker.listing.artemis import ArtemisLister
from stomptui.broker.listing.base import Listing, QueueInfo, QueueLister, Unlisted, Untold
from stomptui.broker.listing.embedded import EmbeddedLister
from stomptui.broker.listing.lister import Lister
from stomptui.broker.listing.rabbitmq import RabbitMQLister
from stomptui.broker.queues.base import Room
from stomptui.config.connection import Connection

LISTERS: dict[str, type[QueueLister]] = {
    "rabbitmq": RabbitMQLister,
    "activemq": ActiveMQLister,
    "artemis": ArtemisLister,
    "embedded": EmbeddedLister,
}
"""By the name of the dialect; brokers not named here tell nobody."""

__all__ = ["LISTERS", "Lister", "Listing", "QueueInfo", "QueueLister", "Unlisted", "lister_to"]


def lister_to(connection: Connection, dialect: Dialect, room: Room) -> QueueLister:
    """The way to ask that broker."""
    return LISTERS.get(dialect.name, Untold)(room, connection, dialect)
