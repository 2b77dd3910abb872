"""How large received frames and the send queue of a session may get. Sizes are bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of one session; a larger received frame ends the connection."""

    max_header: int = 64 << 10
    """Command and headers of one frame."""
    max_frame: int = 64 << 20
    """One whole frame."""
    max_unsent: int = 64 << 20
    """Bytes that may wait in the send queue; a single larger frame is sent when nothing else waits."""
    read_size: int = 256 << 10
    """The most that one `recv` reads."""


QUEUE_LIMITS = Limits(max_header=16 << 20, max_frame=144 << 20)
"""For connections that peek into a queue or drain it: a message that a broker accepted must be read, or those behind it
cannot be. RabbitMQ accepts messages of 128 MiB with any headers, ActiveMQ frames of 100 MB with a thousand header lines
of 10 kB."""
