"""A subscription as the person wants it, its state, and how it is read on a given broker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from stomptui.connection.dialect.base import HOLD_PREFETCH, AckMode, Dialect, ReadingMode, ReadMode
from stomptui.connection.dialect.durable import RetainedSubscription
from stomptui.connection.rate import RateCounter
from stomptui.connection.subscriptions.delivery_limit import Deliveries

SubscriptionState = Literal["asking", "on", "refused", "paused", "off", "not restored", "deleting"]
"""The state as it is shown: "asking" is a SUBSCRIBE without an answer, "off" has no connection, "not restored" waits
for the person to resume it after a lost connection, "deleting" is a durable one that the broker was asked to delete."""


@dataclass
class WantedSubscription:
    """What the person wants (the first fields), and its state (the others, set by `WantedSubscriptions`)."""

    destination: str
    mode: ReadMode | None = None
    """None takes the default of the dialect."""
    ack: AckMode | None = None
    """The `ack` header if the person chose one; None follows from the mode."""
    prefetch: int | None = None
    """None follows from the mode."""
    selector: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Extra SUBSCRIBE headers, in order."""
    identity: str = ""
    """The person's own id for it, used where the broker retains a subscription under its id; "" takes the default."""

    key: int = 0
    """Identifies it in `WantedSubscriptions`; 0 before it is added."""
    colour: int = 0
    """A small number that no other subscription has at the same time."""
    ordinal: int = 1
    """2 for the second subscription to one destination, and so on."""
    paused: bool = False
    state: SubscriptionState = "off"
    error: str = ""
    """Why it is refused, in the broker's words, or not restored, in ours; "" otherwise."""
    cancelled: bool = False
    """Whether the broker cancelled it after it had been on."""
    confirmed: bool = True
    """False where the broker does not answer a SUBSCRIBE."""
    reading: ReadingMode | None = None
    """How it is read; None until the broker is known."""
    wire_id: str = ""
    """The `id` of its SUBSCRIBE on this connection, "" while it has none."""
    subscribed_before: bool = False
    """Whether a SUBSCRIBE was sent before, whose deliveries the broker may have counted."""
    retained: RetainedSubscription | None = None
    """What the broker retains of it when it ends; None if nothing, as far as is known."""
    ever_confirmed: bool = False
    """Whether the broker ever confirmed it."""
    deliveries: Deliveries | None = None
    """How its queue counts unacknowledged deliveries, once that is known."""
    received: int = 0
    """Messages received by its last SUBSCRIBE."""
    delivery_count: int = 0
    """The highest delivery count in the messages received by its last SUBSCRIBE."""
    deliveries_used: int = 0
    """The delivery count of that message after the last connection was lost."""
    asked_at: float = 0.0
    """When its last SUBSCRIBE was sent, in seconds of the clock of `WantedSubscriptions`."""
    proven: bool = False
    """Whether this session has answered its SUBSCRIBE or brought a message by it."""
    suspected: bool = False
    """Whether it may have ended an earlier session, so that it is not restored together with the others."""
    ended_by_acks: int = 0
    """Sessions in a row that the server has ended right after an ACK for it."""
    ended_by_name: int = 0
    """Sessions in a row that the server has ended with an ERROR that names it, soon after it was asked for."""
    over_limit: bool = False
    """Whether it brought, or may have brought, a frame over our own limits."""
    total: int = 0
    """Messages received, over all connections."""
    rate: RateCounter = field(default_factory=RateCounter, repr=False)

    @property
    def label(self) -> str:
        """Its destination, numbered from the second subscription to it on."""
        return self.destination if self.ordinal == 1 else f"{self.destination} ({self.ordinal})"

    def anew(self) -> WantedSubscription:
        """The same as the person wants it, for another connection."""
        wanted = (self.destination, self.mode, self.ack, self.prefetch, self.selector, self.headers, self.identity)
        return WantedSubscription(*wanted, paused=self.paused)

    @property
    def prefers_browsing(self) -> bool:
        """Whether the person set `browser:true`, by which ActiveMQ shows messages without delivering them."""
        return ("browser", "true") in self.headers

    @property
    def state_text(self) -> str:
        """Its state for a person, with the reason."""
        if self.state in ("refused", "not restored"):
            return f"{self.state}: {self.error}" if self.error else self.state
        if self.state == "asking" and not self.confirmed:
            return "asked for; this broker does not confirm"
        if self.state == "on" and not self.confirmed:
            return "on; this broker does not confirm"
        return self.state

    @property
    def keeps_unacknowledged(self) -> bool:
        """Whether its messages stay unacknowledged until the person decides, or it ends."""
        reading = self.reading
        if reading is None or reading.ack == "auto" or reading.mode == "consume":
            return False
        return ("browser", "true") not in reading.headers

    def resolve(self, dialect: Dialect) -> ReadingMode:
        """How to read it on that broker.

        The mode is "consume" if and only if reading takes messages out of a queue, whatever the person called it.
        """
        if not dialect.acknowledges(self.destination):
            return ReadingMode("auto", None, "live")
        queue = dialect.is_queue(self.destination)
        mode = self.mode or dialect.default_mode(self.destination)
        if not queue and mode == "consume":
            mode = "live"
        usual = dialect.reading(mode)
        ack = self.ack or usual.ack
        if ack == "auto" and queue:
            mode = "consume"
        elif self.ack and ack != "auto" and not self.mode:
            mode = "hold"
        same = ack == usual.ack or mode == "work"
        prefetch = usual.prefetch if same else None if ack == "auto" else HOLD_PREFETCH
        if self.prefetch is not None:
            prefetch = self.prefetch
        return ReadingMode(ack, prefetch, mode, usual.headers if mode == usual.mode and ack == usual.ack else ())
