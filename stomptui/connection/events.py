"""The events that a session reports, in the order they happened: plain values, safe to pass between threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from stomptui.config.connection import TransportKind
from stomptui.connection.ending import Ending, SentFrame
from stomptui.connection.errors import Want
from stomptui.connection.session_state import ConnectStage
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.connection.transport.liveness import Stall
from stomptui.protocol.marker import Batch


@dataclass(frozen=True)
class Event:
    """Base of all events."""

    session: int
    """The number of its session, so that late events of a session that is over can be ignored."""
    when: float
    """Seconds since the epoch."""


@dataclass(frozen=True)
class Progress(Event):
    """An attempt to connect has reached a stage."""

    stage: ConnectStage


@dataclass(frozen=True)
class Connected(Event):
    """The broker answered CONNECTED."""

    version: str
    """The STOMP version agreed (1.2, "Protocol Negotiation")."""
    server: str
    """The `server` header as sent, "" without one."""
    dialect: str
    """The `name` of the dialect chosen."""
    heart_beat: tuple[int, int]
    """Agreed, in milliseconds: (we send every, the broker sends every); 0 is none (1.2, "Heart-beating")."""
    session_id: str = ""
    """The `session` header, "" without one."""
    user_name: str = ""
    """The `user-name` header of ActiveMQ and Spring, "" without one."""
    found: str = ""
    """What was found out while connecting, such as another path than the one given; "" for nothing."""


@dataclass(frozen=True)
class ConnectFailed(Event):
    """An attempt ended without CONNECTED."""

    reason: str
    """In plain words: "nothing listens on 127.0.0.1 port 61613"."""
    server_text: str = ""
    """What the server itself said (an ERROR frame, an HTTP answer, an SSH banner), word for word."""
    stage: ConnectStage | None = None
    """The stage at which it ended."""
    field: str = ""
    """The field of `Connection` that is most likely to blame, "" if none."""
    cancelled: bool = False
    """Whether we ended it."""
    instead: TransportKind | None = None
    """The transport that the server speaks, if it is known to be another one."""
    wants: Want = Want.NOTHING
    """Whether the server wants other credentials."""


@dataclass(frozen=True)
class Received(Event):
    """Frames that arrived in one read, all kinds, RECEIPT and ERROR included."""

    batch: Batch
    counts: dict[str, int] = field(default_factory=dict)
    """MESSAGE frames per `subscription` header; "" for those without one."""
    recovered: bool = False
    """Whether they waited behind a content-length that was not reached when the connection ended. Where they begin and
    end is a guess, so they are only shown: no receipt among them confirms, no message is acted on."""
    goodbye: bool = False
    """Whether an ERROR among them only comes of our own DISCONNECT, and nothing went wrong."""


@dataclass(frozen=True)
class Sent(Event):
    """A frame was put into the send queue."""

    raw: bytes
    """The frame without its NUL, secrets masked in CONNECT."""
    receipt: str = ""
    """The receipt asked for, "" if none."""
    size: int = 0
    """Bytes on the wire, NUL included."""
    typed: bool = False
    """Whether a person typed it byte for byte, so that nothing in it need be as it should."""
    odd: str = ""
    """What is wrong with it, in words, where that cannot be seen in its bytes."""


class Stretch(NamedTuple):
    """Frames that follow each other in one direction."""

    begin: int
    """The index of the first of them."""
    when: float
    """Seconds since the epoch."""
    sent: bool
    """Whether they are SEND frames that were put into the send queue, or RECEIPT frames that confirm some."""


@dataclass(frozen=True)
class SeriesFrames(Event):
    """SEND frames of a series and the RECEIPT frames that confirmed some, of a moment, in the order of the wire."""

    batch: Batch
    stretches: tuple[Stretch, ...]
    """What the frames of the batch are, in turn."""
    series: int
    """The number of the series, which no session has."""
    sent: int
    """How many of the frames are SEND frames."""


@dataclass(frozen=True)
class ReceiptArrived(Event):
    """A RECEIPT for a frame of this session arrived."""

    receipt: str
    elapsed: float
    """Seconds since the frame was sent."""
    refusal: str | None = None
    """The text of an ERROR about the same frame that came before: then the receipt confirms nothing."""


@dataclass(frozen=True)
class ReceiptsMissing(Event):
    """Receipts did not come in time and are waited for no longer; one may come all the same."""

    command: str
    """The command that asked for them; "" for bytes that a person typed."""
    receipts: tuple[str, ...]
    subscriptions: tuple[str, ...] = ()
    """The ids, where the command is SUBSCRIBE."""
    never: bool = False
    """Whether the server is taken never to confirm that command, so that it is not asked to any more."""


@dataclass(frozen=True)
class BrokerError(Event):
    """An ERROR frame arrived."""

    message: str
    """The `message` header, or the first line of the body without one."""
    text: str
    """Header and body together, for a person; not sanitised."""
    receipt: str = ""
    """The receipt of the frame it is about, by `receipt-id` or concluded from the pending receipts; "" if unknown."""
    subscription: str = ""
    raw: bytes = b""


@dataclass(frozen=True)
class Subscribed(Event):
    """The broker confirmed a SUBSCRIBE."""

    subscription: str
    elapsed: float


@dataclass(frozen=True)
class SubscribeFailed(Event):
    """The broker refused a SUBSCRIBE, or cancelled an active subscription ("Server cancelled subscription")."""

    subscription: str
    reason: str
    cancelled: bool = False
    """True if it had been confirmed before."""


@dataclass(frozen=True)
class Unsubscribed(Event):
    """The broker confirmed an UNSUBSCRIBE."""

    subscription: str


@dataclass(frozen=True)
class Fault(Event):
    """Something wrong that did not end the connection: bytes that are no frame, a listener that raised."""

    text: str
    raw: bytes = b""
    """The bytes concerned, possibly only the first; b"" if there are none."""


@dataclass(frozen=True)
class Stalled(Event):
    """A connection that is up is stuck, or works again."""

    stall: Stall | None
    """How it is stuck; None when it works again."""
    text: str


@dataclass(frozen=True)
class Dropped(Event):
    """The event queue was full and the dialect must not stop reading: the oldest frames were dropped."""

    frames: int
    size: int
    """Bytes of these frames."""


@dataclass(frozen=True)
class Lost(Event):
    """The connection is over: the last event of a session that was connected, exactly once."""

    reason: str
    unconfirmed: tuple[str, ...] = ()
    """Receipts asked for and not answered."""
    wanted: bool = False
    """Whether we closed it."""
    server_text: str = ""
    """The text of an ERROR just before, "" without one."""
    over_limit: bool = False
    """Whether the broker sent a frame over our own limits, which would come again with the same subscription."""
    over_limit_of: str = ""
    """The subscription of that frame, "" if it is not known."""
    ending: Ending = Ending.OTHER
    unanswered: tuple[SentFrame, ...] = ()
    """What was sent shortly before and not answered, oldest first."""
    credentials: int = 0
    """Differs between sessions whose header values, read anew for each, were different."""


@dataclass(frozen=True)
class Learned(Event):
    """A side connection found out how the queue of a subscription counts deliveries."""

    key: int
    """The `key` of the `WantedSubscription`."""
    deliveries: Deliveries
