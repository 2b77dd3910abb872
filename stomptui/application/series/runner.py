"""Sends a series on a session, in a thread of its own: a window of unanswered frames, a rate, an exact end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from stomptui.application.series.figures import Figures, ReceiptTimes
from stomptui.application.series.messages import Messages
from stomptui.connection.bulk_sends import BulkSends
from stomptui.connection.errors import NotConnected, SendQueueFull, SessionError
from stomptui.connection.session import Session
from stomptui.connection.stomp_log import defect

BURST = 200
"""Frames sent at once at most: between two bursts other threads have their turn."""
LEISURE = 0.02
"""Seconds between two bursts at least where a rate is asked for."""
UNREAD = 1 << 20
"""Bytes that may wait in the send queue where the broker confirms nothing."""
PATIENCE = 30.0
"""Seconds without an answer after which the rest counts as unconfirmed, once all has been sent."""
AFTER_STOP = 2.0
"""The same once it was stopped."""
RECENT = 2_000
"""Receipts that the figures tell of while it goes on."""


class SeriesRunner:
    """Sends one series; every frame is sent once, and never again.

    Args:
        session: The session to send on; the series ends with it.
        messages: The frames.
        total: How many there are, None if that is not known.
        rate: Messages a second at most, None for as fast as it goes.
        window: Frames that may be unanswered.
        ended: Called in the thread of the series once it has ended.
    """

    def __init__(
        self,
        session: Session,
        messages: Messages,
        total: int | None,
        rate: float | None,
        window: int,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._session = session
        self._messages = messages
        self._total = total
        self._rate = rate
        self._window = window
        self._ended = ended
        self._news = threading.Event()
        self._stopping = self._giving_up = False
        self._why = ""
        self._first = self._last = 0.0
        self._due = 0.0
        self._figures: Figures | None = None
        self.bulk: BulkSends = session.begin_bulk(self._news.set)
        self.bulk.wake_at = window - min(BURST, max(1, window // 2))
        self._thread = threading.Thread(target=self._run, name="stomptui-series", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more, and wait a moment for what was sent; called again, wait no longer."""
        self._giving_up, self._stopping = self._stopping, True
        self._news.set()

    def join(self, timeout: float) -> bool:
        """Wait until it has ended; False if it has not. Not for the event loop's thread."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def over(self) -> bool:
        return self._figures is not None

    @property
    def figures(self) -> Figures:
        """How far it is; from any thread."""
        if self._figures is not None:
            return self._figures
        bulk = self.bulk
        confirmed, refused = bulk.confirmed, bulk.refused
        return Figures(
            self._total,
            bulk.sent,
            confirmed,
            refused,
            self._seconds,
            ReceiptTimes.of(bulk.elapsed[-RECENT:]),
        )

    @property
    def _seconds(self) -> float:
        return max(self._last, self.bulk.answered_at) - self._first if self._first else 0.0

    # In its thread

    def _run(self) -> None:
        try:
            self._send_all()
            self._await_rest()
        except (SessionError, ValueError, OSError) as error:
            self._why = str(error)
            self._await_rest()
        except Exception as error:  # a defect of ours must not leave a series without an end
            self._why = defect(error, "a series failed in an unexpected way")
        finally:
            self._conclude()

    def _send_all(self) -> None:
        session, bulk, confirms = self._session, self.bulk, self._session.dialect.confirms
        self._due = time.monotonic()
        while bulk.over is None:
            if self._stopping:
                self._why = "stopped"
                return
            if bulk.unnamed:
                return
            self._news.clear()
            room = self._room(confirms)
            if room <= 0:
                self._news.wait(self._pause(confirms))
                continue
            first = session.next_receipts(room) if confirms else 0
            receipts = [b"%d" % number for number in range(first, first + room)] if confirms else []
            frames = self._messages.take(receipts, room)
            if not frames:
                return
            self._send(frames, receipts[: len(frames)])
            if self._rate is not None:
                self._due += len(frames) / self._rate

    def _send(self, frames: list[bytes], receipts: list[bytes]) -> None:
        """Send them as soon as there is space in the send queue."""
        self._first = self._first or time.monotonic()
        while True:
            try:
                self._session.send_bulk(self.bulk, frames, receipts)
            except SendQueueFull:
                if self._stopping or self.bulk.over is not None:
                    raise
                self._news.clear()
                self._news.wait(0.05)
                continue
            except NotConnected:
                # A moment later it is known why.
                self._session.join(1.0)
                raise
            self._last = time.monotonic()
            return

    def _room(self, confirms: bool) -> int:
        """How many frames may be sent now."""
        room = self._window - self.bulk.waiting if confirms else BURST
        if confirms and self._rate is None and self.bulk.waiting > self.bulk.wake_at:
            # A few large bursts cost less than many small ones.
            return 0
        if not confirms and self._session.unsent > UNREAD:
            return 0
        if self._rate is not None:
            # What a standstill kept back is not made up for: a rate is a promise to whoever reads.
            now = time.monotonic()
            self._due = max(self._due, now - max(1 / self._rate, LEISURE))
            room = min(room, int((now - self._due) * self._rate) + 1 if now >= self._due else 0)
        return min(room, BURST)

    def _pause(self, confirms: bool) -> float | None:
        """Seconds after which there may be room though nothing was answered."""
        if self._rate is not None and (not confirms or self.bulk.waiting < self._window):
            return max(self._due - time.monotonic(), min(LEISURE, 1 / self._rate), 0.001)
        return None if confirms else 0.01

    def _await_rest(self) -> None:
        """Wait for the receipts of what was sent."""
        bulk = self.bulk
        bulk.wake_at = 0
        answered, since = -1, time.monotonic()
        while bulk.waiting and bulk.over is None and not self._giving_up:
            if bulk.confirmed + bulk.refused != answered:
                answered, since = bulk.confirmed + bulk.refused, time.monotonic()
            if time.monotonic() - since > (AFTER_STOP if self._stopping or bulk.unnamed else PATIENCE):
                break
            self._news.clear()
            if bulk.waiting and bulk.over is None and not self._giving_up:
                self._news.wait(0.1)

    def _conclude(self) -> None:
        bulk = self.bulk
        bulk.close()
        ended = self._why
        if bulk.over is not None and (bulk.waiting or bulk.sent != self._total):
            ended = bulk.over
        elif not ended and bulk.waiting and not bulk.unnamed:
            ended = f"the broker did not answer within {PATIENCE:.0f} s"
        if bulk.said:
            ended = f"{ended}; the broker said: {bulk.said}" if ended else f"the broker said: {bulk.said}"
        self._figures = Figures(
            self._total,
            bulk.sent,
            bulk.confirmed,
            bulk.refused,
            self._seconds,
            ReceiptTimes.of(bulk.elapsed),
            True,
            ended,
            dict(bulk.refusals),
            bulk.unnamed,
        )
        self._ended()
