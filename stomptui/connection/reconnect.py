"""A connection that reconnects by itself: states, delays between attempts, and the subscriptions carried over."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from enum import Enum

from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.errors import Want
from stomptui.connection.events import Connected, ConnectFailed, Event, Lost, Progress, Stalled
from stomptui.connection.failures import Failures
from stomptui.connection.login_ends import LoginEnds
from stomptui.connection.session_state import ConnectStage
from stomptui.connection.short_sessions import ShortSessions
from stomptui.connection.subscriptions.broker_session import AnySession
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.connection.subscriptions.notes import Note
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.connection.subscriptions.subscriptions import WantedSubscriptions

DELAYS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before each attempt to reconnect; the last one is repeated."""
JITTER = 0.2
"""The random part of a delay, so that many clients of one broker do not reconnect at once."""
STEADY = 5.0
"""Seconds a connection must be up for the delays to start over: a broker that ends it at once is not hammered.

Sessions that end one after the other after about the same time, though later, count as attempts all the same.
"""


class ConnectionState(Enum):
    """The state of a `ReconnectingSession`."""

    IDLE = "idle"
    CONNECTING = "connecting"
    UP = "up"
    WAITING = "waiting"
    """Lost; the next attempt is at `ReconnectingSession.retry_at`."""
    FAILED = "failed"
    """The first attempt failed, or another one would fail the same way."""
    STOPPED = "stopped"


