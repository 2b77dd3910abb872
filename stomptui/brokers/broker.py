"""What each broker's folder gives to the registry: dialect, access, lister, delivery limit, copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stomptui.connection.dialect.base import Dialect
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.queues.access import MakeAccess, plain_access
from stomptui.queues.access_context import AccessContext
from stomptui.queues.delivery_limit import AskDeliveries, learn
from stomptui.queues.listing.listing import NoLister, QueueLister
from stomptui.queues.peek.live_copies import MakeCopies

PutInFront = Callable[[str, Dialect], Dialect]
"""Makes the dialect of a relay, of the `server` header of CONNECTED and the dialect of the broker behind it."""


@dataclass(frozen=True)
class Broker:
    """One kind of broker. What it does not give is done as with a broker nobody knows."""

    dialect: type[Dialect]
    """Recognises it, and says what it does differently."""
    access: MakeAccess = plain_access
    """Puts the way into one of its queues together."""
    lister: type[QueueLister] = NoLister
    """How it tells which queues it has."""
    deliveries: AskDeliveries | None = None
    """How it tells what a delivery that is not acknowledged costs, where the dialect alone does not know."""
    copies: MakeCopies | None = None
    """How it sends copies of what comes to a queue, if it can."""
    relay_leaves_out: bytes = b""
    """What it writes behind the NUL of a frame over WebSocket, and a relay in front of it does not; b"" if nothing."""
    put_in_front: PutInFront | None = None
    """Makes its dialect in front of another broker, where it passes frames on to one."""

    @property
    def name(self) -> str:
        return self.dialect.name

    @property
    def lists_queues(self) -> bool:
        """Whether there is a way to ask it which queues it has."""
        return self.lister is not NoLister

    def learn_deliveries(self, context: AccessContext, dialect: Dialect, destination: str) -> Deliveries:
        """What an unacknowledged delivery costs a message of a queue. Blocks, and opens connections of its own."""
        return learn(context, dialect, destination, self.deliveries)


UNKNOWN = Broker(Dialect)
"""Plain STOMP, and nothing promised."""
