"""Looking into queues and acting on what is in them, by the way each broker has."""

from __future__ import annotations

from stomptui.broker.dialects import Dialect
from stomptui.broker.queues.activemq import ActiveMQAccess
from stomptui.broker.queues.artemis import ArtemisAccess
from stomptui.broker.queues.base import Look, Looked, QueueAccess, Room, Survey
from stomptui.broker.queues.holding import Holding, Unsafe
from stomptui.broker.queues.orders import Account, Carried, Fate, Order, Plan, Target
from stomptui.broker.queues.rabbitmq import EmbeddedAccess, RabbitMQAccess

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
