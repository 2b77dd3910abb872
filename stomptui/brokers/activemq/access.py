"""The way into a queue of ActiveMQ Classic, put together of its parts."""

from __future__ import annotations

from stomptui.brokers.activemq.actions import ActiveMQActions
from stomptui.brokers.activemq.peek.browser import Browser
from stomptui.brokers.activemq.peek.cut_texts import CutTexts
from stomptui.brokers.activemq.peek.subscription import ActiveMQSubscription
from stomptui.brokers.activemq.preparing import ActiveMQPreparer
from stomptui.brokers.activemq.sending_connection import ActiveMQSendingConnection
from stomptui.brokers.activemq.statistics import Statistics
from stomptui.brokers.activemq.targets import ActiveMQTargets
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access import QueueAccess, Taking
from stomptui.queues.access_context import AccessContext
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.unacked_messages import UnackedMessages


def activemq_access(context: AccessContext, queue: str, dialect: Dialect) -> QueueAccess:
    """As of `MakeAccess`."""
    unacked, cut, statistics = UnackedMessages(), CutTexts(), Statistics(context)
    sender = ActiveMQSendingConnection(context, unacked)
    browser = Browser(context, queue, dialect, statistics, cut, sender)
    subscription = ActiveMQSubscription(context, queue, dialect, unacked, cut)
    targets = ActiveMQTargets(dialect, queue, statistics)
    forwarding = Forwarding(
        context,
        dialect,
        sender,
        ActiveMQPreparer(dialect, context.login, lambda: sender.version, cut),
        targets,
        lambda context, queue: activemq_access(context, queue, dialect).reader,
        subscription.received,
    )
    actions = ActiveMQActions(forwarding, unacked, subscription.return_messages, sender, targets)
    return QueueAccess(context, queue, browser, actions, unacked, Taking(subscription, counts=True))
