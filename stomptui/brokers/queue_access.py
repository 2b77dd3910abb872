"""Looking into queues and acting on what is in them, by the way each broker has."""

from __future__ import annotations

from stomptui.brokers.activemq.actions import ActiveMQAccess
from stomptui.brokers.artemis.actions import ArtemisAccess
from stomptui.brokers.rabbitmq.queues import EmbeddedAccess, RabbitMQAccess
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access import Look, Looked, QueueAccess, Room, Survey
from stomptui.queues.actions.action import Account, Carried, Fate, Order, Plan, Target
from stomptui.queues.peek.holding import Holding, Unsafe

ACCESS: dict[str, type[QueueAccess]] = {
    "activemq": ActiveMQAccess,
    "artemis": ArtemisAccess,
    "rabbitmq": RabbitMQAccess,
    "embedded": EmbeddedAccess,
    "coilmq": Unsafe,
    "spring": Unsafe,
}
"""By the name of the dialect; brokers not named here have no way but holding."""

__all__ = [
    "ACCESS",
    "Account",
    "Carried",
    "Fate",
    "Look",
    "Looked",
    "Order",
    "Plan",
    "QueueAccess",
    "Room",
    "Survey",
    "Target",
    "access_to",
]


def access_to(queue: str, dialect: Dialect, room: Room) -> QueueAccess:
    """The way into a queue of that broker."""
    return ACCESS.get(dialect.name, Holding)(room, queue, dialect)
