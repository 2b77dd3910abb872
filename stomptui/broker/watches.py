"""The subscriptions wanted, and what becomes of them on the session of the moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from stomptui.broker.dialects import Dialect
from stomptui.broker.errors import SessionError
from stomptui.broker.events import Event, Received, Subscribed, SubscribeFailed
from stomptui.broker.requests import Subscription
from stomptui.broker.watch import Watch
from stomptui.protocol.codec import EncodeError
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown


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


class Watches:
    """Knows every watch, and carries out what is wanted while there is a session.

    Args:
        clock: Seconds that never go back.
        note: Told what the log should say: (kind, text).
        dialect: What is assumed of the broker before it is known.
    """

    def __init__(self, clock: Callable[[], float], note: Callable[[str, str], object], dialect: Dialect) -> None:
        self.wanted: list[Watch] = []
        self._clock = clock
        self._note = note
        self._dialect = dialect
        self._session: AnySession | None = None
        self._version = "1.2"
        self._keys = 0
        self._ids = 0
        self._by_id: dict[str, Watch] = {}
        self._to_ack: deque[Frame] = deque()

    def restore(self, session: AnySession, dialect: Dialect, version: str) -> None:
        """There is a connection: subscribe to all that is neither paused nor refused."""
        self._session, self._dialect, self._version = session, dialect, version
        for watch in self.wanted:
            # What was refused would be again, and many brokers end the connection over it.
            if watch.state == "off":
                self._subscribe(watch)

    def let_go(self) -> None:
        """There is no connection any more."""
        self._session = None
        self._to_ack.clear()
        for watch in self.wanted:
            watch.wire_id = ""
            if watch.state in ("asking", "on") or watch.cancelled:
                watch.state, watch.cancelled = "off", False

    def leave(self) -> None:
        """The connection is about to be ended by us: first give back what is held, where the end would cost more."""
        if self._dialect.leave_by_unsubscribing:
            for watch in self.wanted:
                if watch.reading is not None and watch.reading.ack != "auto":
                    self._unsubscribe(watch)

    def handle(self, event: Event) -> None:
        """Count messages, note answers to SUBSCRIBE."""
        if isinstance(event, Received):
            self._received(event)
        elif isinstance(event, Subscribed):
            self._subscribed(event.subscription)
        elif isinstance(event, SubscribeFailed):
            self._refused(event)

    def _received(self, event: Received) -> None:
        now = self._clock()
        for wire_id, count in event.counts.items():
            watch = self._by_id.get(wire_id)
            if watch is None:
                continue
            watch.total += count
            watch.meter.add(count, now)
            if watch.state == "asking" and watch.wire_id == wire_id:
                watch.state = "on"
        taken = {id for id in event.counts if (watch := self._by_id.get(id)) and _acknowledges(watch)}
        if taken:
            frames = (Frame(raw, self._version) for raw in event.batch.frames() if raw.startswith(b"MESSAGE"))
            self._to_ack.extend(frame for frame in frames if frame.get("subscription") in taken)
            self.acknowledge()

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

    def add(self, watch: Watch) -> Watch:
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

    def get(self, key: int) -> Watch | None:
        return next((watch for watch in self.wanted if watch.key == key), None)

    def of(self, wire_id: str) -> Watch | None:
        """Whose subscription that id is or was, removed ones and those of earlier connections included."""
        return self._by_id.get(wire_id)

    def remove(self, key: int) -> None:
        """Want it no longer."""
        watch = self.get(key)
        if watch is not None:
            self.wanted.remove(watch)
            if self._unsubscribe(watch) and watch.reading is not None and watch.reading.holds:
                told = self._dialect.pause_meaning(watch.destination, watch.reading.mode)
                self._note("info", f"removed {shown(watch.label)}: {told}")
            watch.state = "off"

    def pause(self, key: int) -> None:
        """UNSUBSCRIBE but keep it in the list; what that means on this broker is noted."""
        watch = self.get(key)
        if watch is None or watch.paused:
            return
        watch.paused = True
        watch.state, watch.cancelled = "paused", False
        if self._unsubscribe(watch):
            mode = watch.reading.mode if watch.reading else watch.mode
            self._note("info", f"paused {shown(watch.label)}: {self._dialect.pause_meaning(watch.destination, mode)}")

    def resume(self, key: int) -> None:
        """SUBSCRIBE again with a new id, after a pause or a refusal."""
        watch = self.get(key)
        if watch is not None and (watch.paused or watch.state in ("refused", "off")):
            watch.paused = False
            watch.state = "off"
            self._subscribe(watch)

    def _subscribe(self, watch: Watch) -> None:
        watch.reading = watch.resolve(self._dialect)
        if self._session is None:
            return
        # Always a new id: brokers refuse one they have seen, and messages of the old one may still be under way.
        self._ids += 1
        watch.wire_id = f"sub-{self._ids}"
        watch.error, watch.cancelled = "", False
        watch.confirmed = self._dialect.confirms
        self._by_id[watch.wire_id] = watch
        ack, prefetch, _, added = watch.reading
        named = {name for name, _ in watch.headers}
        # ActiveMQ refuses to browse in 1.0, where it is held instead.
        added = () if self._version == "1.0" else added
        headers = (*(line for line in added if line[0] not in named), *watch.headers)
        spec = Subscription(watch.wire_id, watch.destination, ack, watch.selector, headers, prefetch)
        try:
            if misread := self._dialect.misread(watch.destination, self._version):
                raise ValueError(misread)
            self._session.subscribe(spec)
        except (SessionError, EncodeError, ValueError) as error:
            watch.wire_id = ""
            watch.state, watch.error = "refused", str(error)
        else:
            watch.state = "asking"

    def _unsubscribe(self, watch: Watch) -> bool:
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

    def _refused(self, event: SubscribeFailed) -> None:
        watch = self._by_id.get(event.subscription)
        if watch is not None and watch.wire_id == event.subscription:
            watch.wire_id = ""
            watch.state, watch.cancelled = "refused", event.cancelled
            watch.error = f"taken away by the broker: {event.reason}" if event.cancelled else event.reason


def _acknowledges(watch: Watch) -> bool:
    return watch.reading is not None and watch.reading.acknowledges
