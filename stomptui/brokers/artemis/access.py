"""The way into a queue of Artemis, put together of its parts."""

from __future__ import annotations

from stomptui.brokers.artemis.actions import ArtemisActions, ArtemisConfirmedActions
from stomptui.brokers.artemis.management.client import VERSIONS
from stomptui.brokers.artemis.management.management_actions import ManagementActions
from stomptui.brokers.artemis.management.shared_management import SharedManagement
from stomptui.brokers.artemis.peek.peeked_queue import ArtemisSource
from stomptui.brokers.artemis.peek.reader import ArtemisReader
from stomptui.brokers.artemis.peek.subscription_reader import ArtemisSubscription, ArtemisSubscriptionReader
from stomptui.brokers.artemis.preparing import ArtemisPreparer
from stomptui.brokers.artemis.staying_messages import StayingMessages
from stomptui.brokers.artemis.targets import ArtemisTargets
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access import QueueAccess, Taking
from stomptui.queues.access_context import AccessContext
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.sending.sending_connection import SendingConnection
from stomptui.queues.unacked_messages import UnackedMessages


def artemis_access(context: AccessContext, queue: str, dialect: Dialect) -> QueueAccess:
    """As of `MakeAccess`."""
    unacked, source, management = UnackedMessages(), ArtemisSource(queue), SharedManagement(context)
    subscription = ArtemisSubscription(context, source, dialect, unacked)
    reader = ArtemisReader(context, source, management, ArtemisSubscriptionReader(source, subscription))
    sender = SendingConnection(context, VERSIONS)
    targets = ArtemisTargets(dialect, source, management)
    forwarding = Forwarding(
        context,
        dialect,
        sender,
        ArtemisPreparer(dialect, context.login, lambda: sender.version),
        targets,
        lambda context, queue: artemis_access(context, queue, dialect).reader,
        reader.received,
    )
    staying = StayingMessages(context, source, unacked, management)
    by_hand = ArtemisConfirmedActions(forwarding, unacked, subscription.return_messages, staying)
    by_management = ManagementActions(forwarding, unacked, source, management, targets)
    actions = ArtemisActions(forwarding, unacked, management, targets, by_management, by_hand)
    return QueueAccess(context, queue, reader, actions, unacked, Taking(subscription))
