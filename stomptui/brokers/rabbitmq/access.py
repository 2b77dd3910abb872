"""The way into a queue of RabbitMQ, put together of its parts."""

from __future__ import annotations

from stomptui.brokers.rabbitmq.actions import RabbitMQActions, found_dead_letters
from stomptui.brokers.rabbitmq.peek.parking import ParkingSubscription, RabbitMQAcknowledgements
from stomptui.brokers.rabbitmq.peek.peeked_queue import RabbitMQQueue
from stomptui.brokers.rabbitmq.peek.reader import RabbitMQReader
from stomptui.brokers.rabbitmq.peek.stream_reading import StreamSubscription
from stomptui.brokers.rabbitmq.preparing import RabbitMQPreparer
from stomptui.brokers.rabbitmq.targets.queue_facts import RabbitMQQueueFacts
from stomptui.brokers.rabbitmq.targets.targets import RabbitMQTargets
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access import QueueAccess, Taking
from stomptui.queues.access_context import AccessContext
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.sending.sending_connection import SendingConnection
from stomptui.queues.unacked_messages import UnackedMessages

VERSIONS = ("1.2",)
"""Of the connection that sends: 1.1 has no escape for a carriage return, and RabbitMQ closes at a plain one."""


def rabbitmq_access(context: AccessContext, queue: str, dialect: Dialect) -> QueueAccess:
    """As of `MakeAccess`."""
    unacked, known, facts = UnackedMessages(), RabbitMQQueue(queue, dialect), RabbitMQQueueFacts(context)
    parking = ParkingSubscription(context, known, dialect, unacked)
    reader = RabbitMQReader(known, facts, parking, StreamSubscription(context, known, dialect, unacked))
    sender = SendingConnection(context, VERSIONS)
    forwarding = Forwarding(
        context,
        dialect,
        sender,
        RabbitMQPreparer(dialect, context.login, lambda: sender.version),
        RabbitMQTargets(context, dialect, queue, facts),
        lambda context, queue: rabbitmq_access(context, queue, dialect).reader,
        reader.received,
    )
    sure = RabbitMQAcknowledgements(parking, known)
    actions = RabbitMQActions(
        forwarding, unacked, reader.return_messages, sure, known, facts, lambda: found_dead_letters(known, facts)
    )
    return QueueAccess(context, queue, reader, actions, unacked, Taking(parking, sure, counts=True))