class ReconnectingSession:
    """Makes a session, and another one whenever the connection is lost. All calls on one thread; none blocks.

    Where the connection has several addresses, an attempt tries one after the other, the one it is at first; after a
    loss that one comes last.

    A first attempt that fails is not repeated: the person is looking at the form. A connection that was up and is lost
    is tried again and again, unless that cannot help, as with a refused login. It has no timer: call `tick`.

    Every event must go to the journal first and then to `handle`, which acknowledges consumed messages.

    Args:
        connection: What to connect to.
        make_session: Makes the session of one attempt.
        brokers: Knows the dialects.
        clock: Returns seconds that never go back.
        note: Takes a note for the log.
        chance: Returns a random number from 0 to 1.
        find_deliveries: Called to find out on a side connection how the queue of a subscription counts deliveries;
            the answer comes by `deliveries_found`.
    """

    def __init__(
        self,
        connection: Connection,
        make_session: Callable[[Connection], AnySession],
        brokers: Brokers,
        clock: Callable[[], float] = time.monotonic,
        note: Note = lambda kind, text: None,
        chance: Callable[[], float] = random.random,
        find_deliveries: Callable[[WantedSubscription], object] = lambda subscription: None,
    ) -> None:
        self.connection = connection
        """What it connects to, at the address in use."""
        self._others: list[Connection] = []
        """The addresses that this attempt has not tried yet."""
        self._reasons: list[str] = []
        """Why those that it has tried failed."""
        self.session: AnySession | None = None
        self.state = ConnectionState.IDLE
        self.stage: ConnectStage | None = None
        """How far the session has come while it connects."""
        self.reason = ""
        """Why the last connection ended or failed; "" while there is one."""
        self.server_text = ""
        """The server's own text about that, "" without one."""
        self.field = ""
        """The field of `connection` that is most likely to blame for that, "" if none."""
        self.asks = False
        """Whether the server wants credentials that the person has to give before another attempt."""
        self.stalled = ""
        """How the open connection is stuck, "" if it is not."""
        self.attempt = 0
        """Attempts to reconnect since the connection was lost."""
        self.retry_at: float | None = None
        """When the next attempt is due, on `clock`."""
        self.gap: tuple[float, float] | None = None
        """The last time without a connection: when it was lost and when it was back, seconds since the epoch."""
        self.dialect: Dialect = brokers.named(connection.dialect)
        self._make_session = make_session
        self._brokers = brokers
        self._clock = clock
        self._note = note
        self._chance = chance
        self._subscriptions = WantedSubscriptions(clock, note, self.dialect, find_deliveries, connection.client_id)
        self._lost_at: float | None = None
        self._was_up = False
        self._up_at = 0.0
        self._failures = Failures()
        self._short = ShortSessions()
        self._login_ends = LoginEnds()

    # The connection

    def open(self) -> None:
        """Make the first attempt."""
        if self.state is ConnectionState.IDLE:
            self._connect()

    def retry_now(self) -> None:
        """Connect without waiting any longer, also after `stop` or a failure."""
        if self.state in (ConnectionState.WAITING, ConnectionState.FAILED, ConnectionState.STOPPED):
            self._connect()

    def stop(self) -> None:
        """Disconnect, or cancel an attempt, and do not reconnect."""
        state, self.state = self.state, ConnectionState.STOPPED
        self.retry_at = None
        if self.session is None:
            return
        if state is ConnectionState.UP:
            self._subscriptions.about_to_disconnect()
            self.session.disconnect()
        elif state is ConnectionState.CONNECTING:
            self.session.close()

    def tick(self) -> None:
        """Do what is due. Call it about once a second while `retry_at` is set, or more often."""
        if self.state is ConnectionState.WAITING and self.retry_at is not None and self._clock() >= self.retry_at:
            self._connect()
        self._subscriptions.tick()

    @property
    def retry_in(self) -> float | None:
        """Seconds until the next attempt, None if none is due."""
        return None if self.retry_at is None else max(0.0, self.retry_at - self._clock())

    @property
    def state_text(self) -> str:
        """The state in words."""
        if self.state is ConnectionState.UP:
            return f"connected; {self.stalled}" if self.stalled else "connected"
        if self.state is ConnectionState.CONNECTING:
            again = f" ({_nth(self.attempt)} try)" if self.attempt else ""
            return f"connecting: {self.stage}{again}" if self.stage else f"connecting{again}"
        if self.state is ConnectionState.WAITING:
            return f"connection lost: {self.reason}{self.countdown}"
        if self.state is ConnectionState.FAILED:
            return f"not connected: {self.reason}"
        return "stopped" if self.state is ConnectionState.STOPPED else "not connected"

    @property
    def countdown(self) -> str:
        """The end of `state_text` that says when the next attempt is made; "" while none is waited for."""
        if self.state is not ConnectionState.WAITING:
            return ""
        return f"; reconnecting in {max(1, round(self.retry_in or 0))} s ({_nth(self.attempt + 1)} try)"

    def _connect(self) -> None:
        if self._was_up:
            self.attempt += 1
        if self.session is not None:
            # It was asked to disconnect and has not ended yet; its events are ignored from here on.
            self.session.close()
            self._subscriptions.session_over()
        self.retry_at = None
        there, *others = self.connection.in_turn
        if self._lost_at is not None:
            # The address that was lost is the least likely one to answer.
            there, *others = *others, there
        self.connection, self._others = there, others
        self._reasons.clear()
        self._make()

    def _make(self) -> None:
        self.state = ConnectionState.CONNECTING
        self.stage = None
        self.session = self._make_session(self.connection)
        self.session.open()

    def _retry_later(self) -> None:
        delay = DELAYS[min(self.attempt, len(DELAYS) - 1)]
        self.retry_at = self._clock() + delay * (1 + JITTER * (2 * self._chance() - 1))
        self.state = ConnectionState.WAITING

    # Subscriptions

    @property
    def wanted(self) -> list[WantedSubscription]:
        """The subscriptions wanted, in the order they were added."""
        return self._subscriptions.wanted

    def add(self, subscription: WantedSubscription) -> WantedSubscription:
        """Want a subscription, from now on and after every reconnect."""
        return self._subscriptions.add(subscription)

    def get(self, key: int) -> WantedSubscription | None:
        return self._subscriptions.get(key)

    def subscription_of(self, wire_id: str) -> WantedSubscription | None:
        """Whose subscription that id is or was, removed ones and those of earlier connections included."""
        return self._subscriptions.of(wire_id)

    def remove(self, key: int) -> None:
        """Want it no longer. What the broker retains of it stays there, and that is noted."""
        self._subscriptions.remove(key)

    def deliveries_used(self, destination: str) -> int:
        """The highest number of deliveries counted of a message of a queue, as far as subscriptions here saw."""
        return self._subscriptions.deliveries_used(destination)

    def delete_problem(self, key: int) -> str:
        """Why what the broker retains of a subscription cannot be deleted now, "" if it can."""
        return self._subscriptions.delete_problem(key)

    def delete_durable(self, key: int) -> None:
        """Have the broker delete what it retains of a subscription, which leaves the list once that is confirmed."""
        self._subscriptions.delete_durable(key)

    def pause(self, key: int) -> None:
        """UNSUBSCRIBE but keep it in the list; what that means on this broker is noted."""
        self._subscriptions.pause(key)

    def resume(self, key: int) -> None:
        """SUBSCRIBE again, after a pause, a refusal, or a connection after which it was not restored."""
        self._subscriptions.resume(key)

    def ask_again(self, key: int) -> None:
        """SUBSCRIBE again where that is a question which is answered once, as Spring's @SubscribeMapping does."""
        self._subscriptions.ask_again(key)

    def deliveries_found(self, key: int, deliveries: Deliveries) -> None:
        """Go on with a subscription once it is known how its queue counts deliveries."""
        self._subscriptions.deliveries_found(key, deliveries)

    # Events of sessions

    def handle(self, event: Event) -> None:
        """Handle an event; those of earlier sessions are ignored."""
        if self.session is None or event.session != self.session.number:
            return
        if isinstance(event, Progress):
            self.stage = event.stage
        elif isinstance(event, Connected):
            self._connected(event)
        elif isinstance(event, ConnectFailed):
            self._connect_failed(event)
        elif isinstance(event, Lost):
            self._lost(event)
        elif isinstance(event, Stalled):
            self.stalled = event.stall.value if event.stall else ""
        else:
            self._subscriptions.handle(event)

    def _connected(self, event: Connected) -> None:
        if self.state is ConnectionState.STOPPED:
            return
        self.state = ConnectionState.UP
        self._up_at = self._clock()
        self.stalled = ""
        self.reason = self.server_text = self.field = ""
        self.asks = False
        self._failures.clear()
        self.dialect = self._brokers.named(event.dialect, event.server)
        self._was_up = True
        if self._lost_at is not None:
            self.gap = (self._lost_at, event.when)
            self._lost_at = None
            away = max(0.0, event.when - self.gap[0])
            self._note("gap", f"connected again after {away:.1f} s; what topics carried meanwhile was not seen")
        assert self.session is not None
        self._subscriptions.restore(self.session, self.dialect, event.version)

    def _connect_failed(self, event: ConnectFailed) -> None:
        self.session = None
        self._reasons.append(event.reason)
        self.reason, self.server_text = "; ".join(dict.fromkeys(self._reasons)), event.server_text
        self.field = event.field
        final = self._failures.is_final(event)
        self.asks = final and event.wants is not Want.NOTHING
        if self.state is ConnectionState.STOPPED or event.cancelled:
            self.state = ConnectionState.STOPPED
        elif self._others and not final:
            self.connection = self._others.pop(0)
            self._make()
        elif not self._was_up:
            self.state = ConnectionState.FAILED
        elif final:
            self.state = ConnectionState.FAILED
            self._note("failed", f"not trying again: {event.reason}")
        else:
            self._retry_later()

    def _lost(self, event: Lost) -> None:
        self.session = None
        self.reason, self.server_text = event.reason, event.server_text
        found = self._subscriptions.session_over(event)
        self._lost_at = event.when
        lasted = self._clock() - self._up_at
        alike = self._short.ended(lasted)
        if found or lasted >= STEADY:
            self.attempt = 0 if found else max(0, alike - 1)
        if self.state is ConnectionState.STOPPED or event.wanted:
            self.state = ConnectionState.STOPPED
            return
        question = None if found else self._login_ends.question(event, lasted, self.connection)
        if question is None:
            self._retry_later()
            return
        self.reason, self.field = question
        self.state, self.asks = ConnectionState.FAILED, True
        self._note("failed", f"not trying again: {self.reason}")


def _nth(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
