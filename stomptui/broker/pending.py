"""Receipts asked for and not answered yet, and which of them an ERROR is about.

A broker says in `receipt-id` which frame an ERROR is about, or it does not (RabbitMQ never does). Then it is only
concluded where nothing else can be meant.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

LATE_ERRORS = ("ACK", "NACK", "COMMIT")
"""RabbitMQ confirms these before it finds out that they fail."""
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
    doubt: str = ""
    """The text of an ERROR that was about it."""


class Pending:
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

    def sent(self, command: str, receipt: str = "", subscription: str = "") -> None:
        """A frame was sent, with a receipt or without."""
        self._sent += 1
        if receipt:
            self._asked[receipt] = Asked(receipt, command, time.monotonic(), self._sent, subscription)
        elif command != "CONNECT":
            self._last_unasked = self._sent

    def unconfirmed(self) -> tuple[str, ...]:
        """Receipts that have not come, in the order they were asked for."""
        return tuple(self._asked)

    def receipt(self, receipt: str) -> tuple[Asked | None, float]:
        """A RECEIPT came: what had asked for it and how many seconds ago; `doubt` is set if an ERROR about it came."""
        error, self._error = self._error, ""
        asked = self._asked.pop(receipt, None)
        if asked is None:
            asked = self._doubted.pop(receipt, None)
            return asked, time.monotonic() - asked.since if asked else 0.0
        # RabbitMQ refuses a SUBSCRIBE with an ERROR and its RECEIPT right behind it.
        if error and asked.command == "SUBSCRIBE":
            asked.doubt = error
        self._settled = max(self._settled, asked.number)
        self._last, self._last_at = asked, time.monotonic()
        return asked, self._last_at - asked.since

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
            asked = self._only_candidate()
            if asked is None:
                self._error = text
        if asked is None:
            return None
        asked.doubt = text
        if self._asked.pop(asked.receipt, None) is not None:
            self._doubted[asked.receipt] = asked
            while len(self._doubted) > 100:
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
