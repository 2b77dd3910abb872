"""What a series sends and what confirms it, reported together some times a second.

With a small window each frame and each receipt comes alone; an event for each would take longer than the rest, and
just where the next frame waits to be sent.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable

from stomptui.connection.bulk_sends import receipts_in
from stomptui.connection.events import SeriesFrames, Stretch
from stomptui.protocol.marker import Batch

EVERY = 0.03
"""Seconds for which frames are gathered."""
MANY = 1_000
"""Frames that are not gathered any longer."""


class BulkReport:
    """Gathers the frames of one session's series, in the order of the wire; a timer of its I/O loop reports them.

    `sent` and `flush` may be called from any thread, all else in the session's.

    Args:
        session: The number of the session.
        report: Takes the event; called under a lock.
        clean: Masks in RECEIPT frames what a server repeats of secrets.
    """

    def __init__(self, session: int, report: Callable[[SeriesFrames], None], clean: Callable[[Batch], Batch]) -> None:
        self._session = session
        self._report = report
        self._clean = clean
        self._lock = threading.Lock()
        self._gathered: list[tuple[Batch | bytes, float]] = []
        """What was sent, or the bytes of what was received, and when."""
        self._series = self._frames = 0
        self._since = 0.0

    def sent(self, batch: Batch, series: int) -> None:
        """Frames of a series are put into the send queue."""
        if series != self._series:
            self.flush()
        with self._lock:
            self._series = series
            self._gather(batch, len(batch))

    def received(self, data: bytes, count: int) -> None:
        """So many RECEIPT frames came that confirm some of them."""
        with self._lock:
            self._gather(data, count)

    def _gather(self, frames: Batch | bytes, count: int) -> None:
        if not self._gathered:
            self._since = time.monotonic()
        self._gathered.append((frames, time.time()))
        self._frames += count

    def flush(self) -> None:
        """Report what was gathered, before something else is reported that comes after it."""
        if not self._gathered:
            return
        with self._lock:
            gathered, self._gathered, self._frames = self._gathered, [], 0
            if gathered:
                self._report(self._joined(gathered))

    def _joined(self, gathered: list[tuple[Batch | bytes, float]]) -> SeriesFrames:
        stretches: list[Stretch] = []
        parts: list[bytes] = []
        marks = array("I")
        place = sent = 0
        for frames, when in gathered:
            is_sent = isinstance(frames, Batch)
            batch = frames if isinstance(frames, Batch) else self._clean(receipts_in(frames))
            stretches.append(Stretch(len(marks) // 2, when, is_sent))
            parts.append(batch.data)
            marks.extend([mark + place for mark in batch.marks])
            place += len(batch.data)
            if is_sent:
                sent += len(batch)
        joined = Batch(b"".join(parts), marks)
        return SeriesFrames(self._session, gathered[0][1], joined, tuple(stretches), self._series, sent)

    # As a timer of the I/O loop

    def due(self, listening: bool) -> float | None:
        return self._since + EVERY if self._gathered else None

    def check(self, now: float, listening: bool, quiet: bool) -> None:
        if self._gathered and (now >= self._since + EVERY or self._frames >= MANY):
            self.flush()
