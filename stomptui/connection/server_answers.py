"""What a broker's RECEIPT and ERROR frames mean for what was asked of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from stomptui.connection import events
from stomptui.connection.receipts import Asked, PendingReceipts
from stomptui.protocol.frame import Frame

AFTER_ERROR = 2.0
"""Seconds after an ERROR within which the end of the connection is put down to it."""


class ServerAnswers:
    """Keeps what is asked and unanswered on one connection, and reports what the answers say.

    Args:
        session: The number of the session.
        report: Takes events.
    """

    def __init__(self, session: int, report: Callable[[events.Event], None]) -> None:
        self._session = session
        self._report = report
        self._lock = threading.Lock()
        self._pending = PendingReceipts()
        self._subscriptions: dict[str, str] = {}
        self._confirmed: set[str] = set()
        self._last_error = ("", 0.0)

    def sent(self, command: str, receipt: str, subscription: str, destination: str) -> None:
        """A frame is about to be sent; from any thread."""
        with self._lock:
            self._pending.sent(command, receipt, subscription, destination)
            if command == "SUBSCRIBE":
                self._subscriptions[subscription] = destination

    def destination(self, subscription: str) -> str:
        """What a subscription reads, "" if it is not known."""
        return self._subscriptions.get(subscription, "")

    def unconfirmed(self) -> tuple[str, ...]:
        """Receipts asked for that have not come."""
        with self._lock:
            return self._pending.unconfirmed()

    def asked_since(self) -> float | None:
        """`time.monotonic()` when the oldest of them was asked for, None if all have come."""
        with self._lock:
            return self._pending.since()

    def last_words(self) -> str:
        """What the broker complained about just now, "" if it did not."""
        text, at = self._last_error
        return text if text and time.monotonic() - at < AFTER_ERROR else ""

    def receipt(self, receipt: str) -> None:
        """A RECEIPT came."""
        with self._lock:
            settled = self._pending.receipt(receipt)
        asked = settled.asked
        now = time.time()
        if asked is None:
            self._report(events.Fault(self._session, now, f"a receipt that was not asked for: {receipt[:100]!r}"))
            return
        if settled.refused is not None:
            self._refused(settled.refused.subscription, settled.refused.doubt)
        self._report(events.ReceiptArrived(self._session, now, receipt, settled.elapsed, asked.doubt))
        if asked.command == "SUBSCRIBE":
            self._subscribed(asked, settled.elapsed)
        elif asked.command == "UNSUBSCRIBE" and not asked.doubt:
            self._forget(asked.subscription)
            self._report(events.Unsubscribed(self._session, now, asked.subscription))

    def _subscribed(self, asked: Asked, elapsed: float) -> None:
        if not asked.doubt:
            # One that has the id of an earlier one was forgotten when that one's end was confirmed.
            self._subscriptions[asked.subscription] = asked.destination
            self._confirmed.add(asked.subscription)
            self._report(events.Subscribed(self._session, time.time(), asked.subscription, elapsed))
        elif asked.subscription in self._subscriptions:
            self._refused(asked.subscription, asked.doubt)

    def error(self, frame: Frame) -> None:
        """An ERROR came on a connection that stands."""
        message, text = error_text(frame)
        self._last_error = (text, time.monotonic())
        named, subscription = frame.get("receipt-id"), frame.get("subscription") or ""
        with self._lock:
            # One that names its subscription answers nothing that was asked.
            asked = None if subscription in self._confirmed else self._pending.error(text, named)
        self._report(
            events.BrokerError(
                self._session,
                time.time(),
                message,
                text,
                named or (asked.receipt if asked else ""),
                subscription or (asked.subscription if asked else ""),
                frame.raw,
            )
        )
        if asked is not None and asked.command == "SUBSCRIBE":
            self._refused(asked.subscription, text)
        elif asked is None and subscription in self._subscriptions:
            self._refused(subscription, text)

    def _refused(self, subscription: str, reason: str) -> None:
        """A subscription was refused, or taken away after it had been confirmed."""
        cancelled = subscription in self._confirmed
        self._forget(subscription)
        self._report(events.SubscribeFailed(self._session, time.time(), subscription, reason, cancelled))

    def _forget(self, subscription: str) -> None:
        self._subscriptions.pop(subscription, None)
        self._confirmed.discard(subscription)


def refusal_text(raw: bytes, versions: Sequence[str]) -> str:
    """What an ERROR says that answers CONNECT.

    No version is agreed on yet, but only CONNECT and CONNECTED go unescaped (STOMP 1.2, "Value Encoding"): it is read
    in the highest version that was offered.
    """
    return error_text(Frame(raw, max(versions, default="1.0")))[1]


def error_text(frame: Frame) -> tuple[str, str]:
    """The short and the long text of an ERROR frame, as it was sent."""
    body = frame.body.decode("utf-8", "replace").strip("\r\n\0 ")
    message = frame.get("message") or body.partition("\n")[0].strip()
    text = message if not body or body == message else f"{message}\n{body}"
    return message, text
