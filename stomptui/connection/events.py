"""What a session reports, in the order it happened. Plain values; safe to hand from thread to thread.

Every event carries the number of its session, so that what an ended session still says can be ignored,
and the time it happened (seconds since the epoch).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from stomptui.config.connection import TransportKind
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.connection.transport.liveness import Stall
from stomptui.protocol.marker import Batch


@dataclass(frozen=True)
class Event:
    session: int
    when: float


@dataclass(frozen=True)
class Progress(Event):
    """A stage of an attempt to connect: "looking up", "connecting", "TLS handshake", "WebSocket", "CONNECT"."""

    stage: str


@dataclass(frozen=True)
class Connected(Event):
    """The broker answered CONNECTED."""

    version: str
    """The STOMP version spoken from here on."""
    server: str
    """The `server` header as sent, "" without one."""
    dialect: str
    """The name of the dialect chosen."""
    heart_beat: tuple[int, int]
    """Negotiated, in milliseconds: (we send every, the broker sends every); 0 is none (1.2, "Heart-beating")."""
    session_id: str = ""
    user_name: str = ""


@dataclass(frozen=True)
class ConnectFailed(Event):
    """An attempt ended without CONNECTED."""

    reason: str
    """The real reason in plain words, for example "nothing listens on 127.0.0.1 port 61613"."""
    server_text: str = ""
    """What the server itself said (an ERROR frame, an HTTP answer, an SSH banner), word for word."""
    stage: str = ""
    field: str = ""
    """The field of `Connection` that is most likely to blame, "" if none."""
    cancelled: bool = False
    instead: TransportKind | None = None
    """The transport that the server speaks, if that is known and another."""


@dataclass(frozen=True)
class Received(Event):
    """Frames that arrived in one read, all kinds, RECEIPT and ERROR included."""

    batch: Batch
    counts: dict[str, int] = field(default_factory=dict)
    """MESSAGE frames per `subscription` header; "" for those without one."""
    recovered: bool = False
    """They waited behind a content-length that was not kept when the connection ended. Where they begin and end is
    concluded, so they are shown and nothing else: no receipt among them confirms, no message is acted on."""


@dataclass(frozen=True)
class Sent(Event):
    """A frame was handed to the socket's queue."""

    raw: bytes
    """The frame without its NUL, secrets masked in CONNECT."""
    receipt: str = ""
    """The receipt asked for, "" if none."""
    size: int = 0
    """Bytes on the wire, NUL included."""


@dataclass(frozen=True)
class ReceiptArrived(Event):
    receipt: str
    elapsed: float
    """Seconds since the frame was queued."""
    doubt: str = ""
    """Why this receipt proves nothing (an ERROR about the same frame came before it), "" if it does."""


@dataclass(frozen=True)
class BrokerError(Event):
    """An ERROR frame arrived."""

    message: str
    """The `message` header, or the first line of the body without one."""
    text: str
    """Header and body together, for people to read; not sanitised."""
    receipt: str = ""
    """The receipt it answers, as said by `receipt-id` or concluded from what was pending; "" if unknown."""
    subscription: str = ""
    raw: bytes = b""


@dataclass(frozen=True)
class Subscribed(Event):
    """The broker confirmed a SUBSCRIBE."""

    subscription: str
    elapsed: float


@dataclass(frozen=True)
class SubscribeFailed(Event):
    """The broker refused a SUBSCRIBE, or took an active subscription away ("Server cancelled subscription")."""

    subscription: str
    reason: str
    cancelled: bool = False
    """True if it had been confirmed before."""


@dataclass(frozen=True)
class Unsubscribed(Event):
    subscription: str


@dataclass(frozen=True)
class Fault(Event):
    """Something odd that was survived: bytes that are no frame, a listener that raised, an unknown command."""

    text: str
    raw: bytes = b""
    """The bytes concerned, possibly cut; b"" if there are none."""


@dataclass(frozen=True)
class Stalled(Event):
    """A connection that stands does not go on, or goes on again."""

    stall: Stall | None
    """How; None when it goes on."""
    text: str


@dataclass(frozen=True)
class Dropped(Event):
    """The inbox was full and its dialect must not stop reading: that many of the oldest frames were let go."""

    frames: int
    size: int


@dataclass(frozen=True)
class Lost(Event):
    """The connection is over. The last event of a session that was connected, exactly once."""

    reason: str
    unconfirmed: tuple[str, ...] = ()
    """Receipts asked for and not answered."""
    wanted: bool = False
    """True when we closed it."""
    server_text: str = ""
    over_limit: bool = False
    """True when the broker sent a frame over our own limits: it comes again with whatever brought it."""
    over_limit_of: str = ""
    """The subscription that brought that frame, "" if it is not known."""


@dataclass(frozen=True)
class Learned(Event):
    """What a delivery costs on the queue of a subscription was found out beside the connection."""

    key: int
    """The key of the subscription."""
    deliveries: Deliveries
