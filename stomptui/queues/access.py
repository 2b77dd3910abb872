"""The way into one queue: how it is peeked into, which actions there are, where messages may be sent.

A broker assembles it of its parts (`Broker.access`). It blocks and is for one thread, that of its `Peek` or transfer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.acknowledgements import Acknowledgements
from stomptui.queues.actions.confirmed_actions import ConfirmedActions
from stomptui.queues.actions.queue_actions import QueueActions
from stomptui.queues.headers.preparing import MessagePreparer
from stomptui.queues.peek.reader import QueueReader, RefusingReader
from stomptui.queues.peek.unacked_subscription import UnackedSubscription
from stomptui.queues.peek.unacknowledged_reader import UnacknowledgedReader
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.sending.sending_connection import SendingConnection
from stomptui.queues.sending.targets import Targets
from stomptui.queues.unacked_messages import UnackedMessages


@dataclass(frozen=True)
class Taking:
    """How messages are taken out of a queue one by one, once each is safe elsewhere."""

    subscription: UnackedSubscription
    """Has them delivered; its ACKs take them out."""
    acknowledgements: Acknowledgements = field(default_factory=Acknowledgements)
    """Whether what was acknowledged is really out of the queue."""
    counts: bool = False
    """Whether the queue can be counted meanwhile."""


@dataclass(frozen=True)
class QueueAccess:
    """The parts of a way into a queue."""

    context: AccessContext
    queue: str
    """The destination as the person named it; "" for messages of any queue, which a subscription elsewhere has."""
    reader: QueueReader
    """How it is peeked into."""
    actions: QueueActions
    """What is done with its messages."""
    unacked: UnackedMessages
    """Which of them are unacknowledged, here or on another session."""
    taking: Taking | None = None
    """How messages are taken out of it one by one, None where none can be without being lost."""

    @property
    def forwarding(self) -> Forwarding:
        """How messages get to other destinations."""
        return self.actions.forwarding

    @property
    def dialect(self) -> Dialect:
        """The broker."""
        return self.forwarding.dialect

    @property
    def version(self) -> str:
        """The STOMP version spoken."""
        return self.forwarding.sender.version

    def close(self) -> None:
        """Return what is unacknowledged and close all connections; what is asked for next opens others."""
        self.reader.close()
        if self.taking is not None:
            self.taking.subscription.return_messages()
        self.forwarding.sender.close()


MakeAccess = Callable[[AccessContext, str, Dialect], QueueAccess]
"""A broker's way into a queue, of what it works with, the destination as the person named it, and the dialect."""


def plain_access(context: AccessContext, queue: str, dialect: Dialect) -> QueueAccess:
    """The way into a queue of a broker nobody knows; as of `MakeAccess`."""
    unacked = UnackedMessages()
    subscription = UnackedSubscription(context, queue, dialect, unacked)
    reader = UnacknowledgedReader(subscription)
    forwarding = plain_forwarding(context, queue, dialect, reader)
    actions = ConfirmedActions(forwarding, unacked, subscription.return_messages)
    return QueueAccess(context, queue, reader, actions, unacked, Taking(subscription))


def refusing_access(context: AccessContext, queue: str, dialect: Dialect) -> QueueAccess:
    """The way into a queue that cannot be peeked into without harm; as of `MakeAccess`."""
    unacked = UnackedMessages()
    subscription = UnackedSubscription(context, queue, dialect, unacked)
    reader = UnacknowledgedReader(subscription)
    forwarding = plain_forwarding(context, queue, dialect, reader)
    actions = ConfirmedActions(forwarding, unacked, subscription.return_messages)
    return QueueAccess(context, queue, RefusingReader(dialect), actions, unacked)


def plain_forwarding(context: AccessContext, queue: str, dialect: Dialect, reader: QueueReader) -> Forwarding:
    """How messages get to other destinations of a broker nobody knows.

    Args:
        context, queue, dialect: As of `MakeAccess`.
        reader: Takes in what comes meanwhile.
    """
    sender = SendingConnection(context)
    return Forwarding(
        context,
        dialect,
        sender,
        MessagePreparer(dialect, context.login, lambda: sender.version),
        Targets(dialect, queue),
        lambda context, queue: plain_access(context, queue, dialect).reader,
        reader.received,
    )
