"""Pending receipts of one connection, and which of them an ERROR is about (STOMP 1.2, "ERROR" and "RECEIPT").

`receipt-id` names the frame that an ERROR is about; where a broker leaves it out (RabbitMQ always does) it is concluded
only if no other frame can be meant: just one is unanswered, or the ERROR quotes a destination that just one has, or the
RECEIPTs of SUBSCRIBEs around it, which come in order, leave just one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

LATE_ERRORS = ("ACK", "NACK", "COMMIT")
"""Commands that RabbitMQ confirms before it finds out that they fail."""
REMEMBERED = 100
"""Frames refused by an ERROR that are remembered, in case a RECEIPT comes all the same."""
NONE_GIVEN_AFTER = 5.0
"""Seconds without a RECEIPT after which a command that was never confirmed is taken for one that never is."""
NOT_GIVEN_AFTER = 15.0
"""The same where that command was confirmed before: for this one frame alone."""
LATE_WITHIN = 1.0
"""Seconds after the receipt within which such an ERROR comes."""


@dataclass
class PendingReceipt:
    """A frame sent with a `receipt` header."""

    receipt: str
    command: str
    since: float
    """`time.monotonic()` when it was sent."""
    number: int
    """Its place among all frames sent."""
    subscription: str = ""
    destination: str = ""
    refusal: str | None = None
    """The text of an ERROR about it, None while there is none."""
    transaction: str = ""
    """The transaction that it is in, or that it begins or ends."""

    @property
    def withheld(self) -> bool:
        """Whether its receipt may only come once its transaction was committed."""
        return bool(self.transaction) and self.command not in ("BEGIN", "COMMIT", "ABORT")

    def quoted_in(self, text: str) -> bool:
        """Whether a text quotes its destination, or the name at the end of that."""
        name = self.destination.rpartition("/")[2]
        return bool(name) and (f"'{self.destination}'" in text or f"'{name}'" in text)


@dataclass
class SettledReceipt:
    """What a RECEIPT answers."""

    request: PendingReceipt | None
    """The frame that asked for it, None if none did."""
    elapsed: float
    """Seconds since that frame was sent."""
    refused: PendingReceipt | None = None
    """A SUBSCRIBE that an earlier ERROR must have been about, as the order of this RECEIPT shows."""


class PendingReceipts:
    """The receipts awaited on one connection. Not thread-safe: `ServerAnswers` guards it."""

    def __init__(self) -> None:
        self._pending: dict[str, PendingReceipt] = {}
        self._refused: dict[str, PendingReceipt] = {}
        self._sent = 0
        self._last_without_receipt = 0
        self._settled = 0
        self._last: PendingReceipt | None = None
        self._last_at = 0.0
        self._error: str | None = None
        self._given: set[str] = set()
        """Commands that were confirmed."""
        self._not_given: set[str] = set()
        """Commands that are taken not to be."""
        self._overdue: dict[str, PendingReceipt] = {}
        """Receipts that are awaited no longer, and may come all the same."""

    def gives(self, command: str) -> bool:
        """Whether the server may confirm a command, as far as is known."""
        return command not in self._not_given

    def gave(self, command: str) -> bool:
        """Whether it has confirmed that command."""
        return command in self._given

    def next_deadline(self) -> float | None:
        """`time.monotonic()` when `take_overdue` has something to do next, None if nothing is awaited."""
        return min((self._deadline(each) for each in self._pending.values() if not each.withheld), default=None)

    def _deadline(self, request: PendingReceipt) -> float:
        return request.since + (NOT_GIVEN_AFTER if request.command in self._given else NONE_GIVEN_AFTER)

    def take_overdue(self, now: float, heard_since: Callable[[float], bool]) -> list[PendingReceipt]:
        """Wait no longer for receipts whose deadline has passed; a command that was never confirmed is learnt.

        Args:
            now: `time.monotonic()`.
            heard_since: Returns whether the server has shown since then that it is there.
        """
        taken = [
            each
            for each in self._pending.values()
            if not each.withheld and now >= self._deadline(each) and heard_since(each.since)
        ]
        for request in taken:
            del self._pending[request.receipt]
            self._overdue[request.receipt] = request
            # An ERROR that names no frame may be about it.
            self._last_without_receipt = max(self._last_without_receipt, request.number)
            if request.command not in self._given:
                self._not_given.add(request.command)
        while len(self._overdue) > REMEMBERED:
            self._overdue.pop(next(iter(self._overdue)))
        return taken

    def __contains__(self, receipt: str) -> bool:
        return receipt in self._pending

    def sent(
        self, command: str, receipt: str = "", subscription: str = "", destination: str = "", transaction: str = ""
    ) -> None:
        """Note a frame that was sent, with a receipt or without."""
        self._sent += 1
        if receipt:
            self._pending[receipt] = PendingReceipt(
                receipt, command, time.monotonic(), self._sent, subscription, destination, transaction=transaction
            )
        elif command != "CONNECT":
            self._last_without_receipt = self._sent

    def unconfirmed(self) -> tuple[str, ...]:
        """Receipts that have not come, in the order they were asked for."""
        return tuple(self._pending)

    def oldest_since(self) -> float | None:
        """`time.monotonic()` when the oldest of them was asked for that is not withheld, None without one."""
        return next((request.since for request in self._pending.values() if not request.withheld), None)

    def receipt(self, receipt: str) -> SettledReceipt:
        """Settle a RECEIPT; the `refusal` of its frame is set if an ERROR was about it."""
        now = time.monotonic()
        error, self._error = self._error, None
        request = self._pending.pop(receipt, None)
        if request is None:
            request = self._overdue.pop(receipt, None)
        if request is not None:
            self._given.add(request.command)
            self._not_given.discard(request.command)
        else:
            request = self._refused.pop(receipt, None)
            return SettledReceipt(request, now - request.since if request else 0.0)
        self._end_transaction(request, now)
        refused = self._refused_before(request, error) if error and request.command == "SUBSCRIBE" else None
        self._settled = max(self._settled, request.number)
        self._last, self._last_at = request, now
        return SettledReceipt(request, now - request.since, refused)

    def _end_transaction(self, request: PendingReceipt, now: float) -> None:
        """What was withheld until a COMMIT comes from now on; after an ABORT it never does."""
        if request.command not in ("COMMIT", "ABORT"):
            return
        for other in [each for each in self._pending.values() if each.transaction == request.transaction]:
            other.transaction = ""
            if request.command == "ABORT":
                del self._pending[other.receipt]
            else:
                other.since = now

    def _refused_before(self, request: PendingReceipt, error: str) -> PendingReceipt | None:
        """The SUBSCRIBE that an ERROR just before the RECEIPT of `request`, a SUBSCRIBE too, was about.

        RabbitMQ answers a SUBSCRIBE that fails in the queue with ERROR and RECEIPT, one that fails earlier with
        ERROR alone; in either case before it looks at the next frame.
        """
        earlier = [other for other in self._pending.values() if other.number < request.number]
        if not earlier and not self._settled < self._last_without_receipt < request.number:
            request.refusal = error
            return None
        if len(earlier) == 1 and earlier[0].command == "SUBSCRIBE":
            return self._refuse(earlier[0], error)
        return None

    def error(self, text: str, receipt: str | None) -> PendingReceipt | None:
        """The frame that an ERROR is about, None unless the broker names it or no other can be meant.

        Args:
            text: Message and body of the ERROR.
            receipt: Its `receipt-id`, None without one.
        """
        self._error = None
        if receipt is not None:
            request = self._pending.get(receipt) or self._overdue.pop(receipt, None)
        else:
            request = self._only_candidate() or self._quoted_in(text)
            if request is None:
                self._error = text
        return None if request is None else self._refuse(request, text)

    def _refuse(self, request: PendingReceipt, text: str) -> PendingReceipt:
        request.refusal = text
        if self._pending.pop(request.receipt, None) is not None:
            self._refused[request.receipt] = request
            while len(self._refused) > REMEMBERED:
                self._refused.pop(next(iter(self._refused)))
        return request

    def _only_candidate(self) -> PendingReceipt | None:
        """The only frame that an ERROR without receipt-id can be about; None if there are several."""
        if self._last_without_receipt > self._settled:
            return None
        if len(self._pending) == 1:
            return next(iter(self._pending.values()))
        last = self._last
        if (
            not self._pending
            and last
            and last.command in LATE_ERRORS
            and time.monotonic() - self._last_at < LATE_WITHIN
        ):
            self._last = None
            return last
        return None

    def _quoted_in(self, text: str) -> PendingReceipt | None:
        """The only frame whose destination the text quotes."""
        quoted = [request for request in self._pending.values() if request.quoted_in(text)]
        return quoted[0] if len(quoted) == 1 else None
