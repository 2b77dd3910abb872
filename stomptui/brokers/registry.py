"""The registry of brokers. Adding one is a folder beside this file, a line below, and one in
`config.dialects`, by which it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from stomptui.protocol.frame import Frame

if TYPE_CHECKING:
    from stomptui.brokers.broker import Broker
    from stomptui.config.connection import Connection
    from stomptui.connection.dialect.base import Dialect
    from stomptui.connection.subscriptions.delivery_limit import Deliveries
    from stomptui.queues.access import QueueAccess
    from stomptui.queues.access_context import AccessContext
    from stomptui.queues.listing.listing import QueueLister
    from stomptui.queues.peek.live_copies import MakeCopies


class Registry:
    """Finds what a broker has, by the name of its dialect.

    Args:
        find: Returns the brokers in the order they are asked whether they recognise a CONNECTED frame; the last one
            takes everything. Called once, when a broker is looked up for the first time.
    """

    def __init__(self, find: Callable[[], Iterable[Broker]]) -> None:
        self._find = find

    @cached_property
    def brokers(self) -> tuple[Broker, ...]:
        return tuple(self._find())

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(broker.name for broker in self.brokers)

    @cached_property
    def _by_name(self) -> dict[str, Broker]:
        return {broker.name: broker for broker in self.brokers}

    @property
    def dialects(self) -> tuple[type[Dialect], ...]:
        return tuple(broker.dialect for broker in self.brokers)

    def _broker(self, name: str) -> Broker:
        return self._by_name.get(name, self.brokers[-1])

    def _saying(self, connected: Frame, websocket: bool) -> Broker:
        return next(broker for broker in self.brokers if broker.dialect.recognise(connected, websocket))

    def named(self, name: str, server: str = "") -> Dialect:
        """As of `Brokers`."""
        broker = self._broker(name)
        if broker.put_in_front is None:
            return broker.dialect(server)
        said = Frame(f"CONNECTED\nserver:{server}\n\n".encode("utf-8", "surrogateescape"), "1.0")
        return broker.put_in_front(server, self._saying(said, False).dialect(server))

    def recognised(
        self, connected: Frame, websocket: bool = False, override: str = "", behind: bytes | None = None
    ) -> Dialect:
        """As of `Brokers`."""
        server = connected.get("server") or ""
        if override in self.names:
            return self.named(override, server)
        found = self._saying(connected, websocket)
        if websocket and self._is_relayed(found, connected, behind):
            relay = next(broker for broker in self.brokers if broker.put_in_front is not None)
            return self.named(relay.name, server)
        return found.dialect(server)

    def _is_relayed(self, broker: Broker, connected: Frame, behind: bytes | None) -> bool:
        """Whether what a broker says was passed on by a relay, which names users and writes nothing behind a NUL."""
        if not connected.get("server"):
            return False
        lacks = bool(broker.relay_leaves_out) and behind is not None and not behind.startswith(broker.relay_leaves_out)
        return lacks or connected.get("user-name") is not None

    def access(self, queue: str, dialect: Dialect, context: AccessContext) -> QueueAccess:
        """The way into a queue of that broker."""
        name = dialect.keeper.name if dialect.acknowledges(queue) else dialect.name
        return self._broker(name).access(context, queue, dialect)

    def lister(self, connection: Connection, dialect: Dialect, context: AccessContext) -> QueueLister:
        """The way to ask that broker which queues it has."""
        return self._broker(dialect.keeper.name).lister(context, connection, dialect)

    def lists_queues(self, dialect: Dialect) -> bool:
        """Whether there is a way to ask that broker which queues it has."""
        return self._broker(dialect.keeper.name).lists_queues

    def deliveries(self, context: AccessContext, dialect: Dialect, destination: str) -> Deliveries:
        """What an unacknowledged delivery costs a message of a queue. Blocks, and opens connections of its own."""
        return self._broker(dialect.keeper.name).learn_deliveries(context, dialect, destination)

    def copies(self, dialect: Dialect) -> MakeCopies | None:
        """How copies of what comes to a queue are had from that broker, None if they are not."""
        return self._broker(dialect.keeper.name).copies


def _all_brokers() -> tuple[Broker, ...]:
    # Imported here: they are a quarter of the program, and the first screen is painted without them.
    from stomptui.brokers import activemq, artemis, coilmq, embedded, gostomp, rabbitmq, spring, stompbrokerjs
    from stomptui.brokers.broker import UNKNOWN

    return (
        rabbitmq.BROKER,
        activemq.BROKER,
        artemis.BROKER,
        spring.BROKER,
        spring.RELAY,
        embedded.BROKER,
        coilmq.BROKER,
        gostomp.BROKER,
        stompbrokerjs.BROKER,
        UNKNOWN,
    )


BROKERS = Registry(_all_brokers)
