"""Which subscriptions cost messages a counted delivery, and how many deliveries were counted so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from stomptui.connection.events import Received
from stomptui.connection.subscriptions.broker_session import BrokerSession
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.frame import Frame
from stomptui.protocol.numbers import signed_number


class DeliveryCounts:
    """Knows what an unacknowledged delivery costs on the queues subscribed to.

    Args:
        broker: The session of the moment.
        find_out: Called to find out on a side connection how the queue of a subscription counts deliveries.
    """

    def __init__(self, broker: BrokerSession, find_out: Callable[[WantedSubscription], object]) -> None:
        self._broker = broker
        self.find_out = find_out

    def must_find_out_first(self, subscription: WantedSubscription) -> bool:
        """Whether it must be known before the first SUBSCRIBE what a delivery costs, or whether the queue exists."""
        dialect = self._broker.dialect
        if subscription.prefers_browsing or subscription.deliveries is not None:
            return False
        if dialect.deliveries(subscription.destination, subscription.headers) is not None:
            return False
        would_declare = dialect.existing(subscription.destination, subscription.headers) != subscription.destination
        takes = subscription.mode == "consume" and dialect.may_go_with_its_reader(subscription.destination)
        return would_declare or takes or subscription.resolve(dialect).holds

    def are_counted(self, subscription: WantedSubscription) -> bool:
        """Whether an unacknowledged delivery costs a message something; True while that is being found out."""
        if subscription.deliveries is None:
            subscription.deliveries = self._broker.dialect.deliveries(subscription.destination, subscription.headers)
        if subscription.deliveries is None:
            self.find_out(subscription)
        return subscription.deliveries is None or subscription.deliveries.counted

    def record(self, event: Received, by_id: Callable[[str], WantedSubscription | None]) -> None:
        """Note the delivery counts in messages that stay unacknowledged, whose number the prefetch bounds."""
        header = self._broker.dialect.delivery_counter
        if not header:
            return
        if not any((found := by_id(id)) and found.keeps_unacknowledged for id in event.counts):
            return
        for raw in event.batch.frames():
            frame = Frame(raw, self._broker.version)
            count = signed_number(frame.get(header) or "")
            subscription = by_id(frame.get("subscription") or "")
            if subscription is not None and count is not None:
                subscription.delivery_count = max(subscription.delivery_count, count)

    def session_over(self, subscription: WantedSubscription) -> None:
        """Note that what a subscription kept unacknowledged has returned to the queue, one delivery older."""
        if subscription.wire_id and subscription.received:
            if self._broker.dialect.delivery_counter:
                subscription.deliveries_used = subscription.delivery_count + 1
            else:
                subscription.deliveries_used += 1

    def used(self, destination: str, subscriptions: Iterable[WantedSubscription]) -> int:
        """The highest number of deliveries counted of a message of a queue, as far as these subscriptions saw."""
        most = 0
        for subscription in subscriptions:
            if queue_of(subscription.destination) == queue_of(destination):
                # A message that is unacknowledged now will return one delivery older.
                returning = (
                    subscription.delivery_count + 1
                    if subscription.received and self._broker.dialect.delivery_counter
                    else 0
                )
                most = max(most, subscription.deliveries_used, returning)
        return most


def queue_of(destination: str) -> str:
    """A queue by any of its names: "orders" for /queue/orders, /amq/queue/orders and orders."""
    for prefix in ("/amq/queue/", "/queue/"):
        if destination.startswith(prefix):
            return destination[len(prefix) :]
    return destination
