"""Options and limits of the embedded broker."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ServerLimits:
    """Limits, in bytes."""

    header: int = 64 << 10
    """The command and headers of one frame."""
    frame: int = 64 << 20
    """One frame."""
    write_buffer: int = 256 << 10
    """What waits for the socket of one client; beyond it messages stay in their queues."""
    queue: int = 1 << 30
    """The messages of one queue; beyond it a SEND is refused."""
    backlog: int = 64 << 20
    """The messages that wait for one topic subscription; beyond it its connection is closed."""


@dataclass
class ServerOptions:
    """How the broker treats its clients."""

    users: Mapping[str, str] | None = None
    """Passcodes by login; None accepts every login."""
    vhosts: Collection[str] | None = None
    """The virtual hosts that exist; None accepts every name."""
    limits: ServerLimits = field(default_factory=ServerLimits)
    heart_beat_minimum: int = 100
    """The shortest heart-beat interval agreed to, in milliseconds."""
    connect_timeout: float = 10.0
    """Seconds from the TCP connection to an accepted CONNECT."""
    token: Callable[[], str] = lambda: secrets.token_urlsafe(16)
    """Makes the names of sessions and private queues; one that is not random makes runs repeatable."""
    silent: bool = False
    """Whether promised heart-beats are not sent, to test clients; may be changed at any time."""
