"""The list of wanted subscriptions: added, paused, resumed, removed, and restored after a reconnect."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import Event, Lost, ReceiptsMissing, Received, Subscribed, SubscribeFailed
from stomptui.connection.program_log import LOGGER
from stomptui.connection.subscriptions.broker_session import AnySession, BrokerSession
from stomptui.connection.subscriptions.consumed_messages import ConsumedMessages
from stomptui.connection.subscriptions.delivery_counts import DeliveryCounts
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.connection.subscriptions.durable_deletion import DurableDeletions
from stomptui.connection.subscriptions.notes import Note
from stomptui.connection.subscriptions.subscribing import Subscriber
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.connection.subscriptions.suspects import PATIENCE, Suspects
from stomptui.protocol.names import shown


class WantedSubscriptions:
    """Knows every wanted subscription, and subscribes to it whenever there is a session.

    Args:
        clock: Returns seconds that never go back.
        note: Takes a note for the log.
        dialect: What is assumed of the broker before it is known.
        find_deliveries: Called to find out on a side connection how the queue of a subscription counts deliveries;
            the answer comes by `deliveries_found`.
        client_id: The `client-id` of CONNECT, "" without one.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        note: Note,
        dialect: Dialect,
        find_deliveries: Callable[[WantedSubscription], object] = lambda subscription: None,
        client_id: str = "",
    ) -> None:
        self.wanted: list[WantedSubscription] = []
        self._clock = clock
        self._note = note
        self._broker = BrokerSession(dialect, client_id)
        self._subscriber = Subscriber(self._broker, note)
        self._delivery_counts = DeliveryCounts(self._broker, find_deliveries)
        self._consumed = ConsumedMessages(self._broker, note)
        self._deletions = DurableDeletions(note, self._deleted)
        self._suspects = Suspects(clock, self._restore, self._leave, lambda text: note("info", text))
        self._keys = 0

    # Sessions come and go

    def restore(self, session: AnySession, dialect: Dialect, version: str) -> None:
        """Subscribe on a new session to all that is neither paused nor refused, and that costs no message anything."""
        self._broker.session, self._broker.dialect, self._broker.version = session, dialect, version
        for subscription in self.wanted:
            # What was refused would be refused again, and many brokers end the connection then.
            if subscription.state == "off" and not subscription.suspected:
                self._restore(subscription)
        self._suspects.begin(self.wanted)

    def _restore(self, subscription: WantedSubscription) -> None:
        counts = self._delivery_counts
        again = subscription.subscribed_before
        if subscription.over_limit or (
            again and subscription.keeps_unacknowledged and counts.are_counted(subscription)
        ):
            self._do_not_restore(subscription)
        elif not again and counts.must_find_out_first(subscription):
            subscription.state = "asking"
            counts.find_out(subscription)
        else:
            self._subscribe(subscription)

    def _leave(self, subscription: WantedSubscription, why: str) -> None:
        """Do not restore what ended the session."""
        subscription.state, subscription.error = "not restored", why
        self._note("error", f"{shown(subscription.label)} is not restored: {why}; resume it to try again")

    def _do_not_restore(self, subscription: WantedSubscription) -> None:
        """Leave it to the person to subscribe (again), and note why."""
        deliveries = subscription.deliveries
        subscription.state = "not restored"
        if subscription.over_limit:
            subscription.error = "a frame over our own limit came by it, or may have"
        elif deliveries is None:
            subscription.error = "whether each delivery counts is being found out"
        elif deliveries.loss and not subscription.subscribed_before:
            subscription.error = deliveries.loss.rstrip(".")
        else:
            at_least = not self._broker.dialect.delivery_counter
            used = deliveries.used(subscription.deliveries_used, at_least=at_least)
            subscription.error = f"each delivery counts ({used})"
        name = shown(subscription.label)
        if subscription.subscribed_before:
            text = f"{name} is not restored: {subscription.error}; resume it to have it back"
        else:
            text = f"{name} is not subscribed to: {subscription.error}; resume it to subscribe all the same"
        self._note("gap", text)

    def deliveries_found(self, key: int, deliveries: Deliveries) -> None:
        """Go on with a subscription once it is known how its queue counts deliveries."""
        subscription = self.get(key)
        if subscription is None:
            return
        subscription.deliveries = deliveries
        if subscription.state == "asking" and not subscription.subscribed_before and not subscription.wire_id:
            holds = subscription.resolve(self._broker.dialect).holds
            if deliveries.loss or (holds and deliveries.is_low(self.deliveries_used(subscription.destination))):
                self._do_not_restore(subscription)
            elif self._broker.session is not None:
                self._subscribe(subscription)
            return
        if subscription.state != "not restored" or subscription.over_limit:
            return
        if deliveries.counted:
            self._do_not_restore(subscription)
        elif self._broker.session is None:
            subscription.state, subscription.error = "off", ""
        else:
            self._subscribe(subscription)

    def session_over(self, lost: Lost | None = None) -> bool:
        """Note that there is no connection any more.

        Args:
            lost: How it ended, None if it never was up.

        Returns:
            Whether more is known of what ended it, so that the next session can go better.
        """
        self._broker.session = None
        self._consumed.clear()
        self._deletions.session_over()
        if lost is not None and lost.over_limit:
            self._mark_over_limit(lost.over_limit_of)
        found = lost is not None and not lost.wanted and self._suspects.session_over(lost, self.wanted)
        for subscription in self.wanted:
            self._delivery_counts.session_over(subscription)
            subscription.wire_id = ""
            if subscription.state in ("asking", "on") or subscription.cancelled:
                subscription.state, subscription.cancelled = "off", False
        return found

    def _mark_over_limit(self, wire_id: str) -> None:
        """Mark what brought a frame over our own limits, and would bring it again after each reconnect."""
        brought = self._subscriber.of(wire_id)
        for subscription in self.wanted:
            stays = subscription.keeps_unacknowledged or self._broker.dialect.is_queue(subscription.destination)
            if subscription.wire_id and stays and brought in (None, subscription):
                subscription.over_limit = True

    def about_to_disconnect(self) -> None:
        """Unsubscribe before we disconnect where a mere disconnect costs a delivery; note what the broker retains."""
        if self._broker.dialect.leave_by_unsubscribing:
            for subscription in self.wanted:
                reading = subscription.reading
                if reading is not None and reading.ack != "auto" and self._subscriber.unsubscribe(subscription):
                    subscription.subscribed_before = not self._broker.dialect.unsubscribing_is_uncounted
        for subscription in self.wanted:
            if subscription.retained is not None:
                text = f"{shown(subscription.label)} is left: {subscription.retained.consequence}"
                self._note("info", text)
                LOGGER.info("%s", text)

    # Events

    def handle(self, event: Event) -> None:
        """Count messages, and note what the broker answers to SUBSCRIBE and to the deletion of a durable one."""
        if isinstance(event, Received):
            self._received(event)
        elif isinstance(event, Subscribed):
            subscription = self._subscriber.confirmed(event.subscription)
            self._suspects.follow(self.wanted)
            if subscription is not None and subscription.keeps_unacknowledged:
                # Found out now, since it is too late once the connection is lost.
                self._delivery_counts.are_counted(subscription)
        elif isinstance(event, SubscribeFailed):
            self._subscriber.refused(event)
        elif isinstance(event, ReceiptsMissing):
            for wire_id in event.subscriptions:
                self._subscriber.unanswered(wire_id)
        else:
            self._deletions.handle(event)

    def _received(self, event: Received) -> None:
        now = self._clock()
        consumed: set[str] = set()
        for wire_id, count in event.counts.items():
            subscription = self._subscriber.of(wire_id)
            if subscription is None:
                continue
            subscription.total += count
            subscription.received += count
            subscription.rate.add(count, now)
            # Messages of an earlier subscription under the same id say nothing about the new one.
            named = subscription.retained is not None and subscription.retained.by_id
            subscription.proven |= subscription.wire_id == wire_id and not named
            if subscription.state == "asking" and subscription.wire_id == wire_id and not named:
                subscription.state = "on"
            if subscription.reading is not None and subscription.reading.acknowledges:
                consumed.add(wire_id)
        if event.recovered:
            return
        self._delivery_counts.record(event, self._subscriber.of)
        if consumed:
            self._consumed.add(event, consumed)

    def tick(self) -> None:
        """Do what is due: acknowledge what could not be acknowledged at once, and restore what was waited with."""
        self._consumed.acknowledge()
        self._suspects.follow(self.wanted)
        for subscription in self.wanted:
            # Where nothing is confirmed, silence is all that there is to see of a SUBSCRIBE that was taken.
            if not subscription.confirmed and self._clock() - subscription.asked_at > PATIENCE:
                self._subscriber.unanswered(subscription.wire_id)

    # What the person asks for

    def add(self, subscription: WantedSubscription) -> WantedSubscription:
        """Want a subscription, from now on and after every reconnect."""
        self._keys += 1
        subscription.key = self._keys
        colours = {other.colour for other in self.wanted}
        subscription.colour = next(n for n in range(len(colours) + 1) if n not in colours)
        same = [other for other in self.wanted if other.destination == subscription.destination]
        subscription.ordinal = max((other.ordinal for other in same), default=0) + 1
        subscription.state = "paused" if subscription.paused else "off"
        self.wanted.append(subscription)
        if same:
            shared = self._broker.dialect.is_queue(subscription.destination)
            effect = "they share its messages" if shared else "each gets every message"
            name = shown(subscription.destination)
            self._note("info", f"{name} is now subscribed to {len(same) + 1} times: {effect}")
        if not subscription.paused:
            self._subscribe(subscription)
        return subscription

    def _subscribe(self, subscription: WantedSubscription) -> None:
        subscription.asked_at, subscription.proven = self._clock(), False
        self._subscriber.subscribe(subscription, self.wanted)

    def get(self, key: int) -> WantedSubscription | None:
        return next((subscription for subscription in self.wanted if subscription.key == key), None)

    def of(self, wire_id: str) -> WantedSubscription | None:
        """Whose subscription that id is or was, removed ones and those of earlier connections included."""
        return self._subscriber.of(wire_id)

    def remove(self, key: int) -> None:
        """Want it no longer. What the broker retains of it stays there, and that is noted."""
        subscription = self.get(key)
        if subscription is not None and subscription.state != "deleting":
            self.wanted.remove(subscription)
            unsubscribed = self._subscriber.unsubscribe(subscription)
            name = shown(subscription.label)
            if subscription.retained is not None:
                self._note("info", f"removed {name} from the list: {subscription.retained.consequence}")
            elif unsubscribed and subscription.reading is not None and subscription.reading.holds:
                meaning = self._broker.dialect.pause_meaning(subscription.destination, subscription.reading.mode)
                self._note("info", f"removed {name}: {meaning}")
            subscription.state = "off"

    def pause(self, key: int) -> None:
        """UNSUBSCRIBE but keep it in the list; what that means on this broker is noted."""
        subscription = self.get(key)
        if subscription is None or subscription.paused or subscription.state == "deleting":
            return
        subscription.paused = True
        subscription.state, subscription.cancelled = "paused", False
        if self._subscriber.unsubscribe(subscription):
            reading = subscription.reading or subscription.resolve(self._broker.dialect)
            meaning = self._broker.dialect.pause_meaning(subscription.destination, reading.mode)
            if subscription.retained is not None:
                meaning = subscription.retained.consequence
            self._note("info", f"paused {shown(subscription.label)}: {meaning}")

    def resume(self, key: int) -> None:
        """SUBSCRIBE again, after a pause, a refusal, or a connection after which it was not restored."""
        subscription = self.get(key)
        if subscription is not None and (
            subscription.paused or subscription.state in ("refused", "off", "not restored")
        ):
            subscription.paused = subscription.over_limit = subscription.suspected = False
            subscription.state = "off"
            self._subscribe(subscription)

    def ask_again(self, key: int) -> None:
        """SUBSCRIBE again where that is a question which is answered once."""
        subscription = self.get(key)
        if subscription is None or not self._broker.dialect.answers_once(subscription.destination):
            return
        if subscription.state in ("asking", "on"):
            # The one before has had its answer; nothing more comes by it.
            subscription.wire_id = ""
        self.resume(key) if subscription.paused else self._subscribe(subscription)

    def deliveries_used(self, destination: str) -> int:
        """The highest number of deliveries counted of a message of a queue, as far as subscriptions here saw."""
        return self._delivery_counts.used(destination, (*self._subscriber.all(), *self.wanted))

    def delete_problem(self, key: int) -> str:
        """Why what the broker retains of a subscription cannot be deleted now, "" if it can."""
        subscription = self.get(key)
        if subscription is None or subscription.retained is None:
            return "the broker keeps nothing of it"
        if self._broker.session is None:
            return "there is no connection"
        durability = self._broker.dialect.durability
        return durability.delete_problem(self._broker.version, subscription.headers, self._broker.client_id)

    def delete_durable(self, key: int) -> None:
        """Have the broker delete what it retains of a subscription, which leaves the list once that is confirmed."""
        subscription = self.get(key)
        session = self._broker.session
        if subscription is None or subscription.retained is None or session is None or self.delete_problem(key):
            return
        wire_id, subscription.wire_id = subscription.wire_id, ""
        active = bool(wire_id)
        if not wire_id:
            wire_id = subscription.identity if subscription.retained.by_id else self._subscriber.new_id()
        durability = self._broker.dialect.durability
        steps = durability.delete_steps(subscription.destination, subscription.headers, wire_id, active)
        self._deletions.begin(session, subscription, steps)

    def _deleted(self, subscription: WantedSubscription) -> None:
        if subscription in self.wanted:
            self.wanted.remove(subscription)
        subscription.state, subscription.retained = "off", None
