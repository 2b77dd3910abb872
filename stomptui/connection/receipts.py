"""Receipts asked for and not answered yet, and which of them an ERROR is about.

A broker says in `receipt-id` which frame an ERROR is about, or it does not (RabbitMQ never does). Then it is only
concluded where nothing else can be meant: one frame alone is unanswered, or the ERROR quotes what one alone names,
or the RECEIPTs of subscriptions around it, which come in order, leave only one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

LATE_ERRORS = ("ACK", "NACK", "COMMIT")
"""RabbitMQ confirms these before it finds out that they fail."""
REMEMBERED = 100
"""Frames refused by an ERROR that are remembered, for a RECEIPT that comes all the same."""
LATE = 1.0
"""Seconds after a receipt within which such an ERROR comes."""


@dataclass
class Asked:
    """One frame that asked for a receipt."""

    receipt: str
    command: str
    since: float
    number: int
    """Its place among all frames sent."""
    subscription: str = ""
    destination: str = ""
    doubt: str = ""
    """The text of an ERROR that was about it."""

    def quoted_in(self, text: str) -> bool:
        """Whether a text quotes its destination, or the name at the end of that."""
        name = self.destination.rpartition("/")[2]
        return bool(name) and (f"'{self.destination}'" in text or f"'{name}'" in text)


@dataclass
class SettledReceipt:
    """What a RECEIPT has settled."""

    asked: Asked | None
    """What had asked for it, None if nothing had."""
    elapsed: float
    """Seconds since it was asked for."""
    refused: Asked | None = None
    """A subscription that an ERROR before must have been about, as this RECEIPT shows."""


class PendingReceipts:
    """What is asked and unanswered on one connection. Not thread-safe: its session guards it."""

    def __init__(self) -> None:
        self._asked: dict[str, Asked] = {}
        self._doubted: dict[str, Asked] = {}
        self._sent = 0
        self._last_unasked = 0
        self._settled = 0
        self._last: Asked | None = None
        self._last_at = 0.0
        self._error = ""

    def __contains__(self, receipt: str) -> bool:
        return receipt in self._asked

    def sent(self, command: str, receipt: str = "", subscription: str = "", destination: str = "") -> None:
        """A frame was sent, with a receipt or without."""
        self._sent += 1
        if receipt:
            self._asked[receipt] = Asked(receipt, command, time.monotonic(), self._sent, subscription, destination)
        elif command != "CONNECT":
            self._last_unasked = self._sent

    def unconfirmed(self) -> tuple[str, ...]:
        """Receipts that have not come, in the order they were asked for."""
        return tuple(self._asked)

    def since(self) -> float | None:
        """When the oldest of them was asked for, None without one."""
        return next((asked.since for asked in self._asked.values()), None)

    def receipt(self, receipt: str) -> SettledReceipt:
        """A RECEIPT came. Its frame's `doubt` is set if an ERROR was about it."""
        now = time.monotonic()
        error, self._error = self._error, ""
        asked = self._asked.pop(receipt, None)
        if asked is None:
            asked = self._doubted.pop(receipt, None)
            return SettledReceipt(asked, now - asked.since if asked else 0.0)
        refused = self._refused_before(asked, error) if error and asked.command == "SUBSCRIBE" else None
        self._settled = max(self._settled, asked.number)
        self._last, self._last_at = asked, now
        return SettledReceipt(asked, now - asked.since, refused)

    def _refused_before(self, asked: Asked, error: str) -> Asked | None:
        """The subscription an ERROR was about that came just before this subscription's RECEIPT.

        RabbitMQ answers a SUBSCRIBE that fails in the queue with ERROR and RECEIPT, one that fails earlier with
        ERROR alone; in either case before it looks at the next frame.
        """
        earlier = [other for other in self._asked.values() if other.number < asked.number]
        if not earlier and not self._settled < self._last_unasked < asked.number:
            asked.doubt = error
            return None
        if len(earlier) == 1 and earlier[0].command == "SUBSCRIBE":
            return self._blame(earlier[0], error)
        return None

    def error(self, text: str, receipt: str | None) -> Asked | None:
        """An ERROR came: the frame it is about, if the broker said so or nothing else can be meant.

        Args:
            text: What it said.
            receipt: Its `receipt-id`, None without one.
        """
        self._error = ""
        if receipt is not None:
            asked = self._asked.get(receipt)
        else:
            asked = self._only_candidate() or self._quoted(text)
            if asked is None:
                self._error = text
        return None if asked is None else self._blame(asked, text)

    def _blame(self, asked: Asked, text: str) -> Asked:
        asked.doubt = text
        if self._asked.pop(asked.receipt, None) is not None:
            self._doubted[asked.receipt] = asked
            while len(self._doubted) > REMEMBERED:
                self._doubted.pop(next(iter(self._doubted)))
        return asked

    def _only_candidate(self) -> Asked | None:
        """The one frame an ERROR that names none must be about; None if several can be meant."""
        if self._last_unasked > self._settled:
            return None
        if len(self._asked) == 1:
            return next(iter(self._asked.values()))
        last = self._last
        if not self._asked and last and last.command in LATE_ERRORS and time.monotonic() - self._last_at < LATE:
            self._last = None
            return last
        return None

    def _quoted(self, text: str) -> Asked | None:
        """The one frame whose destination the text quotes."""
        quoted = [asked for asked in self._asked.values() if asked.quoted_in(text)]
        return quoted[0] if len(quoted) == 1 else None
