"""Keeps one connection alive: sessions come and go, what the person wants to watch stays."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from enum import Enum

from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.events import Connected, ConnectFailed, Event, Lost, Progress, Stalled
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.connection.subscriptions.subscriptions import AnySession, WantedSubscriptions

DELAYS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before each attempt to get back; the last one stays."""
JITTER = 0.2
"""How much of a delay is left to chance, so that many clients of one broker do not come back at once."""
STEADY = 5.0
"""Seconds a connection must stand for the delays to begin anew, so that one which dies at once is not hammered."""

_REFUSED_LOGIN = re.compile(
    r"access refused|password is invalid|authentication failed|not authorized|\b(?:401|403)\b", re.IGNORECASE
)


class ConnectionState(Enum):
    """Where a link stands."""

    IDLE = "idle"
    CONNECTING = "connecting"
    UP = "up"
    WAITING = "waiting"
    """Lost, and trying again at `ReconnectingSession.retry_at`."""
    FAILED = "failed"
    """An attempt failed and another would not help, or nobody asked for one."""
    STOPPED = "stopped"


class ReconnectingSession:
    """One connection that comes back. All calls on one thread; nothing blocks, and no timer is its own: call `tick`.

    A first attempt that fails is not repeated: the person is looking at the form. A connection that stood and was
    lost is tried again and again, except where that cannot help, as with a login that is refused.

    The console hands every event to the journal first and to `handle` then: what a consuming watch received is
    acknowledged in `handle`.

    Args:
        connection: What to connect to.
        make_session: Makes the session of one attempt.
        clock: Seconds that never go back.
        note: Told what the log should say: (kind, text), the kind being one of the journal's note kinds.
        chance: A random number from 0 to 1.
        learn: Called to find out beside the connection what a delivery costs on the queue of a subscription; answers
            through `learned`.
    """

    def __init__(
        self,
        connection: Connection,
        make_session: Callable[[Connection], AnySession],
        brokers: Brokers,
        clock: Callable[[], float] = time.monotonic,
        note: Callable[[str, str], object] = lambda kind, text: None,
        chance: Callable[[], float] = random.random,
        learn: Callable[[WantedSubscription], object] = lambda watch: None,
    ) -> None:
        self.connection = connection
        self.session: AnySession | None = None
        self.state = ConnectionState.IDLE
        self.stage = ""
        """What a connecting session is at."""
        self.reason = ""
        """Why the last connection ended, or did not come about."""
        self.server_text = ""
        """What the server itself said about that, word for word."""
        self.stalled = ""
        """How the connection does not go on though it stands, "" if it does."""
        self.attempt = 0
        """Attempts to get back since a connection that stood was lost."""
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
        self._watches = WantedSubscriptions(clock, note, self.dialect, learn, connection.client_id)
        self._lost_at: float | None = None
        self._was_up = False
        self._up_at = 0.0

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
        """Leave: say goodbye if connected, give up an attempt, and do not come back."""
        state, self.state = self.state, ConnectionState.STOPPED
        self.retry_at = None
        if self.session is None:
            return
        if state is ConnectionState.UP:
            self._watches.leave()
            self.session.disconnect()
        elif state is ConnectionState.CONNECTING:
            self.session.close()

    def tick(self) -> None:
        """Do what is due. Call it about once a second while `retry_at` is set, or more often."""
        if self.state is ConnectionState.WAITING and self.retry_at is not None and self._clock() >= self.retry_at:
            self._connect()
        self._watches.acknowledge()

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
            seconds = max(1, round(self.retry_in or 0))
            return f"connection lost: {self.reason}; retrying in {seconds} s ({_nth(self.attempt + 1)} try)"
        if self.state is ConnectionState.FAILED:
            return f"not connected: {self.reason}"
        return "stopped" if self.state is ConnectionState.STOPPED else "not connected"

    def _connect(self) -> None:
        if self._was_up:
            self.attempt += 1
        if self.session is not None:
            # It was told to leave and has not said yet that it did; nobody will listen to it any more.
            self.session.close()
            self._watches.let_go()
        self.state = ConnectionState.CONNECTING
        self.stage = ""
        self.retry_at = None
        self.session = self._make_session(self.connection)
        self.session.open()

    def _later(self) -> None:
        delay = DELAYS[min(self.attempt, len(DELAYS) - 1)]
        self.retry_at = self._clock() + delay * (1 + JITTER * (2 * self._chance() - 1))
        self.state = ConnectionState.WAITING

    # What is watched

    @property
    def wanted(self) -> list[WantedSubscription]:
        """The subscriptions wanted, in the order they were added."""
        return self._watches.wanted

    def add(self, watch: WantedSubscription) -> WantedSubscription:
        """Want a subscription, from now on and after every reconnect."""
        return self._watches.add(watch)

    def get(self, key: int) -> WantedSubscription | None:
        return self._watches.get(key)

    def watch_of(self, wire_id: str) -> WantedSubscription | None:
        """Whose subscription that id is or was, removed ones and those of earlier connections included."""
        return self._watches.of(wire_id)

    def remove(self, key: int) -> None:
        """Want it no longer. What the broker keeps of it is left there, and that is noted."""
        self._watches.remove(key)

    def used(self, destination: str) -> int:
        """Deliveries counted of the message of a queue that has most, as far as subscriptions here have seen."""
        return self._watches.used(destination)

    def cannot_end(self, key: int) -> str:
        """Why what the broker keeps of a subscription cannot be deleted now, "" if it can."""
        return self._watches.cannot_end(key)

    def end(self, key: int) -> None:
        """Have the broker delete what it keeps of a subscription; it leaves the list once that is confirmed."""
        self._watches.end(key)

    def pause(self, key: int) -> None:
        """UNSUBSCRIBE but keep it in the list; what that means on this broker is noted."""
        self._watches.pause(key)

    def resume(self, key: int) -> None:
        """SUBSCRIBE again, after a pause, a refusal, or a connection after which it was not restored."""
        self._watches.resume(key)

    def learned(self, key: int, deliveries: Deliveries) -> None:
        """What a delivery costs on the queue of a subscription was found out."""
        self._watches.learned(key, deliveries)

    # What sessions report

    def handle(self, event: Event) -> None:
        """Take note of an event; those of sessions that are over are ignored."""
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
            self._watches.handle(event)

    def _connected(self, event: Connected) -> None:
        if self.state is ConnectionState.STOPPED:
            return
        self.state = ConnectionState.UP
        self._up_at = self._clock()
        self.stalled = ""
        self.reason = self.server_text = ""
        self.dialect = self._brokers.named(event.dialect, event.server)
        self._was_up = True
        if self._lost_at is not None:
            self.gap = (self._lost_at, event.when)
            self._lost_at = None
            away = max(0.0, event.when - self.gap[0])
            self._note("gap", f"connected again after {away:.1f} s; what topics carried meanwhile was not seen")
        assert self.session is not None
        self._watches.restore(self.session, self.dialect, event.version)

    def _connect_failed(self, event: ConnectFailed) -> None:
        self.session = None
        self.reason, self.server_text = event.reason, event.server_text
        if self.state is ConnectionState.STOPPED or event.cancelled:
            self.state = ConnectionState.STOPPED
        elif not self._was_up:
            self.state = ConnectionState.FAILED
        elif _cannot_help(event):
            self.state = ConnectionState.FAILED
            self._note("failed", f"not trying again: {event.reason}")
        else:
            self._later()

    def _lost(self, event: Lost) -> None:
        self.session = None
        self.reason, self.server_text = event.reason, event.server_text
        self._watches.let_go(event)
        self._lost_at = event.when
        if self._clock() - self._up_at >= STEADY:
            self.attempt = 0
        if self.state is ConnectionState.STOPPED or event.wanted:
            self.state = ConnectionState.STOPPED
        else:
            self._later()


def _cannot_help(event: ConnectFailed) -> bool:
    """Whether trying again would fail the same way until the person changes something."""
    if event.field in ("login", "passcode", "ws_headers"):
        return True
    return bool(_REFUSED_LOGIN.search(event.reason) or _REFUSED_LOGIN.search(event.server_text))


def _nth(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
