"""SUBSCRIBE and UNSUBSCRIBE for wanted subscriptions, and which subscription id belongs to which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stomptui.connection.dialect.durable import RetainedSubscription
from stomptui.connection.dialect.durable_id import default_identity
from stomptui.connection.errors import NotConnected, SessionError
from stomptui.connection.events import SubscribeFailed
from stomptui.connection.frame_headers import Subscription
from stomptui.connection.subscriptions.broker_session import BrokerSession
from stomptui.connection.subscriptions.notes import Note
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.codec import EncodeError
from stomptui.protocol.names import shown


class Subscriber:
    """Sends SUBSCRIBE and UNSUBSCRIBE, and notes the answers in the subscription.

    Args:
        broker: The session of the moment.
        note: Takes a note for the log.
    """

    def __init__(self, broker: BrokerSession, note: Note) -> None:
        self._broker = broker
        self._note = note
        self._ids = 0
        self._by_id: dict[str, WantedSubscription] = {}

    def of(self, wire_id: str) -> WantedSubscription | None:
        """Whose subscription that id is or was, removed ones and those of earlier connections included."""
        return self._by_id.get(wire_id)

    def all(self) -> Iterable[WantedSubscription]:
        """Every one that was ever subscribed to."""
        return self._by_id.values()

    def new_id(self) -> str:
        """A subscription id that was not used before."""
        self._ids += 1
        return f"sub-{self._ids}"

    def subscribe(self, subscription: WantedSubscription, others: Iterable[WantedSubscription]) -> None:
        """Send SUBSCRIBE; without a connection only the way of reading is settled.

        Args:
            subscription: Its `state` becomes "asking", or "refused" with the reason in `error`.
            others: The wanted subscriptions, which must not use the same durable subscription.
        """
        dialect = self._broker.dialect
        subscription.reading = subscription.resolve(dialect)
        if self._broker.session is None:
            return
        destination, headers = subscription.destination, subscription.headers
        subscription.identity = subscription.identity or default_identity(destination, subscription.ordinal)
        subscription.retained = retained = dialect.durability.retained(
            destination, headers, subscription.identity, self._broker.client_id
        )
        # A new id unless the broker keeps something under it: brokers refuse one that they have seen, and messages of
        # the old one may still arrive.
        named = retained is not None and retained.by_id
        subscription.wire_id = subscription.identity if named else self.new_id()
        subscription.error, subscription.cancelled = "", False
        subscription.received = subscription.delivery_count = 0
        subscription.confirmed = dialect.gives_receipt(destination, "SUBSCRIBE") and self._broker.session.gives_receipt(
            destination, "SUBSCRIBE"
        )
        if problem := self._durable_problem(subscription, others):
            subscription.wire_id, subscription.retained = "", None
            subscription.state, subscription.error = "refused", problem
            return
        self._by_id[subscription.wire_id] = subscription
        if self._broker.version == "1.0":
            # ActiveMQ refuses to browse in 1.0; there the messages stay unacknowledged instead.
            subscription.reading = subscription.reading._replace(headers=())
        try:
            if misread := dialect.misread(destination, self._broker.version):
                raise ValueError(misread)
            self._broker.session.subscribe(self._request(subscription))
        except NotConnected:
            # It has just ended, which is not reported yet; the next session has it.
            subscription.wire_id, subscription.state = "", "off"
        except (SessionError, EncodeError, ValueError) as error:
            subscription.wire_id = ""
            subscription.state, subscription.error = "refused", str(error)
        else:
            subscription.state, subscription.subscribed_before = "asking", True

    def _request(self, subscription: WantedSubscription) -> Subscription:
        assert subscription.reading is not None
        ack, prefetch, _, added = subscription.reading
        written = {name for name, _ in subscription.headers}
        headers = (*(line for line in added if line[0] not in written), *subscription.headers)
        destination = subscription.destination
        if subscription.deliveries is not None and subscription.deliveries.exists:
            destination = self._broker.dialect.existing(destination, subscription.headers)
        return Subscription(subscription.wire_id, destination, ack, subscription.selector, headers, prefetch)

    def _durable_problem(self, subscription: WantedSubscription, others: Iterable[WantedSubscription]) -> str:
        """Why a durable subscription must not be asked for, "" if it may."""
        durability = self._broker.dialect.durability
        client_id = self._broker.client_id
        if problem := durability.subscribe_problem(subscription.destination, subscription.headers, client_id):
            return problem
        retained: RetainedSubscription | None = subscription.retained
        for other in others:
            if other is not subscription and other.wire_id and retained is not None and other.retained == retained:
                return f"{shown(other.label)} uses {retained.description} already: give this one another name"
        return ""

    def unsubscribe(self, subscription: WantedSubscription) -> bool:
        """Send UNSUBSCRIBE where it ends anything; returns whether nothing comes by that id from now on."""
        wire_id, subscription.wire_id = subscription.wire_id, ""
        if not wire_id or self._broker.session is None:
            return False
        if not self._broker.dialect.unsubscribes(subscription.destination):
            return True
        try:
            self._broker.session.unsubscribe(wire_id)
        except SessionError as error:
            self._note("error", f"UNSUBSCRIBE of {shown(subscription.label)} could not be sent: {error}")
            return False
        return True

    def confirmed(self, wire_id: str) -> WantedSubscription | None:
        """Note that the broker confirmed a SUBSCRIBE; returns whose it is, None if it is not of the moment."""
        subscription = self._by_id.get(wire_id)
        if subscription is None or subscription.wire_id != wire_id:
            return None
        subscription.state, subscription.error, subscription.confirmed = "on", "", True
        subscription.ever_confirmed = subscription.proven = True
        return subscription

    def unanswered(self, wire_id: str) -> None:
        """Note that a SUBSCRIBE was not answered in time, and will not be."""
        subscription = self._by_id.get(wire_id)
        if subscription is not None and subscription.wire_id == wire_id and subscription.state == "asking":
            subscription.state, subscription.confirmed = "on", False

    def refused(self, event: SubscribeFailed) -> None:
        """Note that the broker refused a SUBSCRIBE, or cancelled the subscription."""
        subscription = self._by_id.get(event.subscription)
        if subscription is None or subscription.wire_id != event.subscription:
            return
        subscription.wire_id = ""
        if not subscription.ever_confirmed:
            subscription.retained = None
        subscription.state, subscription.cancelled = "refused", event.cancelled
        subscription.error = f"taken away by the broker: {event.reason}" if event.cancelled else event.reason
        if subscription.deliveries is not None and subscription.deliveries.exists:
            self._queue_may_be_gone(subscription, event.reason)
        if text := self._broker.dialect.durability.explain(event.reason):
            self._note("error", f"{shown(subscription.label)}: {text}")

    def _queue_may_be_gone(self, subscription: WantedSubscription, reason: str) -> None:
        """Have the next SUBSCRIBE name the destination as the person wrote it, which may declare the queue."""
        assert subscription.deliveries is not None
        subscription.deliveries = replace(subscription.deliveries, exists=False)
        existing = self._broker.dialect.existing(subscription.destination, subscription.headers)
        if existing != subscription.destination and "NOT_FOUND - no queue" in reason:
            subscription.error = "the queue is not there any more; resume it to make it again"
            self._note("error", f"{shown(subscription.label)}: {subscription.error}")
