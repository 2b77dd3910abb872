"""Finds out over side connections what a delivery costs on the queues that are subscribed to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from stomptui.application.side_connections import SideConnections
from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.event_queue import EventSink
from stomptui.connection.events import Learned
from stomptui.connection.subscriptions.delivery_limit import ASSUMED, Deliveries
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext


class DeliveryCosts:
    """Asks in threads of its own; what is found out comes as `Learned`.

    Args:
        side_connections: Opens connections.
        events: Where the answer is put.
    """

    def __init__(self, side_connections: SideConnections, events: EventSink) -> None:
        self._sides = side_connections
        self._events = events
        self._asking: set[int] = set()
        """The subscriptions that are asked about, by identity: keys begin anew with each broker."""

    def ask(self, watch: WantedSubscription, connection: Connection, dialect: Dialect, session: int) -> None:
        """Begin to find it out for a subscription, unless that is under way."""
        key, same = watch.key, id(watch)
        if same in self._asking:
            return
        self._asking.add(same)

        def tell(found: Deliveries) -> None:
            self._asking.discard(same)
            self._events.put(Learned(session, time.time(), key, found))

        self.find_out(watch.destination, connection, dialect, tell)

    def find_out(
        self, destination: str, connection: Connection, dialect: Dialect, tell: Callable[[Deliveries], object]
    ) -> None:
        """Begin to find it out for a destination; `tell` is called in another thread."""
        event_queue = BlockingEventQueue()
        context = AccessContext(
            self._sides.dialer(destination, event_queue), event_queue, login=connection.login, connection=connection
        )

        def work() -> None:
            found = ASSUMED
            try:
                found = BROKERS.deliveries(context, dialect, destination)
            finally:
                tell(found)

        threading.Thread(target=work, name=f"stomptui-counting-{shown(destination)}", daemon=True).start()
