"""Whether figures say that we read more slowly than the server sends, where it ends a session without a word."""

from __future__ import annotations

from stomptui.connection.ending import WATCHED

LONG = 1.0
"""Seconds without reading that are worth telling; a pause for breath is shorter."""


class ReadingPace:
    """Of one session. Times are `time.monotonic()`; for the thread that reads."""

    def __init__(self) -> None:
        self._paused_at: float | None = None
        self._pause = 0.0
        """Seconds of the last long pause."""
        self._resumed_at = 0.0
        self._read_before = 0
        self._dropped = 0
        self._dropped_at = 0.0

    def may_read(self, may: bool, now: float, bytes_in: int) -> None:
        """Note whether there is room for what is read.

        Args:
            may: Whether there is.
            now: The time.
            bytes_in: Bytes read so far.
        """
        if not may:
            if self._paused_at is None:
                self._paused_at = now
        elif self._paused_at is not None:
            if now - self._paused_at >= LONG:
                self._pause, self._resumed_at, self._read_before = now - self._paused_at, now, bytes_in
            self._paused_at = None

    def dropped(self, count: int, now: float) -> None:
        """Note messages that came and were dropped, since nothing took them."""
        if count:
            # Those of an earlier flood have not brought about an end that comes now.
            self._dropped = count + (self._dropped if now - self._dropped_at <= WATCHED else 0)
            self._dropped_at = now

    def told(self, now: float, bytes_in: int) -> str:
        """What says that a session that ends now may have been too slow, in words; "" if nothing does."""
        found = []
        if self._pause and now - self._resumed_at <= WATCHED:
            waited = bytes_in - self._read_before
            more = f", and {waited:,} bytes had come meanwhile" if waited else ""
            found.append(f"nothing was read for {self._pause:.0f} s{more}")
        if self._dropped and now - self._dropped_at <= WATCHED:
            many = "1 message was" if self._dropped == 1 else f"{self._dropped:,} messages were"
            found.append(f"{many} dropped that came faster than they are taken")
        return f"we may have read too slowly: {'; '.join(found)}" if found else ""
