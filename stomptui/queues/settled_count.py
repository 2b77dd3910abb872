"""Counting a queue that delivers to us, so that what is on its way is told apart from what other consumers have."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.queues.depths import SLOW, Count


class SettledCount:
    """The last count of a queue after which nothing came for a while.

    A broker counts a delivery that is still on its way to us as unacknowledged, like those of other consumers. So what
    a count says of messages that did not come is known only once there was a silence after it: by then all that was on
    its way has come.

    Args:
        count: Asks the broker how many messages are in the queue; None where it does not tell.
    """

    def __init__(self, count: Callable[[], Count | None]) -> None:
        self.settled: Count | None = None
        """What was counted before the last silence; None if something came since, or nothing was counted."""
        self._ask = count
        self._last: Count | None = None
        """What was counted last, unless it may be older than what came."""
        self._came = 0
        """Messages that had come by then."""

    def take(self, came: int, silence: float) -> Count | None:
        """Count after a silence; returns what is counted now.

        Args:
            came: Messages that came so far.
            silence: Seconds since the last one of them.
        """
        self.settled = self._last if came == self._came else None
        counted = self._ask()
        known = counted is not None and (not counted.late or silence >= SLOW)
        self._last, self._came = counted if known else None, came
        return counted
