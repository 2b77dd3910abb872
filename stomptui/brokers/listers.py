"""What queues and topics a broker has, by the way each has of telling."""

from __future__ import annotations

from stomptui.brokers.activemq.queue_list import ActiveMQLister
from stomptui.brokers.artemis.queue_list import ArtemisLister
from stomptui.brokers.embedded.queue_list import EmbeddedLister
from stomptui.brokers.rabbitmq.queue_list import RabbitMQLister
from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access import Room
from stomptui.queues.listing.lister import Lister
from stomptui.queues.listing.listing import Listing, QueueInfo, QueueLister, Unlisted, Untold

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
