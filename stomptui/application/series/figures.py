"""The figures of a series, and how they read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from stomptui.protocol.durations import round_trip

PLOT = 40
"""Values of the plot of receipt times."""


@dataclass(frozen=True)
class ReceiptTimes:
    """Seconds until receipts came."""

    half: float
    """Of the quicker half the slowest."""
    most: float
    """The slowest but for one in a hundred."""
    slowest: float
    plot: tuple[float, ...] = ()
    """The slowest of each part of the series, in order."""

    @classmethod
    def of(cls, elapsed: Sequence[float]) -> ReceiptTimes | None:
        """Of these receipts, in the order they came; None without one."""
        count = len(elapsed)
        if not count:
            return None
        ordered = sorted(elapsed)
        parts = min(PLOT, count)
        edges = [count * part // parts for part in range(parts + 1)]
        plot = tuple(max(elapsed[begin:end]) for begin, end in pairwise(edges))
        return cls(ordered[(count - 1) // 2], ordered[(count - 1) * 99 // 100], ordered[-1], plot)

    @property
    def text(self) -> str:
        return f"receipts: p50 {round_trip(self.half)}, p99 {round_trip(self.most)}, slowest {round_trip(self.slowest)}"


@dataclass(frozen=True)
class Figures:
    """How far a series is, or how it ended: every message sent is confirmed, refused or unconfirmed."""

    total: int | None
    """Messages there are to send; None while that is not known."""
    sent: int = 0
    confirmed: int = 0
    refused: int = 0
    seconds: float = 0.0
    """From the first message sent to the last one, or to the last answer where one came later."""
    times: ReceiptTimes | None = None
    over: bool = False
    ended: str = ""
    """Why it ended before all was sent and confirmed, "" if it did not."""
    refusals: dict[str, int] = field(default_factory=dict)
    """What the broker said of those refused, with how often."""
    unnamed: int = 0
    """ERRORs that do not say which message they are about."""

    @property
    def unconfirmed(self) -> int:
        """Sent, and not answered: while it goes on they are awaited, afterwards whether they arrived is not known."""
        return self.sent - self.confirmed - self.refused

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.sent / self.seconds if self.seconds > 0 else 0.0

    @property
    def whole(self) -> bool:
        """Whether all was sent and confirmed."""
        return self.over and not self.ended and self.confirmed == self.sent

    @property
    def summary(self) -> str:
        """What became of all of it, in a line."""
        not_sent = self.total - self.sent if self.over and self.total is not None else 0
        parts = [f"{self.sent:,} sent", f"{self.confirmed:,} confirmed", f"{self.refused:,} refused"]
        parts.append(f"{self.unconfirmed:,} {'unconfirmed' if self.over else 'awaited'}")
        if not_sent > 0:
            parts.append(f"{not_sent:,} not sent")
        return ", ".join(parts)

    @property
    def rate_text(self) -> str:
        """How fast it was sent."""
        return f"{self.rate:,.0f} a second" if self.rate >= 10 else f"{self.rate:.1f} a second"
