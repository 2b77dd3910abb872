"""One SUBSCRIBE, as it is asked of a session."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Subscription:
    """What a SUBSCRIBE says (STOMP 1.2, "SUBSCRIBE")."""

    id: str
    destination: str
    ack: str = "auto"
    """"auto", "client" or "client-individual"."""
    selector: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Extra headers, in order."""
    prefetch: int | None = None
    """How many messages may be unacknowledged; the dialect knows the header for it. None says nothing."""
