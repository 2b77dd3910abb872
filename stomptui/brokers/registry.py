"""The registry of brokers. Adding one is a folder beside this file and a line below."""

from __future__ import annotations

from collections.abc import Iterable

from stomptui.brokers import activemq, artemis, coilmq, embedded, rabbitmq, spring
from stomptui.brokers.broker import Broker
from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.protocol.frame import Frame
from stomptui.queues import delivery_limit
from stomptui.queues.access import QueueAccess
from stomptui.queues.access_context import AccessContext
from stomptui.queues.listing.listing import NoLister, QueueLister
from stomptui.queues.peek.live_copies import MakeCopies

UNKNOWN = Broker(Dialect)
"""Plain STOMP, and nothing promised."""


class Registry:
    """Finds what a broker has, by the name of its dialect.

    Args:
        brokers: In the order they are asked whether they recognise a CONNECTED frame; the last one takes everything.
    """

    def __init__(self, brokers: Iterable[Broker]) -> None:
        self.brokers = tuple(brokers)
        self.names = tuple(broker.name for broker in self.brokers)
        self._by_name = {broker.name: broker for broker in self.brokers}

    @property
    def dialects(self) -> tuple[type[Dialect], ...]:
        return tuple(broker.dialect for broker in self.brokers)

    def _broker(self, name: str) -> Broker:
        return self._by_name.get(name, UNKNOWN)

    def named(self, name: str, server: str = "") -> Dialect:
        """As of `Brokers`."""
        return self._broker(name).dialect(server)

    def recognised(self, connected: Frame, websocket: bool = False, override: str = "") -> Dialect:
        """As of `Brokers`."""
        server = connected.get("server") or ""
        if override in self.names:
            return self.named(override, server)
        found = next(broker for broker in self.brokers if broker.dialect.recognise(connected, websocket))
        return found.dialect(server)

    def access(self, queue: str, dialect: Dialect, context: AccessContext) -> QueueAccess:
        """The way into a queue of that broker."""
        return self._broker(dialect.name).access(context, queue, dialect)

    def lister(self, connection: Connection, dialect: Dialect, context: AccessContext) -> QueueLister:
        """The way to ask that broker which queues it has."""
        return self._broker(dialect.name).lister(context, connection, dialect)

    def lists_queues(self, dialect: Dialect) -> bool:
        """Whether there is a way to ask that broker which queues it has."""
        return self._broker(dialect.name).lister is not NoLister

    def deliveries(self, context: AccessContext, dialect: Dialect, destination: str) -> Deliveries:
        """What an unacknowledged delivery costs a message of a queue. Blocks, and opens connections of its own."""
        return delivery_limit.learn(context, dialect, destination, self._broker(dialect.name).deliveries)

    def copies(self, dialect: Dialect) -> MakeCopies | None:
        """How copies of what comes to a queue are had from that broker, None if they are not."""
        return self._broker(dialect.name).copies


BROKERS = Registry(
    (
        rabbitmq.BROKER,
        activemq.BROKER,
        artemis.BROKER,
        spring.BROKER,
        embedded.BROKER,
        coilmq.BROKER,
        UNKNOWN,
    )
)
