"""A subscription as the person wants it, which outlives the connections that carry it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from stomptui.connection.dialect.base import LOOK_PREFETCH, Dialect, ReadingMode
from stomptui.connection.dialect.durable import Kept
from stomptui.connection.rate import RateCounter
from stomptui.connection.subscriptions.delivery_limit import Deliveries

WatchState = Literal["asking", "on", "refused", "paused", "off", "not restored", "ending"]
"""Where a subscription stands; "not restored" is one that the person has to bring back after a lost connection,
"ending" a durable one that the broker was asked to delete."""


@dataclass
class WantedSubscription:
    """What is wanted, and how it is doing. The first fields are the person's, the others the link's."""

    destination: str
    mode: str = ""
    """"look", "work", "live" or "consume"; "" is what the dialect does without a word."""
    ack: str = ""
    """The ack mode asked for by name; "" follows from the mode."""
    prefetch: int | None = None
    """None follows from the mode."""
    selector: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Extra SUBSCRIBE headers, in order."""
    identity: str = ""
    """The person's own id for it, used where the broker names by it what it keeps; "" takes the usual one."""

    key: int = 0
    """Names this watch as long as it lives."""
    colour: int = 0
    """A small number that no other watch has at the same time."""
    ordinal: int = 1
    """2 for the second watch of one destination, and so on."""
    paused: bool = False
    state: WatchState = "off"
    error: str = ""
    """Why it is refused, in the broker's words; why it is not restored, in ours."""
    cancelled: bool = False
    """True if the broker took it away after it had been on."""
    confirmed: bool = True
    """False where the broker does not answer a SUBSCRIBE."""
    reading: ReadingMode | None = None
    """How it is read, known once the broker is."""
    wire_id: str = ""
    """The `id` of its SUBSCRIBE on this connection, "" while it has none."""
    asked: bool = False
    """Whether a SUBSCRIBE of it was sent whose deliveries a broker may have counted."""
    kept: Kept | None = None
    """What the broker keeps of it when it ends; None while there is nothing, as far as is known."""
    confirmed_once: bool = False
    """Whether the broker ever said yes to it."""
    deliveries: Deliveries | None = None
    """What an unacknowledged delivery costs a message here, once that is known."""
    came: int = 0
    """Messages received by its last SUBSCRIBE."""
    counted: int = 0
    """Deliveries counted of the message that has most, as told by the messages of its last SUBSCRIBE."""
    used: int = 0
    """Deliveries counted of that message once the connection was lost."""
    too_large: bool = False
    """Whether it brought, or may have brought, a frame over our own limits."""
    total: int = 0
    """Messages received, over all connections."""
    meter: RateCounter = field(default_factory=RateCounter, repr=False)

    @property
    def label(self) -> str:
        return self.destination if self.ordinal == 1 else f"{self.destination} ({self.ordinal})"

    @property
    def prefers_browsing(self) -> bool:
        """Whether the person wrote the header that makes ActiveMQ show without delivering."""
        return ("browser", "true") in self.headers

    @property
    def words(self) -> str:
        """Its state for a person."""
        if self.state in ("refused", "not restored"):
            return f"{self.state}: {self.error}" if self.error else self.state
        if self.state == "asking" and not self.confirmed:
            return "asked for; this broker does not confirm"
        return self.state

    @property
    def keeps(self) -> bool:
        """Whether it keeps messages unacknowledged until the person decides."""
        reading = self.reading
        if reading is None or reading.ack == "auto" or reading.mode == "consume":
            return False
        return ("browser", "true") not in reading.headers

    def resolve(self, dialect: Dialect) -> ReadingMode:
        """How to read it on that broker.

        What empties a queue is called consume and what does not is not, whatever the mode was called.
        """
        queue = dialect.is_queue(self.destination)
        mode = self.mode or dialect.default_mode(self.destination)
        if not queue and mode == "consume":
            mode = "live"
        usual = dialect.reading(mode)
        ack = self.ack or usual.ack
        if ack == "auto" and queue:
            mode = "consume"
        elif self.ack and ack != "auto" and not self.mode:
            mode = "look"
        same = ack == usual.ack or mode == "work"
        prefetch = usual.prefetch if same else None if ack == "auto" else LOOK_PREFETCH
        if self.prefetch is not None:
            prefetch = self.prefetch
        return ReadingMode(ack, prefetch, mode, usual.headers if mode == usual.mode and ack == usual.ack else ())
