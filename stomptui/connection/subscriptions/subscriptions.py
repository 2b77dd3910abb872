"""The subscriptions wanted, and what becomes of them on the session of the moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.durable import Kept
from stomptui.connection.dialect.durable_id import default_identity
from stomptui.connection.errors import SessionError
from stomptui.connection.events import Event, Lost, Received, Subscribed, SubscribeFailed
from stomptui.connection.requests import Subscription
from stomptui.connection.stomp_log import LOGGER
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.connection.subscriptions.durable_deletion import DurableEndings
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.codec import EncodeError
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.protocol.numbers import signed_number


class AnySession(Protocol):
    """What a link asks of a session; `Session` is one."""

    @property
    def number(self) -> int: ...
    def open(self) -> None: ...
    def close(self, reason: str = ...) -> None: ...
    def disconnect(self, timeout: float = ...) -> None: ...
    def subscribe(self, spec: Subscription, /) -> object: ...
    def unsubscribe(self, subscription: str, /) -> object: ...
    def ack(self, message: Frame, /, *, receipt: bool) -> object: ...
    def next_receipt(self) -> str: ...
    def send(self, command: str, headers: Sequence[tuple[str, str]], /) -> str: ...


class WantedSubscriptions:
    """Knows every watch, and carries out what is wanted while there is a session.

    Args:
        clock: Seconds that never go back.
        note: Told what the log should say: (kind, text).
        dialect: What is assumed of the broker before it is known.
        learn: Called to find out what a delivery costs on the queue of a subscription; answers through `learned`.
        client_id: The `client-id` of CONNECT, "" without one.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        note: Callable[[str, str], object],
        dialect: Dialect,
        learn: Callable[[WantedSubscription], object] = lambda watch: None,
        client_id: str = "",
    ) -> None:
        self.wanted: list[WantedSubscription] = []
        self._clock = clock
        self._note = note
        self._dialect = dialect
        self._learn = learn
        self._client_id = client_id
        self._endings = DurableEndings(note, self._ended)
        self._session: AnySession | None = None
        self._version = "1.2"
        self._keys = 0
        self._ids = 0
        self._by_id: dict[str, WantedSubscription] = {}
        self._to_ack: deque[Frame] = deque()

    def restore(self, session: AnySession, dialect: Dialect, version: str) -> None:
        """There is a connection: subscribe to all that is neither paused nor refused, and that costs nothing."""
        self._session, self._dialect, self._version = session, dialect, version
        for watch in self.wanted:
            # What was refused would be again, and many brokers end the connection over it.
            if watch.state != "off":
                continue
            if watch.too_large or (watch.asked and watch.keeps and self._counts(watch)):
                self._leave_off(watch)
            elif not watch.asked and self._must_know(watch):
                # It was asked for before anybody could say what it costs here.
                watch.state = "asking"
                self._learn(watch)
            else:
                self._subscribe(watch)

    def _must_know(self, watch: WantedSubscription) -> bool:
        """Whether it has to be found out before the first SUBSCRIBE what a delivery costs, or if the queue is there."""
        if watch.prefers_browsing or watch.deliveries is not None:
            return False
        if self._dialect.deliveries(watch.destination, watch.headers) is not None:
            return False
        would_declare = self._dialect.existing(watch.destination, watch.headers) != watch.destination
        takes = watch.mode == "consume" and self._dialect.may_go_with_its_reader(watch.destination)
        return would_declare or takes or watch.resolve(self._dialect).holds

    def _counts(self, watch: WantedSubscription) -> bool:
        """Whether each delivery that is not acknowledged costs a message something, as far as is known."""
        if watch.deliveries is None:
            watch.deliveries = self._dialect.deliveries(watch.destination, watch.headers)
        if watch.deliveries is None:
            self._learn(watch)
        return watch.deliveries is None or watch.deliveries.counted

    def _leave_off(self, watch: WantedSubscription) -> None:
        """Do not subscribe again before the person says so, and say why."""
        watch.state = "not restored"
        if watch.too_large:
            watch.error = "a frame over our own limit came by it, or may have"
        elif watch.deliveries is None:
            watch.error = "whether each delivery counts is being found out"
        elif watch.deliveries.loss and not watch.asked:
            watch.error = watch.deliveries.loss.rstrip(".")
        else:
            used = watch.deliveries.used(watch.used, at_least=not self._dialect.delivery_counter)
            watch.error = f"each delivery counts ({used})"
        if watch.asked:
            told = f"{shown(watch.label)} is not restored: {watch.error}; resume it to have it back"
        else:
            told = f"{shown(watch.label)} is not subscribed to: {watch.error}; resume it to subscribe all the same"
        self._note("gap", told)

    def learned(self, key: int, deliveries: Deliveries) -> None:
        """What a delivery costs on the queue of a subscription was found out."""
        watch = self.get(key)
        if watch is None:
            return
        watch.deliveries = deliveries
        if watch.state == "asking" and not watch.asked and not watch.wire_id:
            holds = watch.resolve(self._dialect).holds
            if deliveries.loss or (holds and deliveries.is_low(self.used(watch.destination))):
                self._leave_off(watch)
            elif self._session is not None:
                self._subscribe(watch)
            return
        if watch.state != "not restored" or watch.too_large:
            return
        if deliveries.counted:
            self._leave_off(watch)
        elif self._session is None:
            watch.state, watch.error = "off", ""
        else:
            self._subscribe(watch)

    def let_go(self, lost: Lost | None = None) -> None:
        """There is no connection any more.

        Args:
            lost: How it ended, None if it did not stand.
        """
        self._session = None
        self._to_ack.clear()
        self._endings.lost()
        if lost is not None and lost.over_limit:
            self._blame(lost.over_limit_of)
        for watch in self.wanted:
            if watch.wire_id and watch.came:
                watch.used = watch.counted + 1 if self._dialect.delivery_counter else watch.used + 1
            watch.wire_id = ""
            if watch.state in ("asking", "on") or watch.cancelled:
                watch.state, watch.cancelled = "off", False

    def _blame(self, wire_id: str) -> None:
        """A frame over our own limits came: what brought it would bring it again, for ever."""
        brought = self._by_id.get(wire_id)
        for watch in self.wanted:
            stays = watch.keeps or self._dialect.is_queue(watch.destination)
            if watch.wire_id and stays and brought in (None, watch):
                watch.too_large = True

    def leave(self) -> None:
        """The connection is about to be ended by us: first give back what is held, where the end would cost more."""
        if self._dialect.leave_by_unsubscribing:
            for watch in self.wanted:
                if watch.reading is not None and watch.reading.ack != "auto" and self._unsubscribe(watch):
                    watch.asked = not self._dialect.unsubscribing_is_uncounted
        for watch in self.wanted:
            if watch.kept is not None:
                told = f"{shown(watch.label)} is left: {watch.kept.stays}"
                self._note("info", told)
                LOGGER.info("%s", told)

    def handle(self, event: Event) -> None:
        """Count messages, note answers to SUBSCRIBE."""
        if isinstance(event, Received):
            self._received(event)
        elif isinstance(event, Subscribed):
            self._subscribed(event.subscription)
        elif isinstance(event, SubscribeFailed):
            self._refused(event)
        else:
            self._endings.handle(event)

    def _received(self, event: Received) -> None:
        now = self._clock()
        for wire_id, count in event.counts.items():
            watch = self._by_id.get(wire_id)
            if watch is None:
                continue
            watch.total += count
            watch.came += count
            watch.meter.add(count, now)
            # What still comes of an earlier subscription with the same id says nothing of the new one.
            named = watch.kept is not None and watch.kept.by_id
            if watch.state == "asking" and watch.wire_id == wire_id and not named:
                watch.state = "on"
        if event.recovered:
            return
        self._count_deliveries(event)
        taken = {id for id in event.counts if (watch := self._by_id.get(id)) and _acknowledges(watch)}
        if taken:
            frames = (Frame(raw, self._version) for raw in event.batch.frames() if raw.startswith(b"MESSAGE"))
            self._to_ack.extend(frame for frame in frames if frame.get("subscription") in taken)
            self.acknowledge()

    def _count_deliveries(self, event: Received) -> None:
        """See how many deliveries were counted of what a subscription keeps: a prefetch bounds how much that is."""
        header = self._dialect.delivery_counter
        kept = {id for id in event.counts if (watch := self._by_id.get(id)) and watch.keeps} if header else set()
        if not kept:
            return
        for raw in event.batch.frames():
            frame = Frame(raw, self._version)
            count = signed_number(frame.get(header) or "")
            watch = self._by_id.get(frame.get("subscription") or "")
            if watch is not None and count is not None:
                watch.counted = max(watch.counted, count)

    def acknowledge(self) -> None:
        """Acknowledge what consuming watches received, as far as the socket takes it."""
        while self._to_ack and self._session is not None:
            try:
                self._session.ack(self._to_ack[0], receipt=False)
            except SessionError:
                # The socket is full or gone: the rest waits for the next tick, or goes back to the queue.
                return
            except (EncodeError, ValueError) as error:
                self._note("fault", f"a message could not be acknowledged: {error}")
            self._to_ack.popleft()

    def add(self, watch: WantedSubscription) -> WantedSubscription:
        """Want a subscription, from now on and after every reconnect."""
        self._keys += 1
        watch.key = self._keys
        colours = {other.colour for other in self.wanted}
        watch.colour = next(n for n in range(len(colours) + 1) if n not in colours)
        same = [other for other in self.wanted if other.destination == watch.destination]
        watch.ordinal = max((other.ordinal for other in same), default=0) + 1
        watch.state = "paused" if watch.paused else "off"
        self.wanted.append(watch)
        if same:
            shared = self._dialect.is_queue(watch.destination)
            effect = "they share its messages" if shared else "each gets every message"
            self._note("info", f"{shown(watch.destination)} is now subscribed to {len(same) + 1} times: {effect}")
        if not watch.paused:
            self._subscribe(watch)
        return watch

    def get(self, key: int) -> WantedSubscription | None:
        return next((watch for watch in self.wanted if watch.key == key), None)

    def of(self, wire_id: str) -> WantedSubscription | None:
        """Whose subscription that id is or was, removed ones and those of earlier connections included."""
        return self._by_id.get(wire_id)

    def remove(self, key: int) -> None:
        """Want it no longer. What the broker keeps of it is left there, and that is noted."""
        watch = self.get(key)
        if watch is not None and watch.state != "ending":
            self.wanted.remove(watch)
            unsubscribed = self._unsubscribe(watch)
            if watch.kept is not None:
                self._note("info", f"removed {shown(watch.label)} from the list: {watch.kept.stays}")
            elif unsubscribed and watch.reading is not None and watch.reading.holds:
                told = self._dialect.pause_meaning(watch.destination, watch.reading.mode)
                self._note("info", f"removed {shown(watch.label)}: {told}")
            watch.state = "off"

    def used(self, destination: str) -> int:
        """Deliveries counted of the message of a queue that has most, as far as subscriptions here have seen."""
        found = 0
        for watch in (*self._by_id.values(), *self.wanted):
            if queue_of(watch.destination) == queue_of(destination):
                # What was shown comes back one delivery older.
                shown_once = watch.counted + 1 if watch.came and self._dialect.delivery_counter else 0
                found = max(found, watch.used, shown_once)
        return found

    def cannot_end(self, key: int) -> str:
        """Why what the broker keeps of a subscription cannot be deleted now, "" if it can."""
        watch = self.get(key)
        if watch is None or watch.kept is None:
            return "the broker keeps nothing of it"
        if self._session is None:
            return "there is no connection"
        return self._dialect.durability.no_ending(self._version, watch.headers, self._client_id)

    def end(self, key: int) -> None:
        """Have the broker delete what it keeps of a subscription; it leaves the list once that is confirmed."""
        watch = self.get(key)
        if watch is None or watch.kept is None or self._session is None or self.cannot_end(key):
            return
        wire_id, watch.wire_id = watch.wire_id, ""
        active = bool(wire_id)
        if not wire_id:
            wire_id = watch.identity if watch.kept.by_id else self._new_id()
        steps = self._dialect.durability.ending(watch.destination, watch.headers, wire_id, active)
        self._endings.begin(self._session, watch, steps)

    def _ended(self, watch: WantedSubscription) -> None:
        if watch in self.wanted:
            self.wanted.remove(watch)
        watch.state, watch.kept = "off", None

    def _new_id(self) -> str:
        self._ids += 1
        return f"sub-{self._ids}"

    def pause(self, key: int) -> None:
        """UNSUBSCRIBE but keep it in the list; what that means on this broker is noted."""
        watch = self.get(key)
        if watch is None or watch.paused or watch.state == "ending":
            return
        watch.paused = True
        watch.state, watch.cancelled = "paused", False
        if self._unsubscribe(watch):
            mode = watch.reading.mode if watch.reading else watch.mode
            meaning = self._dialect.pause_meaning(watch.destination, mode)
            if watch.kept is not None:
                meaning = watch.kept.stays
            self._note("info", f"paused {shown(watch.label)}: {meaning}")

    def resume(self, key: int) -> None:
        """SUBSCRIBE again, after a pause, a refusal, or a connection after which it was not restored."""
        watch = self.get(key)
        if watch is not None and (watch.paused or watch.state in ("refused", "off", "not restored")):
            watch.paused = watch.too_large = False
            watch.state = "off"
            self._subscribe(watch)

    def _subscribe(self, watch: WantedSubscription) -> None:
        watch.reading = watch.resolve(self._dialect)
        if self._session is None:
            return
        watch.identity = watch.identity or default_identity(watch.destination, watch.ordinal)
        durability = self._dialect.durability
        watch.kept = kept = durability.kept(watch.destination, watch.headers, watch.identity, self._client_id)
        # A new id wherever it names nothing that lasts: brokers refuse one they have seen, and messages of the old one
        # may still be under way.
        watch.wire_id = watch.identity if kept is not None and kept.by_id else self._new_id()
        watch.error, watch.cancelled = "", False
        watch.came = watch.counted = 0
        watch.confirmed = self._dialect.confirms
        if problem := self._unfit(watch, kept):
            watch.wire_id, watch.kept = "", None
            watch.state, watch.error = "refused", problem
            return
        self._by_id[watch.wire_id] = watch
        if self._version == "1.0":
            # ActiveMQ refuses to browse in 1.0, where it is held instead.
            watch.reading = watch.reading._replace(headers=())
        ack, prefetch, _, added = watch.reading
        named = {name for name, _ in watch.headers}
        headers = (*(line for line in added if line[0] not in named), *watch.headers)
        there = watch.deliveries is not None and watch.deliveries.exists
        place = self._dialect.existing(watch.destination, watch.headers) if there else watch.destination
        spec = Subscription(watch.wire_id, place, ack, watch.selector, headers, prefetch)
        try:
            if misread := self._dialect.misread(watch.destination, self._version):
                raise ValueError(misread)
            self._session.subscribe(spec)
        except (SessionError, EncodeError, ValueError) as error:
            watch.wire_id = ""
            watch.state, watch.error = "refused", str(error)
        else:
            watch.state, watch.asked = "asking", True

    def _unfit(self, watch: WantedSubscription, kept: Kept | None) -> str:
        """Why a durable subscription is not asked for, "" if nothing speaks against it."""
        if problem := self._dialect.durability.problem(watch.destination, watch.headers, self._client_id):
            return problem
        for other in self.wanted:
            if other is not watch and other.wire_id and kept is not None and other.kept == kept:
                return f"{shown(other.label)} uses {kept.words} already: give this one another name"
        return ""

    def _unsubscribe(self, watch: WantedSubscription) -> bool:
        wire_id, watch.wire_id = watch.wire_id, ""
        if not wire_id or self._session is None:
            return False
        try:
            self._session.unsubscribe(wire_id)
        except SessionError as error:
            self._note("fault", f"UNSUBSCRIBE of {shown(watch.label)} could not be sent: {error}")
            return False
        return True

    def _subscribed(self, wire_id: str) -> None:
        watch = self._by_id.get(wire_id)
        if watch is not None and watch.wire_id == wire_id:
            watch.state, watch.error, watch.confirmed = "on", "", True
            watch.confirmed_once = True
            if watch.keeps:
                # Asked while all is well: when the connection is lost it is too late.
                self._counts(watch)

    def _refused(self, event: SubscribeFailed) -> None:
        watch = self._by_id.get(event.subscription)
        if watch is not None and watch.wire_id == event.subscription:
            watch.wire_id = ""
            if not watch.confirmed_once:
                watch.kept = None
            watch.state, watch.cancelled = "refused", event.cancelled
            watch.error = f"taken away by the broker: {event.reason}" if event.cancelled else event.reason
            if watch.deliveries is not None and watch.deliveries.exists:
                self._went_away(watch, event)
            if told := self._dialect.durability.explain(event.reason):
                self._note("error", f"{shown(watch.label)}: {told}")

    def _went_away(self, watch: WantedSubscription, event: SubscribeFailed) -> None:
        """A queue that was there may be gone: the next SUBSCRIBE is to go as the person wrote it."""
        assert watch.deliveries is not None
        watch.deliveries = replace(watch.deliveries, exists=False)
        declares = self._dialect.existing(watch.destination, watch.headers) != watch.destination
        if declares and "NOT_FOUND - no queue" in event.reason:
            watch.error = "the queue is not there any more; resume it to make it again"
            self._note("error", f"{shown(watch.label)}: {watch.error}")


def queue_of(destination: str) -> str:
    """A queue by whatever name: /queue/orders and /amq/queue/orders are one, and so is orders."""
    for prefix in ("/amq/queue/", "/queue/"):
        if destination.startswith(prefix):
            return destination[len(prefix) :]
    return destination


def _acknowledges(watch: WantedSubscription) -> bool:
    return watch.reading is not None and watch.reading.acknowledges
