"""What goes on with one broker, without a screen: connections, the record, what is unacknowledged, what is sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from stomptui.application.delivery_limits import DeliveryCosts
from stomptui.application.destinations.completion import DestinationCounts, Destinations
from stomptui.application.destinations.draft_advice import DraftAdvice
from stomptui.application.destinations.has_queue import Arrivals
from stomptui.application.destinations.known import KnownDestinations
from stomptui.application.event_pump import EventPump
from stomptui.application.event_record import EventRecord
from stomptui.application.outgoing import MessageSender
from stomptui.application.requests.requests import Requests
from stomptui.application.side_connections import SideConnections
from stomptui.application.standstill import Why
from stomptui.application.transactions import Transactions
from stomptui.application.unacknowledged import Unacknowledged
from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.ending import Ending, limit_in
from stomptui.connection.errors import SessionError
from stomptui.connection.event_queue import EventQueue, TeeSink
from stomptui.connection.events import (
    Connected,
    Dropped,
    Event,
    Learned,
    Lost,
    ReceiptArrived,
    Received,
    Sent,
    SeriesFrames,
)
from stomptui.connection.rate import RateCounter
from stomptui.connection.reconnect import ConnectionState, ReconnectingSession
from stomptui.connection.session import Session
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.connection.subscriptions.notes import ReconnectNote
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.journal.entry import NoteKind
from stomptui.journal.journal import Journal
from stomptui.protocol.clean import clean, clean_name
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.session_actions import SessionActions

STANDSTILLS: dict[Why, str] = {
    "suspended": "the computer was suspended",
    "stopped": "it was stopped",
    "late": "the computer was busy, and a heart-beat was missed",
}

NOBODY = (
    "the server ignored who you say you are; it may look elsewhere (a header of CONNECT or of the handshake, "
    "a cookie, the query of the URL)"
)


class ConsoleListener(Protocol):
    """Who shows what goes on in a console."""

    def handle_event(self, event: Event) -> None:
        """An event was written down."""

    def settle(self) -> None:
        """Some events were handled: time to bring the screen up to date."""

    def fail(self, error: Exception) -> None:
        """Handling an event went wrong."""

    def known_more(self) -> None:
        """The broker told of more destinations, or will not. Called in another thread."""


class Console:
    """What goes on with one broker. Runs on the event loop, from `start` to `stop`; knows no widgets.

    Args:
        journal: Where it is written down.
        remembered: Returns the destinations of earlier days.
    """

    def __init__(self, journal: Journal, remembered: Callable[[], list[str]] = list) -> None:
        self.journal = journal
        self.main_connection: ReconnectingSession | None = None
        self.profile = ""
        """The name of the profile of the connection, "" without one."""
        self.received = RateCounter()
        self.sent = RateCounter()
        self.missed = 0
        """Frames that came faster than they could be taken, and were dropped: nothing of them is in the journal."""
        self.counts = DestinationCounts()
        self.event_queue = EventQueue(lambda: self.pump.wake())
        """Where sessions put what they report."""
        self.pump = EventPump(self.event_queue, self._pumped, self._settle)
        self._listeners: list[ConsoleListener] = []
        self._session: Session | None = None
        self._liveness_check = (0, "")
        """The session, and the receipt, by which the broker shows that it is still there."""
        self._first_session = 0
        """The number of the first session with the broker of now."""
        self.told_limit: int | None = None
        """The largest frame that the broker takes, in bytes, as an ERROR of its own told; None if none did."""
        self.side_connections = SideConnections(
            self.event_queue, lambda: self.main_connection.connection if self.main_connection else None
        )
        self._delivery_costs = DeliveryCosts(self.side_connections, self.event_queue)
        self.known = KnownDestinations(self.side_connections, self._known_more)
        """Destinations the broker told of."""
        self.arrivals = Arrivals(
            self.known,
            lambda: [watch.destination for watch in self.main_connection.wanted] if self.main_connection else [],
        )
        """Whether queues take what is sent."""
        self.destinations = Destinations(self, self.known, journal, remembered)
        self.unacknowledged = Unacknowledged(self)
        self.advice = DraftAdvice(self, self.known, self.arrivals, self.destinations)
        self._record = EventRecord(journal, self._subscription)
        self.transactions = Transactions(self, journal)
        """The transaction that messages are sent in."""
        self.sender = MessageSender(
            self, self.arrivals, self._record, self.destinations, self.counts, self.transactions
        )
        self.requests = Requests(self, self.sender, journal, lambda: self.transactions.open is not None)
        self.session_actions: list[SessionActions] = []
        """What acts on what the session holds; each hears of its answers."""

    # -- who listens -----------------------------------------------------------------------------------------------

    def attach(self, listener: ConsoleListener) -> None:
        """Report to a listener from now on."""
        self._listeners.append(listener)

    def _pumped(self, event: Event) -> None:
        try:
            self.handle(event)
        except Exception as error:
            # Out of a timer of the event loop it would be seen by nobody.
            for listener in self._listeners:
                listener.fail(error)

    def _report(self, event: Event) -> None:
        for listener in self._listeners:
            listener.handle_event(event)

    def _settle(self) -> None:
        for listener in self._listeners:
            listener.settle()

    def _known_more(self) -> None:
        for listener in self._listeners:
            listener.known_more()

    # -- the broker ------------------------------------------------------------------------------------------------

    @property
    def session(self) -> Session | None:
        """The session of the main connection, while there is one."""
        main = self.main_connection
        return self._session if main is not None and main.session is self._session else None

    @property
    def dialect(self) -> Dialect:
        return self.main_connection.dialect if self.main_connection else Dialect()

    @property
    def version(self) -> str:
        """The STOMP version spoken, the newest while that is not known."""
        session = self.session
        return (session.version if session else "") or "1.2"

    @property
    def connected(self) -> bool:
        return self.main_connection is not None and self.main_connection.state is ConnectionState.UP

    def open(self, connection: Connection, watches: list[WantedSubscription] | None = None, profile: str = "") -> None:
        """Begin with a broker. What was spoken with another one is ended."""
        self.close()
        self.known.forget()
        self.arrivals.forget()
        self._record.forget()
        self.requests.forget()
        self.missed = 0
        self._first_session = 0
        self.told_limit = None
        self.profile = profile
        self.main_connection = ReconnectingSession(
            connection, self._make_session, BROKERS, note=self._reconnect_note, find_deliveries=self._learn
        )
        for watch in watches or []:
            self.main_connection.add(watch)
        self.main_connection.open()

    def _make_session(self, connection: Connection) -> Session:
        self._session = Session(connection, TeeSink(self.event_queue, self._copy_answers), BROKERS)
        self._first_session = self._first_session or self._session.number
        return self._session

    def _learn(self, watch: WantedSubscription) -> None:
        if self.main_connection is not None and self.main_connection.session is not None:
            self._delivery_costs.ask(
                watch,
                self.main_connection.connection,
                self.main_connection.dialect,
                self.main_connection.session.number,
            )

    def find_out(self, watch: WantedSubscription, tell: Callable[[Deliveries], object]) -> None:
        """Find out what a delivery costs on the queue of a subscription; `tell` is called in another thread."""
        if self.main_connection is not None:
            self._delivery_costs.find_out(
                watch.destination, self.main_connection.connection, self.main_connection.dialect, tell
            )

    def _copy_answers(self, event: Event) -> None:
        """In the session's thread: actions on its messages wait for its answers."""
        for unacked in tuple(self.session_actions):
            if unacked.session.number == event.session:
                unacked.hears(event, unacked.access.context.event_queue)

    def _reconnect_note(self, kind: ReconnectNote, text: str) -> None:
        """Note what the reconnecting session reports: "gap" or "failed"."""
        self._note(NoteKind[kind.upper()], text)

    def _note(self, kind: NoteKind, text: str) -> None:
        self.journal.append_note(kind, text, time.time())

    def stood_still(self, seconds: float, why: Why = "stopped") -> None:
        """Nothing was done here for so long: is the broker still there?

        What is only late, on a busy computer, is worth a word where the broker may have taken us for dead meanwhile.
        """
        session = self.session
        if why == "late" and (session is None or not self.connected or not session.missed_beat(seconds)):
            return
        told = f"stomptui stood still for {seconds:.0f} s ({STANDSTILLS[why]})"
        if session is not None and self.connected:
            try:
                self._liveness_check = (session.number, session.check())
                told += ": asking the broker whether the connection still stands"
            except SessionError as error:
                told += f": {error}"
            self.side_connections.check()
        self._note(NoteKind.GAP, told)

    def close(self) -> None:
        """End the main connection, politely if it is up; never blocks."""
        self.known.stop()
        if self.main_connection is not None:
            self.main_connection.stop()

    # -- what happens ----------------------------------------------------------------------------------------------

    def handle(self, event: Event) -> None:
        """Write down what happened, then let the main connection and whoever listens act on it."""
        main = self.main_connection
        if isinstance(event, Learned):
            # What was asked for a broker that was left says nothing of the one of now, whose sessions came later.
            if main is not None and event.session >= self._first_session:
                main.deliveries_found(event.key, event.deliveries)
            self._report(event)
            return
        side = self.side_connections.name(event.session)
        purpose = self.side_connections.folded_purpose(event.session)
        if purpose is not None:
            self._record.begin_side(event, *purpose)
        if isinstance(event, Received):
            first, end = self._record.frames(event)
            if not side:
                self._count(event, first, end)
        elif side:
            self._record.on_side(event, side)
        else:
            row = self.journal.end
            self.transactions.before(event)
            self._record.on_main(event)
            self.transactions.handle(event, row)
        if not side:
            self.requests.handle(event)
            if isinstance(event, Connected):
                self._note_nobody(event)
            elif isinstance(event, Dropped):
                self.missed += event.frames
        if isinstance(event, Sent):
            self.sent.add(1)
        elif isinstance(event, SeriesFrames):
            self.sent.add(event.sent)
            self.received.add(len(event.batch) - event.sent)
        elif (
            isinstance(event, ReceiptArrived)
            and event.receipt
            and self._liveness_check
            == (
                event.session,
                event.receipt,
            )
        ):
            self._note(NoteKind.INFO, "the connection still stands, and what is unacknowledged is still yours")
        elif isinstance(event, Lost) and event.ending is Ending.TOO_LARGE:
            self.told_limit = limit_in(event.server_text) or self.told_limit
        if main is not None and not side:
            main.handle(event)
        self._report(event)

    def _note_nobody(self, event: Connected) -> None:
        """Say so if the server takes one for nobody although something was sent to say who one is."""
        if self.main_connection is None or event.user_name or not self.main_connection.connection.proves_identity:
            return
        if BROKERS.named(event.dialect, event.server).names_users:
            self._note(NoteKind.INFO, NOBODY)

    def _count(self, event: Received, first: int, end: int) -> None:
        """Frames of the main connection came in, and are those rows now."""
        self.received.add(len(event.batch))
        if self.main_connection is None:
            return
        keeps = False
        for wire_id, number in event.counts.items():
            watch = self.main_connection.subscription_of(wire_id)
            answers = watch is None and self.requests.brings_answers(event.session, wire_id)
            if answers and not event.recovered:
                self.requests.came(event.session, first, end, event.when)
            name = watch.destination if watch else "(answers)" if answers else "(no subscription)"
            self.counts.received[name] = self.counts.received.get(name, 0) + number
            keeps |= watch is not None and watch.reading is not None and watch.reading.holds
        if keeps and not event.recovered:
            self.unacknowledged.arrived(first, end)

    def left_behind(self) -> list[str]:
        """What stays at the broker of durable subscriptions, a line each."""
        wanted = self.main_connection.wanted if self.main_connection else []
        return [
            f"{clean_name(watch.label)}: {clean(watch.retained.consequence)}"
            for watch in wanted
            if watch.retained is not None
        ]

    def subscription_of(self, frame: Frame) -> WantedSubscription | None:
        """The subscription a MESSAGE came by."""
        wire_id = frame.get("subscription")
        return self._subscription(wire_id) if wire_id is not None else None

    def _subscription(self, wire_id: str) -> WantedSubscription | None:
        return self.main_connection.subscription_of(wire_id) if self.main_connection else None
