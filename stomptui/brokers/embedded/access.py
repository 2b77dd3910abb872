"""The way into a queue of the embedded broker: as for RabbitMQ's classic queues, but it lists its queues itself."""

from __future__ import annotations

import uuid

from stomptui.brokers.embedded.queue_facts import EmbeddedQueueFacts
from stomptui.brokers.rabbitmq.access import VERSIONS
from stomptui.brokers.rabbitmq.actions import RabbitMQActions
from stomptui.brokers.rabbitmq.peek.parking import ParkingSubscription, RabbitMQAcknowledgements
from stomptui.brokers.rabbitmq.peek.peeked_queue import RabbitMQQueue
from stomptui.brokers.rabbitmq.peek.reader import RabbitMQReader
from stomptui.brokers.rabbitmq.peek.stream_reading import StreamSubscription
from stomptui.brokers.rabbitmq.preparing import RabbitMQPreparer
from stomptui.brokers.rabbitmq.targets.dead_letters import DeadLetters
from stomptui.brokers.rabbitmq.targets.targets import RabbitMQTargets
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access import QueueAccess, Taking
from stomptui.queues.access_context import AccessContext
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.sending.sending_connection import SendingConnection
from stomptui.queues.unacked_messages import UnackedMessages

DEAD_LETTERS = "DLQ"
"""The queue that gets what is rejected for good from any other."""


class EmbeddedPreparer(RabbitMQPreparer):
    """Shows all headers that a message has."""

    loses = ""


def embedded_access(context: AccessContext, queue: str, dialect: Dialect) -> QueueAccess:
    """As of `MakeAccess`."""
    unacked, facts = UnackedMessages(), EmbeddedQueueFacts(context)
    known = RabbitMQQueue(queue, dialect, counts_rejections=False)
    parking = ParkingSubscription(context, known, dialect, unacked, private_destination)
    reader = RabbitMQReader(known, facts, parking, StreamSubscription(context, known, dialect, unacked))
    sender = SendingConnection(context, VERSIONS)
    forwarding = Forwarding(
        context,
        dialect,
        sender,
        EmbeddedPreparer(dialect, context.login, lambda: sender.version),
        RabbitMQTargets(context, dialect, queue, facts, private_destination),
        lambda context, queue: embedded_access(context, queue, dialect).reader,
        reader.received,
    )
    sure = RabbitMQAcknowledgements(parking, known)
    actions = RabbitMQActions(
        forwarding, unacked, reader.return_messages, sure, known, facts, lambda: dead_letters(known.name)
    )
    return QueueAccess(context, queue, reader, actions, unacked, Taking(parking, sure, counts=True))


def dead_letters(name: str) -> DeadLetters:
    """Where what is rejected for good goes from a queue."""
    if name == DEAD_LETTERS:
        return DeadLetters(("This is the queue for dead letters itself: they are deleted.",), kept=False)
    return DeadLetters((f"The queue {DEAD_LETTERS} gets them.",), kept=True)


def private_destination() -> str:
    """A destination that nobody sends to, whose subscription goes with the connection."""
    return f"/topic/private.{uuid.uuid4()}"
