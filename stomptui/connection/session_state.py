"""The states of a session, and the stages of an attempt to connect."""

from __future__ import annotations

import enum
from typing import Literal

ConnectStage = Literal["header values", "looking up", "connecting", "TLS handshake", "WebSocket", "CONNECT"]
"""How far an attempt to connect has come, as it is shown."""


class SessionState(enum.Enum):
    """The state of a session, which only moves forward; the value is its text."""

    IDLE = "not connected"
    LOOKING_UP = "looking up"
    CONNECTING = "connecting"
    TLS = "TLS handshake"
    """Also while the WebSocket is opened."""
    HANDSHAKE = "waiting for CONNECTED"
    UP = "connected"
    CLOSING = "closing"
    CLOSED = "closed"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self in (SessionState.CLOSED, SessionState.FAILED)


_STATES: dict[ConnectStage, SessionState] = {
    "header values": SessionState.LOOKING_UP,
    "looking up": SessionState.LOOKING_UP,
    "connecting": SessionState.CONNECTING,
    "TLS handshake": SessionState.TLS,
    "WebSocket": SessionState.TLS,
    "CONNECT": SessionState.HANDSHAKE,
}


def state_of(stage: ConnectStage) -> SessionState:
    """The state of a session whose attempt to connect has reached a stage."""
    return _STATES[stage]
