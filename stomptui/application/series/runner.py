"""Sends a series on a session: a window of unanswered frames, a rate, an exact end.

It has a thread of its own. Frames that are ready are sent by the session's thread as well, right when the receipts that
make room for them were read: with a small window, handing over to another thread takes longer than all the rest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from stomptui.application.series.figures import Figures, ReceiptTimes
from stomptui.application.series.messages import Messages
from stomptui.connection.bulk_sends import BulkSends, batch_of
from stomptui.connection.errors import NotConnected, SendQueueFull, SessionError
from stomptui.connection.program_log import defect
from stomptui.connection.session import Session
from stomptui.protocol.marker import Batch

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
        destination: Where it goes, as far as is known before the first message; receipts depend on it.
    """

    def __init__(
        self,
        session: Session,
        messages: Messages,
        total: int | None,
        rate: float | None,
        window: int,
        ended: Callable[[], None] = lambda: None,
        destination: str = "",
    ) -> None:
        self._session = session
        self._confirms = session.gives_receipt(destination)
        self._messages = messages
        self._total = total
        self._rate = rate
        self._window = window
        self._ended = ended
        self._news = threading.Event()
        self._stopping = self._giving_up = False
        self._stopped_at = 0.0
        self._why = ""
        self._first = self._last = 0.0
        self._due = 0.0
        self._figures: Figures | None = None
        self._turn = threading.Lock()
        """Held by the thread that takes frames and sends them."""
        self._sending = False
        """Whether the session's thread may send."""
        self._failed: Exception | None = None
        """Why the session's thread could not send."""
        self._taken: tuple[Batch, list[bytes]] | None = None
        """Frames that were taken, with their receipts, for which the send queue had no space."""
        self._ahead: tuple[Batch, list[bytes]] | None = None
        """Frames that were taken before there was room for them; no more than what makes the session wake us."""
        self.bulk: BulkSends = session.begin_bulk(self._answered)
        self.bulk.wake_at = window - min(BURST, max(1, window // 2))
        self._thread = threading.Thread(target=self._run, name="stomptui-series", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more, and wait a moment for what was sent; called again, wait no longer."""
        self._giving_up, self._stopping = self._stopping, True
        self._stopped_at = self._stopped_at or time.monotonic()
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

    # In the session's thread

    def _answered(self) -> None:
        """Enough was answered to go on, or the session is over."""
        if not (self._sending and self._turn.acquire(blocking=False)):
            self._news.set()
            return
        try:
            bulk = self.bulk
            if self._sending and bulk.over is None and not (bulk.unnamed or self._stopping) and self._burst(True):
                return
        except SendQueueFull:
            pass  # the thread of the series tries again
        except Exception as error:  # whatever it is, the thread of the series tells it
            self._failed = error
        finally:
            self._turn.release()
        self._news.set()

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
        bulk = self.bulk
        self._due = time.monotonic()
        self._sending = self._messages.ready and self._rate is None and self._confirms
        try:
            while bulk.over is None and not bulk.unnamed:
                if self._stopping:
                    self._why = "stopped"
                    return
                self._news.clear()
                with self._turn:
                    if self._failed is not None:
                        raise self._failed
                    if not self._burst_if_room():
                        return
                self._news.wait(self._pause())
        finally:
            self._sending = False
            # The session's thread may be at it.
            with self._turn:
                pass

    def _burst_if_room(self) -> bool:
        """As `_burst`, and over again while there is room; whoever waits for the send queue waits longer."""
        try:
            while self._room() > 0:
                if not self._burst():
                    return False
                if self._stopping or self.bulk.over is not None:
                    break
        except SendQueueFull:
            if self._stopping or self.bulk.over is not None:
                raise
        except NotConnected:
            # A moment later it is known why.
            self._session.join(1.0)
            raise
        return True

    def _take(self, count: int) -> tuple[Batch, list[bytes]] | None:
        """The next frames, and the receipts that they ask for; None if there are no more."""
        first = self._session.next_receipts(count) if self._confirms else 0
        receipts = [b"%d" % number for number in range(first, first + count)] if self._confirms else []
        frames = self._messages.take(receipts, count)
        return (batch_of(frames), receipts[: len(frames)]) if frames else None

    def _burst(self, ahead_of_receipts: bool = False) -> bool:
        """Send what there is room for; False once there is nothing more to send. Whoever calls it has the turn.

        Args:
            ahead_of_receipts: Whether to make ready what is sent next, while the broker works at this.

        Raises:
            SendQueueFull: What was taken is sent the next time.
        """
        taken = self._taken
        if taken is None:
            room = self._room()
            if room <= 0:
                return True
            ahead, self._ahead = self._ahead, None
            taken = ahead if ahead is not None else self._take(room)
            if taken is None:
                return False
            self._taken = taken
        self._first = self._first or time.monotonic()
        frames, receipts = taken
        self._session.send_bulk(self.bulk, frames, receipts)
        self._taken = None
        self._last = time.monotonic()
        if ahead_of_receipts:
            self._ahead = self._take(self._window - self.bulk.wake_at)
        if self._rate is not None:
            self._due += len(frames) / self._rate
        return True

    def _room(self) -> int:
        """How many frames may be sent now."""
        if not self._confirms:
            # Nobody says when there is room again, so the socket does.
            room = BURST if self._session.unsent <= UNREAD else 0
        elif self._rate is None and self.bulk.waiting > self.bulk.wake_at:
            # A few large bursts cost less than many small ones.
            return 0
        else:
            room = self._window - self.bulk.waiting
        if self._rate is not None:
            # What a standstill kept back is not made up for: a rate is a promise to whoever reads.
            now = time.monotonic()
            self._due = max(self._due, now - max(1 / self._rate, LEISURE))
            room = min(room, int((now - self._due) * self._rate) + 1 if now >= self._due else 0)
        return min(room, BURST)

    def _pause(self) -> float | None:
        """Seconds after which there may be room though nothing was answered."""
        confirms = self._confirms
        if self._taken is not None:
            return 0.05
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
            since = max(since, self._stopped_at)
            if time.monotonic() - since > (AFTER_STOP if self._stopping or bulk.unnamed else PATIENCE):
                break
            self._news.clear()
            if bulk.waiting and bulk.over is None and not self._giving_up:
                self._news.wait(0.1)

    def _conclude(self) -> None:
        bulk = self.bulk
        self._session.end_bulk(bulk)
        ended = self._why
        if bulk.over is not None and (bulk.waiting or bulk.sent != self._total):
            ended = bulk.over
        elif not ended and bulk.waiting and not bulk.unnamed:
            stopped = "stopped before all receipts came"
            ended = stopped if self._stopping else f"the broker did not answer within {PATIENCE:.0f} s"
        elif not ended and not bulk.unnamed and bulk.sent < (1 if self._total is None else self._total):
            lines = "1 line" if bulk.sent == 1 else f"{bulk.sent:,} lines" if bulk.sent else "no line"
            ended = f"the file has {lines}, no more" if bulk.sent else f"the file has {lines}"
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
