"""Heart-beats: what was agreed, when ours is due, and how long silence is borne (STOMP 1.2, "Heart-beating").

Any byte counts as a sign of life. We speak a fifth earlier than promised; the broker may be silent for twice
what it promised, and at first for three times, since one broker only begins after two intervals.
"""

from __future__ import annotations

from stomptui.config.connection import LONGEST_BEAT
from stomptui.protocol.numbers import whole_number

EARLY = 0.8
PATIENCE = 2.0
FIRST_PATIENCE = 3.0


def negotiate(ours: tuple[int, int], header: str | None) -> tuple[int, int]:
    """What both sides will do, in milliseconds: (we send every, the broker sends every); 0 is never.

    Args:
        ours: What CONNECT said.
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
    # A broker that wants beats more rarely than once a day gets them daily; what it promises so rarely tells nothing.
    sends = LONGEST_BEAT if wants is None else min(max(ours[0], wants), LONGEST_BEAT)
    hears = LONGEST_BEAT + 1 if can is None else max(ours[1], can)
    return (sends if ours[0] and wants != 0 else 0), (hears if ours[1] and can and hears <= LONGEST_BEAT else 0)


def absurd(header: str | None) -> str:
    """What is to be said of a heart-beat header whose times are longer than a day, "" if they are not."""
    numbers = [whole_number(part.strip()) for part in (header or "").split(",")]
    if all(number is not None and number <= LONGEST_BEAT for number in numbers) or not header:
        return ""
    return (
        f"the broker's heart-beat header says {_short(header)}: what is over a day is not waited for, and ours go once "
        "a day"
    )


def _short(header: str) -> str:
    return header if len(header) <= 60 else f"{header[:60]}... ({len(header):,} characters)"


class HeartbeatClock:
    """Both clocks of one connection. Times are `time.monotonic()`, intervals seconds, 0 for none."""

    def __init__(self) -> None:
        self.send_every = 0.0
        self.hear_every = 0.0
        self.last_sent = 0.0
        self.last_heard = 0.0
        self._late_at: float | None = None
        """When something went out last that was promised earlier, None for never."""
        self._quiet_since = 0.0
        self._patience = PATIENCE

    def agree(self, heart_beat: tuple[int, int], now: float) -> None:
        """Begin to keep what was agreed, in milliseconds."""
        self.send_every, self.hear_every = heart_beat[0] / 1000, heart_beat[1] / 1000
        self._quiet_since = now
        self._patience = FIRST_PATIENCE

    def heard(self, now: float) -> None:
        self.last_heard = self._quiet_since = now
        self._patience = PATIENCE

    def not_listening(self, now: float) -> None:
        """We have not read until now: silence said nothing about the other side."""
        self._quiet_since = now

    def sent(self, now: float) -> None:
        if self.send_every and now - self.last_sent > self.send_every:
            self._late_at = now
        self.last_sent = now

    def missed(self, seconds: float, now: float) -> bool:
        """Whether in the last so many seconds nothing was sent for longer than was promised."""
        if not self.send_every:
            return False
        late = self._late_at is not None and now - self._late_at <= seconds
        return late or now - self.last_sent > self.send_every

    def beat_due(self, now: float) -> bool:
        return bool(self.send_every) and now >= self.last_sent + self.send_every * EARLY

    def quiet(self, now: float) -> float:
        """Seconds since anything was heard while we listened."""
        return now - self._quiet_since

    def silence(self, now: float) -> float:
        """Seconds of a silence that is too long to be borne, else 0."""
        quiet = self.quiet(now)
        return quiet if self.hear_every and quiet >= self.hear_every * self._patience else 0.0

    def next_due(self, listening: bool, sending: bool) -> float | None:
        """When to look again at the latest, None if never.

        Args:
            listening: Whether we read, so that silence means something.
            sending: Whether a beat can be sent now.
        """
        due = []
        if self.send_every and sending:
            due.append(self.last_sent + self.send_every * EARLY)
        if self.hear_every and listening:
            due.append(self._quiet_since + self.hear_every * self._patience)
        return min(due) if due else None
