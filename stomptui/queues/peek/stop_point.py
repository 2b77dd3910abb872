"""Where a peek at all of a queue ends while messages keep coming: at what was in it when it began."""

from __future__ import annotations

import time
from collections.abc import Callable

from stomptui.queues.depths import SLOW, Count

SETTLED = 2.0
"""Seconds after which the broker is asked how many there are: most peeks have ended by then."""
LONG = 30.0
"""Seconds after which a peek ends where the broker does not count and messages come no faster than people send them."""
WINDOW = 5.0
"""Seconds over which it is seen how fast they come."""
FAST = 5_000
"""Messages in that time that come out of a queue, and not from somebody who sends at this moment."""
FAST_BYTES = 5 << 20
"""The same for their bytes."""


class PeekFlow:
    """What comes in one peek.

    What the broker counts as unacknowledged is at other consumers or on its way to us: it can have begun to deliver all
    of a large queue. So the peek ends at the whole count, unless little comes for a while after it, up to a RECEIPT
    that is asked for then: what has not come by that time is at other consumers.

    Args:
        count: Asks the broker how many messages are in the queue.
        ping: Asks the broker for a RECEIPT that comes after all that it has sent before; returns the id of the receipt,
            None where no frame is known to do no harm.
    """

    def __init__(self, count: Callable[[], Count | None], ping: Callable[[], str | None]) -> None:
        self.reached = False
        """Whether the peek ended because all that was there is shown."""
        self.flowing = False
        """Whether it ended because messages kept coming, and nobody knows how many there were."""
        self.others: int | None = None
        """Messages that are unacknowledged at other consumers, None while that is not known."""
        self._count = count
        self._ping = ping
        self._began = time.monotonic()
        self._ask_at = SETTLED
        """Seconds after the beginning from which on the broker is to be asked."""
        self._total: int | None = None
        """Messages that were there when it was first counted."""
        self._counted: Count | None = None
        """What was counted last."""
        self._then = (0.0, 0, 0)
        """Seconds after the beginning at which that was, and how many messages and bytes had come."""
        self._receipt: str | None = None
        """The receipt that was asked for after that."""
        self._seen = (0.0, 0, 0)
        """When the window began in which messages are counted, and what had come by then."""

    def ends(self, shown: int, size: int) -> bool:
        """Whether a peek ends that has shown so many messages, of so many bytes in all. Raises `ClientError`."""
        passed = self._passed
        if self.others is None and self._receipt is None and passed >= self._ask_at:
            self._ask(passed, shown, size)
        self.reached = self._total is not None and shown >= max(1, self._total - (self.others or 0))
        self.flowing = self._is_slow(passed, shown, size)
        return self.reached or self.flowing

    def receipt_came(self, receipt: str, shown: int, size: int) -> None:
        """The broker sent a RECEIPT after so many messages."""
        if receipt != self._receipt or self._counted is None:
            return
        if _few(self._then, (self._passed, shown, size)):
            self.others = max(0, (self._counted.unacked or 0) - shown)
        else:
            self._counted = self._receipt = None

    @property
    def _passed(self) -> float:
        return time.monotonic() - self._began

    def _ask(self, passed: float, shown: int, size: int) -> None:
        if self._counted is not None:
            self._receipt = self._ping()
            self._ask_at = float("inf") if self._receipt is None else passed
            return
        counted = self._count()
        if counted is None:
            self._ask_at = float("inf")
        elif counted.late and passed < SLOW:
            # What it counts may be older than the peek.
            self._ask_at = SLOW
        else:
            self._total = counted.total if self._total is None else self._total
            self._counted, self._then, self._ask_at = counted, (passed, shown, size), passed + WINDOW

    def _is_slow(self, passed: float, shown: int, size: int) -> bool:
        """Whether nobody counts, it has been going on for long, and no more comes than somebody may be sending."""
        if passed - self._seen[0] < WINDOW:
            return False
        before, self._seen = self._seen, (passed, shown, size)
        return self._total is None and passed >= LONG and _few(before, self._seen)


def _few(before: tuple[float, int, int], now: tuple[float, int, int]) -> bool:
    """Whether no more came between two times than somebody may be sending: (seconds, messages, bytes) of each."""
    windows = (now[0] - before[0]) / WINDOW
    return now[1] - before[1] < FAST * windows and now[2] - before[2] < FAST_BYTES * windows
