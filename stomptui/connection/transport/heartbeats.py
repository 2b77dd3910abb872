"""Heart-beats: negotiation, when ours is due, when the broker is overdue (STOMP 1.2, "Heart-beating").

Any byte counts as a sign of life. We send a fifth earlier than promised; the broker may be silent for three times its
interval: Spring, which looks once an interval whether a beat is due, leaves gaps of exactly two.
"""

from __future__ import annotations

from stomptui.config.connection import LONGEST_BEAT
from stomptui.protocol.numbers import whole_number

EARLY = 0.8
TOLERANCE = 3.0
"""Intervals of silence after which the broker counts as lost."""


def negotiate(ours: tuple[int, int], header: str | None) -> tuple[int, int]:
    """The intervals agreed, in milliseconds: (we send every, the broker sends every); 0 is never.

    Args:
        ours: The `heart-beat` header of our CONNECT, in milliseconds: (we can send every, we want every).
        header: The `heart-beat` header of CONNECTED, None without one.

    Raises:
        ValueError: The header is not two numbers.
    """
    if not header:
        return 0, 0
    first, comma, second = (part.strip() for part in header.partition(","))
    if not (comma and all(part.isascii() and part.isdigit() for part in (first, second))):
        raise ValueError(f"a heart-beat header that is not two numbers: {_short(header)!r}")
    can, wants = (whole_number(part) for part in (first, second))
    # A broker that wants beats more rarely than once a day gets them daily; beats so rare are of no use to us.
    sends = LONGEST_BEAT if wants is None else min(max(ours[0], wants), LONGEST_BEAT)
    hears = LONGEST_BEAT + 1 if can is None else max(ours[1], can)
    return (sends if ours[0] and wants != 0 else 0), (hears if ours[1] and can and hears <= LONGEST_BEAT else 0)


def interval_problem(header: str | None) -> str | None:
    """A warning about a heart-beat header with an interval of more than a day; None if there is none."""
    numbers = [whole_number(part.strip()) for part in (header or "").split(",")]
    if all(number is not None and number <= LONGEST_BEAT for number in numbers) or not header:
        return None
    return (
        f"the broker's heart-beat header says {_short(header)}: what is over a day is not waited for, and ours go once "
        "a day"
    )


def _short(header: str) -> str:
    return header if len(header) <= 60 else f"{header[:60]}... ({len(header):,} characters)"


class HeartbeatClock:
    """The heart-beat timers of one connection. Times are `time.monotonic()`, intervals seconds, 0 for none."""

    def __init__(self) -> None:
        self.send_every = 0.0
        self.receive_every = 0.0
        self.last_sent = 0.0
        self.last_received = 0.0
        self._last_late_at: float | None = None
        """When we last sent something later than promised, None for never."""
        self._silent_since = 0.0

    def agree(self, heart_beat: tuple[int, int], now: float) -> None:
        """Start the timers with the intervals that `negotiate` returned, in milliseconds."""
        self.send_every, self.receive_every = heart_beat[0] / 1000, heart_beat[1] / 1000
        self._silent_since = now

    def received(self, now: float) -> None:
        self.last_received = self._silent_since = now

    def reading_resumed(self, now: float) -> None:
        """Note that we did not read until now, so that silence before this says nothing about the broker."""
        self._silent_since = now

    def sent(self, now: float) -> None:
        if self.send_every and now - self.last_sent > self.send_every:
            self._last_late_at = now
        self.last_sent = now

    def missed(self, seconds: float, now: float) -> bool:
        """Whether within the last `seconds` we sent nothing for longer than promised."""
        if not self.send_every:
            return False
        late = self._last_late_at is not None and now - self._last_late_at <= seconds
        return late or now - self.last_sent > self.send_every

    def beat_due(self, now: float) -> bool:
        return bool(self.send_every) and now >= self.last_sent + self.send_every * EARLY

    def idle(self, now: float) -> float:
        """Seconds without a byte from the broker while we were reading."""
        return now - self._silent_since

    def overdue(self, now: float) -> float:
        """Seconds of silence if the broker is overdue, else 0.0."""
        quiet = self.idle(now)
        return quiet if self.receive_every and quiet >= self.receive_every * TOLERANCE else 0.0

    def next_due(self, listening: bool, sending: bool) -> float | None:
        """When the next timer is due, None if none is.

        Args:
            listening: Whether we are reading, so that silence counts.
            sending: Whether a heart-beat can be sent now.
        """
        due = []
        if self.send_every and sending:
            due.append(self.last_sent + self.send_every * EARLY)
        if self.receive_every and listening:
            due.append(self._silent_since + self.receive_every * TOLERANCE)
        return min(due) if due else None
