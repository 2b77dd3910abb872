"""Many SEND frames in a row, whose receipts are counted together rather than reported one by one.

An object, an event and a wake-up for each frame and each receipt would cost many times what the frame costs.
"""

from __future__ import annotations

import re
import threading
from array import array
from collections.abc import Callable, Sequence
from time import monotonic

from stomptui.protocol.marker import Batch

_RECEIPT = b"RECEIPT\nreceipt-id:"
_RECEIPT_ID = re.compile(rb"RECEIPT\nreceipt-id:(\d+)\n\n\0")
_AROUND = len(_RECEIPT) + 3
"""Bytes of a RECEIPT beside its id, if it has no other header."""
_RECEIPTS = re.compile(rb"(?:%b\n*)+" % _RECEIPT_ID.pattern)


class BulkSends:
    """What became of the frames of one series on one session.

    The session's thread counts what the broker answers; another one adds what it sends. `wake` is called in the
    session's thread when enough was answered to go on, and when the session is over.

    Args:
        number: Names the series in events and in the journal; no session has the same.
        wake: Called without a lock; must not block.
    """

    def __init__(self, number: int, wake: Callable[[], None]) -> None:
        self.number = number
        self.sent = 0
        """Frames put into the send queue."""
        self.confirmed = 0
        self.refused = 0
        self.refusals: dict[str, int] = {}
        """Texts of the ERRORs that refused one, with how often."""
        self.said = ""
        """The text of the first ERROR that does not say which frame it is about."""
        self.unnamed = 0
        """Such ERRORs that no frame but these can be meant by."""
        self.elapsed = array("d")
        """Seconds until the receipt came, of each frame that was confirmed, in the order they came."""
        self.answered_at = 0.0
        """`time.monotonic()` of the last answer, 0.0 before the first."""
        self.over: str | None = None
        """Why the session ended; None while it has not."""
        self.wake_at = 0
        """`wake` is called once no more frames than this are unanswered."""
        self._wake = wake
        self._pending: dict[bytes, float] = {}
        self._late: dict[bytes, float] = {}
        """Those nobody counts any more: a series before this one gave them up."""
        self._lock = threading.Lock()
        self._closed = False

    @property
    def waiting(self) -> int:
        """Frames that the broker has not answered."""
        return len(self._pending)

    def follow(self, earlier: BulkSends) -> None:
        """Take over the receipts that an earlier series no longer waits for."""
        self._late = {**earlier._late, **earlier._pending}

    def oldest_since(self) -> float | None:
        """`time.monotonic()` when the oldest unanswered frame was sent, None without one."""
        with self._lock:
            return None if self._closed else next(iter(self._pending.values()), None)

    def add(self, count: int, receipts: Sequence[bytes], at: float) -> None:
        """So many frames are sent, from `at` on (`monotonic`), and ask for these receipts, if the broker gives any."""
        with self._lock:
            self.sent += count
            self._pending.update(dict.fromkeys(receipts, at))

    def close(self) -> None:
        """Count nothing more: what comes from now on is too late."""
        with self._lock:
            self._closed = True

    # In the session's thread

    def takes_read(self, data: bytes) -> int:
        """Count RECEIPT frames if there is nothing else in it and each answers another one of these.

        Returns:
            How many there are; 0 if nothing was counted.
        """
        receipts = _RECEIPT_ID.findall(data)
        # Most often nothing is between them, and then the lengths say so.
        if len(data) != len(receipts) * _AROUND + sum(map(len, receipts)) and not _RECEIPTS.fullmatch(data):
            return 0
        with self._lock:
            pending = self._pending
            if self._closed or not all(map(pending.__contains__, receipts)) or len(set(receipts)) < len(receipts):
                return 0
            now = self.answered_at = monotonic()
            self.confirmed += len(receipts)
            self.elapsed.extend([now - pending.pop(receipt) for receipt in receipts])
        return len(receipts)

    def takes(self, raw: bytes) -> bool:
        """Count a RECEIPT frame if it answers one of these; False for every other frame."""
        return raw.startswith(_RECEIPT) and self._settle(raw[len(_RECEIPT) : raw.find(b"\n", len(_RECEIPT))])

    def takes_receipt(self, receipt: str) -> bool:
        """The same by its `receipt-id`."""
        return self._settle(receipt.encode("utf-8", "surrogateescape"))

    def _settle(self, receipt: bytes) -> bool:
        with self._lock:
            since = self._pending.pop(receipt, None)
            if since is None:
                return self._late.pop(receipt, None) is not None
            if not self._closed:
                self.answered_at = monotonic()
                self.confirmed += 1
                self.elapsed.append(self.answered_at - since)
            return True

    def error(self, receipt: str | None, text: str, alone: bool) -> None:
        """An ERROR came.

        Args:
            receipt: Its `receipt-id`, None without one.
            text: What it says.
            alone: Whether no frame but these can be meant.
        """
        with self._lock:
            if self._closed or not (receipt is not None or self._pending):
                return
            named = receipt.encode("utf-8", "surrogateescape") if receipt is not None else b""
            if receipt is None and alone and len(self._pending) == 1:
                named = next(iter(self._pending))
            if self._pending.pop(named, None) is not None:
                self.answered_at = monotonic()
                self.refused += 1
                self.refusals[text] = self.refusals.get(text, 0) + 1
            elif receipt is None:
                self.said = self.said or text
                self.unnamed += alone
        self._wake()

    def delivered(self) -> None:
        """All frames of one read were looked at."""
        if len(self._pending) <= self.wake_at:
            self._wake()

    def lost(self, reason: str) -> None:
        """The session is over."""
        self.over = reason
        self._wake()


def receipts_in(data: bytes) -> Batch:
    """The RECEIPT frames in what `takes_read` took."""
    marks = array("I")
    for found in _RECEIPT_ID.finditer(data):
        marks.extend((found.start(), found.end() - 1))
    return Batch(data, marks, {}, tuple(range(len(marks) // 2)))


def batch_of(frames: Sequence[bytes]) -> Batch:
    """Encoded frames, each with its NUL, as they go over the wire."""
    marks, end = array("I"), 0
    for frame in frames:
        marks.extend((end, end + len(frame) - 1))
        end += len(frame)
    return Batch(b"".join(frames), marks)
