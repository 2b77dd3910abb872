"""One connection and the record of it: what a session reports becomes rows, outcomes and counters, in order."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from stomptui.application.delivery_limits import DeliveryCosts
from stomptui.application.destination_has_queue import DOUBTS, Arrivals, Taker, if_missing
from stomptui.application.known_destinations import FRESH, KnownDestinations, RecentDestinations
from stomptui.application.outgoing import Outgoing
from stomptui.application.side_connections import SideConnections
from stomptui.application.standstill import Why
from stomptui.brokers.registry import BROKERS
from stomptui.compose.draft import Draft
from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.errors import NotConnected, SessionError
from stomptui.connection.event_queue import EventQueue, TeeSink
from stomptui.connection.events import (
    BrokerError,
    Connected,
    ConnectFailed,
    Dropped,
    Event,
    Fault,
    Learned,
    Lost,
    ReceiptArrived,
    Received,
    Sent,
    Stalled,
    Subscribed,
    SubscribeFailed,
)
from stomptui.connection.reconnect import ConnectionState, ReconnectingSession
from stomptui.connection.session import Session
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.journal.entry import NoteKind, Outcome
from stomptui.journal.journal import Journal
from stomptui.journal.rates import FrameRate
from stomptui.protocol.clean import clean, clean_name
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.held_messages import UnackedAccess

STANDSTILLS: dict[Why, str] = {
    "suspended": "the computer was suspended",
    "stopped": "it was stopped",
    "late": "the computer was busy, and a heart-beat was missed",
}
HINTED = 64 << 10
"""How much of a body hints are made from: they are asked for with every key."""


@dataclass
class DestinationCounts:
    """Counts per destination, for the line on leaving."""

    received: dict[str, int] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """One line a destination: `/queue/test  12 received, 3 sent`."""
        names = sorted({*self.received, *self.sent})
        painted = {name: clean_name(name) for name in names}
        width = max((len(name) for name in painted.values()), default=0)
        told = []
        for name in names:
            parts = [
                f"{count:,} {word}"
                for count, word in ((self.received.get(name, 0), "received"), (self.sent.get(name, 0), "sent"))
                if count
            ]
            told.append(f"{painted[name]:<{width}}  {', '.join(parts)}")
        return told


class Console:
    """Owns the link to one broker and writes down what happens on it. Runs on the event loop; knows no widgets.

    Args:
        journal: Where it is written down.
        event_queue: Where sessions put what they report.
        tell: Called with each event once it has been written down.
    """

    def __init__(self, journal: Journal, event_queue: EventQueue, tell: Callable[[Event], None]) -> None:
        self.journal = journal
        self.event_queue = event_queue
        self.main_connection: ReconnectingSession | None = None
        self.profile = ""
        """The name of the profile of the connection, "" without one."""
        self.received = FrameRate()
        self.sent = FrameRate()
        self.tally = DestinationCounts()
        self.destinations: list[str] = []
        """Destinations seen, newest last, for completion."""
        self._tell = tell
        self._versions: dict[int, str] = {}
        self._session: Session | None = None
        self._sign = (0, "")
        """The session, and the receipt, by which the broker shows that it is still there."""
        self._first_session = 0
        """The number of the first session with the broker of now."""
        self.side_connections = SideConnections(
            event_queue, lambda: self.main_connection.connection if self.main_connection else None
        )
        self._counting = DeliveryCosts(self.side_connections, event_queue)
        self.known = KnownDestinations(self.side_connections, lambda: self.on_known())
        """Destinations the broker told of."""
        self.arrivals = Arrivals(
            self.known,
            lambda: [watch.destination for watch in self.main_connection.wanted] if self.main_connection else [],
        )
        """Whether queues take what is sent."""
        self._doubts: dict[tuple[int, str], str] = {}
        """Why a receipt proves little, by session and receipt; of what is sent and not confirmed."""
        self.on_known: Callable[[], None] = lambda: None
        """Told, in another thread, that the broker told of more."""
        self.remembered: Callable[[], list[str]] = list
        """Tells the destinations of earlier days."""
        self._heard = RecentDestinations(journal)
        self.on_work: Callable[[int, int], None] = lambda first, end: None
        """Told which rows a batch became that has messages of a subscription that keeps what it gets."""
        self.unacked_access: UnackedAccess | None = None
        """Acts on what the session of the moment holds, once somebody did."""

    @property
    def session(self) -> Session | None:
        """The session of the link, while there is one."""
        return (
            self._session
            if self.main_connection is not None and self.main_connection.session is self._session
            else None
        )

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
        self._doubts.clear()
        self._first_session = 0
        self.profile = profile
        self.main_connection = ReconnectingSession(
            connection, self._make_session, BROKERS, note=self._reconnect_note, learn=self._learn
        )
        for watch in watches or []:
            self.main_connection.add(watch)
        self.main_connection.open()

    def _make_session(self, connection: Connection) -> Session:
        self._session = Session(connection, TeeSink(self.event_queue, self._overheard), BROKERS)
        self._first_session = self._first_session or self._session.number
        return self._session

    def _learn(self, watch: WantedSubscription) -> None:
        if self.main_connection is not None and self.main_connection.session is not None:
            self._counting.ask(
                watch,
                self.main_connection.connection,
                self.main_connection.dialect,
                self.main_connection.session.number,
            )

    def find_out(self, watch: WantedSubscription, tell: Callable[[Deliveries], object]) -> None:
        """Find out what a delivery costs on the queue of a subscription; `tell` is called in another thread."""
        if self.main_connection is not None:
            self._counting.find_out(
                watch.destination, self.main_connection.connection, self.main_connection.dialect, tell
            )

    def _overheard(self, event: Event) -> None:
        """In the session's thread: orders on its messages wait for its answers."""
        unacked = self.unacked_access
        if unacked is not None and unacked.session.number == event.session:
            unacked.hears(event, unacked.access.context.event_queue)

    def _reconnect_note(self, kind: str, text: str) -> None:
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
                self._sign = (session.number, session.check())
                told += ": asking the broker whether the connection still stands"
            except SessionError as error:
                told += f": {error}"
            self.side_connections.check()
        self._note(NoteKind.GAP, told)

    def close(self) -> None:
        """End the link, politely if it is up; never blocks."""
        self.known.stop()
        if self.main_connection is not None:
            self.main_connection.stop()

    def send(self, draft: Draft) -> tuple[int, str]:
        """Send a light draft.

        Returns:
            The number of the session, and the receipt asked for, "" if none.

        Raises:
            SessionError: There is no connection, or the broker does not read.
            ValueError, OSError: The draft cannot be sent as it is.
        """
        outgoing = self.outgoing(draft)
        outgoing.go()
        self.went(draft)
        return outgoing.session.number, outgoing.receipt

    def outgoing(self, draft: Draft) -> Outgoing:
        """What sends a draft, off the event loop too; `went` is to be called on it once that was done.

        Raises:
            SessionError: There is no connection.
            ValueError: The broker would read another destination.
        """
        session = self.session
        if session is None or not self.connected:
            raise NotConnected("there is no connection")
        if misread := self.dialect.misread(draft.destination, self.version):
            raise ValueError(misread)
        outgoing = Outgoing(session, draft, session.next_receipt() if draft.receipt else draft.get("receipt") or "")
        taker = self.arrivals.taker(draft, self.dialect)
        if outgoing.receipt and taker in (Taker.NOBODY, Taker.UNKNOWN):
            self._doubts[session.number, outgoing.receipt] = DOUBTS[taker]
        return outgoing

    def went(self, draft: Draft) -> None:
        """A draft was handed over."""
        self._saw(draft.destination)
        self.arrivals.went(draft, self.dialect)
        self.tally.sent[draft.destination] = self.tally.sent.get(draft.destination, 0) + 1

    def handle(self, event: Event) -> None:
        """Write down what happened, then let the link and whoever listens act on it."""
        if isinstance(event, Learned):
            # What was asked for a broker that was left says nothing of the one of now, whose sessions came later.
            if self.main_connection is not None and event.session >= self._first_session:
                self.main_connection.learned(event.key, event.deliveries)
            self._tell(event)
            return
        side = self.side_connections.name(event.session)
        if isinstance(event, Received):
            self._received(event, side)
        elif side and isinstance(event, (Connected, ConnectFailed, Lost, Stalled, SubscribeFailed, Subscribed)):
            self._beside(event, side)
        else:
            self._happened(event)
        if self.main_connection is not None and not side:
            self.main_connection.handle(event)
        self._tell(event)

    def _received(self, event: Received, side: str) -> None:
        version = self._versions.get(event.session, "1.2")
        first = self.journal.end
        self.journal.append_batch(event.batch, event.when, version, event.session)
        if side:
            return
        count = len(event.batch)
        self.received.add(count)
        if self.main_connection is not None:
            worked = False
            for wire_id, number in event.counts.items():
                watch = self.main_connection.watch_of(wire_id)
                name = watch.destination if watch else "(no subscription)"
                self.tally.received[name] = self.tally.received.get(name, 0) + number
                worked |= watch is not None and self._is_claimed(watch)
            if worked and not event.recovered:
                self.on_work(first, self.journal.end)

    @staticmethod
    def _is_claimed(watch: WantedSubscription) -> bool:
        """Whether its messages stay ours until they are acknowledged, or returned."""
        return watch.reading is not None and watch.reading.holds

    def _beside(self, event: Event, side: str) -> None:
        """What happens to a connection beside the main one, in one line each."""
        note = self.journal.append_note
        match event:
            case Connected():
                self._versions[event.session] = event.version
                note(NoteKind.INFO, f"{side}: a connection of its own, STOMP {event.version}", event.when)
            case ConnectFailed():
                if not event.cancelled:
                    note(NoteKind.FAILED, f"{side}: {event.reason}", event.when, event.server_text)
            case Lost():
                self.journal.unconfirmed(event.session, event.reason)
                kind, told = (
                    (NoteKind.INFO, "its connection is closed") if event.wanted else (NoteKind.LOST, event.reason)
                )
                note(kind, f"{side}: {told}", event.when, event.server_text)
            case Stalled():
                note(NoteKind.GAP if event.stall else NoteKind.INFO, f"{side}: {event.text}", event.when)
            case SubscribeFailed():
                note(NoteKind.ERROR, f"{side}: {event.reason}", event.when)
            case _:
                pass

    def _happened(self, event: Event) -> None:
        journal = self.journal
        match event:
            case Sent():
                version = self._versions.get(event.session, "1.2")
                journal.append_sent(event.raw, event.when, version, event.receipt, event.session)
                self.sent.add(1)
            case ReceiptArrived():
                doubt = event.refusal or self._doubts.pop((event.session, event.receipt), "")
                journal.settle(event.session, event.receipt, Outcome.confirmed(event.elapsed, doubt))
                if event.receipt and self._sign == (event.session, event.receipt):
                    self._note(NoteKind.INFO, "the connection still stands, and what is unacknowledged is still yours")
            case BrokerError():
                if event.receipt:
                    journal.settle(event.session, event.receipt, Outcome.refused(event.text))
            case Connected():
                self._versions[event.session] = event.version
                beat = "/".join(f"{ms / 1000:g} s" if ms else "none" for ms in event.heart_beat)
                journal.errors.close(of_connection=True)
                server = event.server or "a broker that does not say its name"
                journal.append_note(
                    NoteKind.CONNECTED, f"{server}, STOMP {event.version}, heart-beat {beat}", event.when
                )
            case ConnectFailed():
                if not event.cancelled:
                    journal.append_note(NoteKind.FAILED, event.reason, event.when, event.server_text)
            case Lost():
                why = event.reason
                numbers = journal.unconfirmed(event.session, why)
                told = f"; {len(numbers)} sent and not confirmed" if numbers else ""
                kind = NoteKind.INFO if event.wanted else NoteKind.LOST
                journal.append_note(
                    kind,
                    f"disconnected{told}" if event.wanted else f"{why}{told}",
                    event.when,
                    event.server_text,
                    mends=not numbers,
                )
            case SubscribeFailed():
                journal.append_note(NoteKind.ERROR, f"not subscribed: {event.reason}", event.when)
            case Fault():
                journal.append_note(
                    NoteKind.MALFORMED, event.text, event.when, event.raw.decode("utf-8", "backslashreplace")
                )
            case Stalled():
                journal.append_note(NoteKind.GAP if event.stall else NoteKind.INFO, event.text, event.when)
            case Dropped():
                journal.append_note(
                    NoteKind.DROPPED,
                    f"{event.frames:,} frames dropped: they came faster than they could be shown",
                    event.when,
                )
            case Subscribed():
                watch = self.main_connection.watch_of(event.subscription) if self.main_connection else None
                name = watch.label if watch else event.subscription
                # To delete what a broker keeps, it may have to be subscribed to for a moment.
                if watch is None or watch.state != "ending":
                    journal.append_note(NoteKind.INFO, f"subscribed to {shown(name)}", event.when)
            case _:
                pass

    def _saw(self, destination: str) -> None:
        if destination in self.destinations:
            self.destinations.remove(destination)
        self.destinations.append(destination)
        del self.destinations[:-200]

    def look_around(self) -> None:
        """Ask the broker what queues it has: somebody is about to name one."""
        if self.main_connection is not None and self.connected:
            self.known.ask(self.main_connection.connection, self.dialect, FRESH)

    def look_up(self, destination: str) -> bool:
        """Whether it is worth waiting for the broker to say whether a queue is there; it is asked if that is needed."""
        if not self.connected or not self.arrivals.unmade(destination, self.dialect):
            return False
        self.look_around()
        return self.known.coming

    def absence_words(self, draft: Draft) -> str:
        """What is said of a draft if no queue of that name is there."""
        return if_missing(draft, self.dialect).text

    def novelty(self, draft: Draft) -> str:
        """What to ask about before a draft goes, as far as the broker has told by now; "" for nothing."""
        dialect = self.dialect
        absence = self.arrivals.absence(draft, dialect)
        if absence is not None:
            return absence.text if absence.asks else ""
        untold = self.connected and self.known.coming and not self.known.listed
        if untold and if_missing(draft, dialect).asks and self.arrivals.unmade(draft.destination, dialect):
            broker = dialect.in_a_sentence
            return f"Whether there is such a queue is not known yet: {broker} has not answered what queues it has"
        return ""

    def hints(self, draft: Draft) -> list[tuple[str, str, bool]]:
        """What the broker's dialect has to say about a draft: (field, text, whether to ask before it is sent)."""
        body = draft.body if isinstance(draft.body, bytes) else draft.body[:HINTED].encode("utf-8", "replace")
        lines = [(line.name, line.value) for _, line in draft.lines()]
        misread = self.dialect.misread(draft.destination, self.version)
        told = [("destination", misread, True)] * bool(misread)
        if (absence := self.arrivals.absence(draft, self.dialect)) is not None:
            told.append(("destination", absence.text, absence.asks))
        # Whether a queue takes it is better known than by what receipts prove in general.
        known = self.arrivals.taker(draft, self.dialect) in (Taker.QUEUE, Taker.NOBODY)
        general = self.dialect.receipt_proves(draft.destination) if known else ""
        return told + [
            (hint.field, hint.text, hint.asks)
            for hint in self.dialect.compose_hints(
                draft.destination, lines, draft.content_length, body[:HINTED], draft.receipt
            )
            if hint.text != general or not general
        ]

    def seen(self) -> list[str]:
        """Destinations for completion: subscribed to, sent to, heard of, told by the broker, and the shapes it knows.

        The broker is asked for its queues in the background when this is needed; they are there a moment later.
        """
        main, dialect = self.main_connection, self.dialect
        if main is not None and self.connected:
            self.known.ask(main.connection, dialect)
        return list(
            dict.fromkeys(
                [
                    *(watch.destination for watch in (main.wanted if main else ())),
                    *reversed(self.destinations),
                    *map(dialect.as_sent, self._heard.names()),
                    *self.known.destinations,
                    *self.remembered(),
                    *dialect.destinations,
                ]
            )
        )

    def left_behind(self) -> list[str]:
        """What stays at the broker of durable subscriptions, a line each."""
        kept = (
            [watch for watch in self.main_connection.wanted if watch.kept is not None] if self.main_connection else []
        )
        return [f"{clean_name(watch.label)}: {clean(watch.kept.stays)}" for watch in kept if watch.kept is not None]

    def subscription_of(self, frame: Frame) -> WantedSubscription | None:
        """The subscription a MESSAGE came by."""
        wire_id = frame.get("subscription")
        return self.main_connection.watch_of(wire_id) if self.main_connection and wire_id is not None else None
