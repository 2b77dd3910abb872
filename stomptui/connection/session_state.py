"""Where a session is in its life."""

from __future__ import annotations

import enum


class State(enum.Enum):
    """The value is how it is said."""

    IDLE = "not connected"
    LOOKING_UP = "looking up"
    CONNECTING = "connecting"
    TLS = "TLS handshake"
    HANDSHAKE = "waiting for CONNECTED"
    UP = "connected"
    CLOSING = "closing"
    CLOSED = "closed"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self in (State.CLOSED, State.FAILED)


_STAGES = {
    "looking up": State.LOOKING_UP,
    "connecting": State.CONNECTING,
    "CONNECT": State.HANDSHAKE,
}


def state_of(stage: str) -> State:
    """The state an attempt is in at a stage that `Progress` tells."""
    return _STAGES.get(stage, State.TLS)
