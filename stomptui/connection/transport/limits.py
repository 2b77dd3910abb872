"""How much a session takes before it says no. Sizes are bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    max_header: int = 64 << 10
    """Command and headers of one frame."""
    max_frame: int = 64 << 20
    """One whole frame."""
    max_unsent: int = 64 << 20
    """What may wait for the broker to read it; a single larger frame still goes when nothing else waits."""
    read_size: int = 256 << 10
    """The most that is read from the socket at once."""


LOOKING = Limits(max_header=16 << 20, max_frame=144 << 20)
"""What a connection takes that looks into queues or takes messages out: what a broker has let in has to be read, or
nothing behind it can be. RabbitMQ takes messages of 128 MiB with any headers, ActiveMQ frames of 100 MB with a thousand
header lines of 10 kB."""
