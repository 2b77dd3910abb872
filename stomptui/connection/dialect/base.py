"""Dialect: what a session and the composer ask about a broker; the base class answers for an unknown one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, NamedTuple

from stomptui.connection.dialect.acknowledgement import Acknowledgement
from stomptui.connection.dialect.durable import Durability
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints
from stomptui.connection.dialect.missing_queue import Absence, Becomes
from stomptui.connection.dialect.own_destination import OwnDestination, own_name
from stomptui.connection.dialect.read_only import ReadOnlyRules
from stomptui.connection.dialect.replies import Replies
from stomptui.connection.subscriptions.delivery_limit import ASSUMED, UNCOUNTED, Deliveries
from stomptui.protocol.features import Feature
from stomptui.protocol.frame import Frame

AckMode = Literal["auto", "client", "client-individual"]
"""The `ack` header of SUBSCRIBE (1.2, "SUBSCRIBE ack Header")."""

ReadMode = Literal["hold", "work", "live", "consume"]
"""What becomes of the messages of a subscription: "hold" acknowledges nothing, with "work" each message waits for the
person, "live" is a topic, and with "consume" messages leave the queue."""
HOLD_PREFETCH = 100
WORK_PREFETCH = 20
"""Messages that a person can keep an eye on."""
CONSUME_PREFETCH = 500
"""Large enough to keep the socket busy, small enough that few messages are unacknowledged when we disconnect."""


class ReadingMode(NamedTuple):
    """How a destination is read: ack mode, prefetch and what happens to its messages."""

    ack: AckMode
    prefetch: int | None
    """How many messages may be unacknowledged; None leaves it to the broker."""
    mode: ReadMode
    headers: tuple[tuple[str, str], ...] = ()
    """Further headers of SUBSCRIBE that the mode needs."""

    @property
    def acknowledges(self) -> bool:
        """Whether we acknowledge each message once it is in the journal."""
        return self.mode == "consume" and self.ack != "auto"

    @property
    def holds(self) -> bool:
        """Whether messages stay unacknowledged, to be acknowledged or rejected, until the subscription ends."""
        return self.mode in ("hold", "work") and self.ack != "auto" and ("browser", "true") not in self.headers


class Dialect:
    """An unknown broker: plain STOMP, no promises, the worst assumed about its queues.

    A dialect is made for one connection and does not change; it knows facts and builds headers, and sends nothing.

    Args:
        server: The `server` header of CONNECTED, "" without one.
    """

    name: ClassVar[str] = "unknown"
    title: ClassVar[str] = "unknown broker"
    in_front: ClassVar[str] = ""
    """The server that passes frames on to the broker, "" without one."""
    header_meanings: ClassVar[Mapping[str, str]] = {}
    """Meanings of headers on this broker beyond those of STOMP, in a few words, by name."""
    confirms: ClassVar[bool] = True
    """Whether the broker sends RECEIPT frames."""
    limit_told: ClassVar[str] = ""
    """How `frame_limit` is known where it may be another; "" where a larger frame closes the connection for sure."""
    surely_confirms: ClassVar[bool] = False
    """Whether a RECEIPT that does not come means a broker that is busy or blocked, and nothing else."""
    unanswered: ClassVar[str] = "whether the broker took it is told only by its log, or by who reads there"
    """What is known of a message that is not confirmed, and where to look; see `unanswered_at`."""
    counts_characters: ClassVar[bool] = False
    """Whether the content-length it sends counts characters, not bytes as STOMP has it."""
    when_full: ClassVar[Literal["stop reading", "drop oldest"]] = "stop reading"
    """What to do when the event queue is full: some servers disconnect a client that does not read."""
    forgets: ClassVar[str] = ""
    """What happens to a message without persistent:true in a durable queue; "" where nothing does."""
    acknowledgement: ClassVar[Acknowledgement] = Acknowledgement()
    """How messages are acknowledged and rejected."""
    read_only: ClassVar[ReadOnlyRules] = ReadOnlyRules()
    """Which frames change nothing."""
    replies: ClassVar[Replies] = Replies()
    """How questions are answered."""
    goodbyes: ClassVar[tuple[str, ...]] = ()
    """What the `message` of an ERROR says that comes of our own DISCONNECT, and so means nothing."""
    example: ClassVar[str] = "/queue/orders or /topic/orders.*"
    """What people subscribe to here, as the form says while nothing is typed."""
    send_example: ClassVar[str] = "/queue/orders"
    """Where people send to here, as compose says while nothing is typed."""
    errors_at: ClassVar[str] = ""
    """Where the application behind the broker sends its errors by custom, "" where there is no such place."""
    names_users: ClassVar[bool] = False
    """Whether CONNECTED names the user, so that a session without a name is nobody's."""
    lacks: ClassVar[Mapping[Feature, str]] = {}
    """What it does not have, each with why, in words that can follow a colon."""
    preset: ClassVar[tuple[tuple[str, str], ...]] = ()
    """The header lines that a new message begins with."""
    no_transactions: ClassVar[str] = ""
    """Why messages cannot be sent in a transaction, "" if they can."""
    peek_meaning: ClassVar[str] = "what it costs on this broker is not known, so you are asked first"
    """What a peek does here and leaves behind, in a few words; not read where there is a `peek_refusal`."""
    leave_by_unsubscribing: ClassVar[bool] = False
    """Whether to UNSUBSCRIBE before disconnecting, because the end of the connection alone costs a counted delivery, or
    loses acknowledgements."""
    late_delivery_error: ClassVar[str | None] = None
    """What stands in an ERROR that reports a message which was on its way when its subscription ended, and that so
    answers no frame; None where no broker reports that."""
    delivery_counter: ClassVar[str] = ""
    """The header of MESSAGE with the number of earlier deliveries counted; "" where there is none."""
    limit_is_of_attempts: ClassVar[bool] = False
    """Whether a limit of N dead-letters a message the Nth time it fails, not the time after."""
    unsubscribing_is_uncounted: ClassVar[bool] = False
    """Whether a message that returns by UNSUBSCRIBE is not counted as delivered, though one that returns when a
    connection breaks is."""
    copies: ClassVar[str] = ""
    """The warning before live copies of a queue are subscribed to; "" where there are none."""
    peek_refusal: ClassVar[str] = ""
    """Why its queues cannot be peeked without harm, "" if they can."""
    websocket_message: ClassVar[int] = 0
    """Bytes of the largest WebSocket message to send, as the broker joins a STOMP frame that comes in several; 0 sends
    each frame in one message, as the broker is not known to join them."""
    topics: ClassVar[tuple[str, ...]] = ("/topic/", "/temp-topic/", "topic://", "jms.topic.")
    """Prefixes of destinations that keep no messages for later subscribers."""
    destinations: ClassVar[dict[str, str]] = {
        "/queue/": "a queue",
        "/topic/": "a topic",
    }
    """Prefixes of destinations and what they are, for completion."""
    headers: ClassVar[dict[str, dict[str, str]]] = {}
    """Headers of this broker beyond STOMP: {command: {header: meaning}}."""
    values: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Common values of those headers."""

    def __init__(self, server: str = "") -> None:
        self.server = server
        self.rules = self._rules()
        """What each header of SEND does on this broker."""
        self.hints = self._hints()
        """What is worth a hint in a frame that is being typed."""
        self.durability = self._durability()
        """How durable subscriptions work on this broker."""

    @property
    def in_a_sentence(self) -> str:
        """The broker's name within a sentence: its title if that is a proper name, else "the broker"."""
        return self.title if self.title[:1].isupper() else "the broker"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.server!r})"

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        """Whether a CONNECTED frame was sent by this broker."""
        return True

    @property
    def keeper(self) -> Dialect:
        """The dialect of the broker that keeps the queues: another one's where this broker only passes frames on."""
        return self

    # What may be sent

    def _rules(self) -> HeaderRules:
        return HeaderRules()

    def _hints(self) -> Hints:
        return Hints(self)

    def _durability(self) -> Durability:
        return Durability()

    @property
    def frame_limit(self) -> int | None:
        """The largest frame that the broker accepts, in bytes with the NUL; None if no limit is known."""
        return None

    @property
    def header_limit(self) -> int | None:
        """How many different headers a frame may have; None if no limit is known."""
        return None

    def gives_receipt(self, destination: str, command: str = "SEND") -> bool:
        """Whether a frame about that destination is answered with a RECEIPT if it asks for one."""
        return self.confirms

    def receipt_proves(self, destination: str) -> str:
        """Why a RECEIPT for a SEND there does not prove that a queue took it; "" if it does."""
        return "what a receipt proves is not known for this broker"

    def misread(self, destination: str, version: str) -> str:
        """Why this broker would take a destination for another one than it names, "" if it would not.

        Args:
            destination: As it is to be sent.
            version: The STOMP version agreed.
        """
        return ""

    def as_sent(self, destination: str) -> str:
        """The destination for SEND that means the one in a MESSAGE."""
        return destination

    def ends_over(self, frames: Sequence[Frame]) -> str:
        """Why frames that a person typed end the whole server, as far as that is known; "" if they are not known to.

        Args:
            frames: What goes out on one connection, in one piece, in order.
        """
        return ""

    # Subscriptions

    def is_queue(self, destination: str) -> bool:
        """Whether subscribing there takes messages away from others; in doubt, True."""
        return not destination.startswith(self.topics)

    def default_mode(self, destination: str) -> ReadMode:
        """The default mode of a destination: "hold" for a queue, "live" for a topic."""
        return "hold" if self.is_queue(destination) else "live"

    def unanswered_at(self, destination: str) -> str:
        """What is known of a message that was sent there and is not confirmed, and where to look."""
        return self.unanswered

    def acknowledges(self, destination: str) -> bool:
        """Whether messages from there can be kept unacknowledged, and acknowledged; if not, they only come."""
        return True

    def reading(self, mode: ReadMode) -> ReadingMode:
        """Ack mode, prefetch and headers for a mode on this broker; "hold" if in doubt."""
        if mode in ("live", "consume"):
            return ReadingMode("auto", None, mode)
        if mode == "work":
            return ReadingMode("client-individual", WORK_PREFETCH, mode)
        return ReadingMode("client-individual", HOLD_PREFETCH, "hold")

    def prefetch_headers(self, count: int | None) -> list[tuple[str, str]]:
        """The headers of SUBSCRIBE that limit unacknowledged messages; [] where there are none."""
        return []

    def subscribe_headers(
        self, destination: str, headers: HeaderLines = (), prefetch: int | None = None
    ) -> list[tuple[str, str]]:
        """Headers to add to a SUBSCRIBE; never one that the person has set in `headers`."""
        written = {name for name, _ in headers}
        return [line for line in self.prefetch_headers(prefetch) if line[0] not in written]

    def existing(self, destination: str, headers: HeaderLines) -> str:
        """The destination for SUBSCRIBE that means an existing queue and does not declare it.

        Args:
            destination: As the person typed it.
            headers: The headers that the person set for SUBSCRIBE.
        """
        return destination

    def answers_once(self, destination: str) -> bool:
        """Whether a SUBSCRIBE there is a question that is answered with one message, and can be asked again."""
        return False

    def unsubscribes(self, destination: str) -> bool:
        """Whether a subscription there is ended by an UNSUBSCRIBE; if not, it has ended already, or does nothing."""
        return True

    def unsubscribe_headers(self, destination: str) -> list[tuple[str, str]]:
        """Further headers that UNSUBSCRIBE needs beside `id`."""
        return []

    def peek_warning(self, destination: str) -> str:
        """What may go wrong when a queue is peeked, "" where that is known to be safe."""
        return "this broker is not known: reading its queues may take messages away even if none is acknowledged"

    def pause_meaning(self, destination: str, mode: ReadMode) -> str:
        """What UNSUBSCRIBE does to unacknowledged messages, and to those that come meanwhile."""
        if not self.is_queue(destination):
            return "what is published meanwhile is not kept for us"
        if mode == "hold":
            return "messages already shown go back to the queue, at the latest when this connection closes"
        return "messages wait in the queue meanwhile"

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        """How a queue counts unacknowledged deliveries, None if that depends on the queue and has to be found out.

        Args:
            destination: What is subscribed to.
            headers: The headers that the person set for SUBSCRIBE.
        """
        return ASSUMED if self.is_queue(destination) else UNCOUNTED

    def may_go_with_its_reader(self, destination: str) -> bool:
        """Whether the destination may be a queue that is deleted or emptied once its last consumer leaves."""
        return False

    # Destinations of our own

    def own_topic(self, token: str) -> OwnDestination:
        """A destination for ourselves that nothing stays of, and that keeps messages at most while it is subscribed to.

        Args:
            token: Letters and digits that nobody else has.
        """
        return OwnDestination(f"/topic/{own_name(token)}")

    def own_queue(self, token: str) -> OwnDestination:
        """A queue for ourselves, which keeps what is not acknowledged; it is gone afterwards as far as that can be.

        Args:
            token: As of `own_topic`.
        """
        name = f"/queue/{own_name(token)}"
        return OwnDestination(name, remains=f"the queue {name}")

    # Missing queues

    def is_durable_queue(self, destination: str) -> bool:
        """Whether a destination is a queue that outlives the connection that declared it."""
        beginning = destination.lstrip("/").partition("/")[0]
        return (
            bool(destination) and self.is_queue(destination) and not beginning.endswith(("temp-queue", "reply-queue"))
        )

    def listed_as(self, destination: str) -> str:
        """The name, in a list of queues, of the queue that SEND means by a destination; "" if none is listed."""
        return destination if self.is_durable_queue(destination) else ""

    def if_missing(self, destination: str, headers: HeaderLines = ()) -> Absence:
        """What happens to a message if there is no queue of the name that `listed_as` returns.

        Args:
            destination: Where it is sent to.
            headers: The headers to be sent.
        """
        return Absence(Becomes.UNSURE, f"{self.in_a_sentence} lists no queue of that name")
