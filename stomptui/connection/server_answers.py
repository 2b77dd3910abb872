"""RECEIPT and ERROR frames turned into events: confirmed, refused, unsubscribed (STOMP 1.2, "Server Frames")."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from stomptui.connection import events
from stomptui.connection.ending import SentFrame
from stomptui.connection.receipts import PendingReceipt, PendingReceipts
from stomptui.connection.recent_frames import RecentFrames
from stomptui.protocol.frame import Frame

AFTER_ERROR = 2.0
"""Seconds after an ERROR within which the end of the connection is attributed to it."""


class ServerAnswers:
    """Keeps the pending receipts and the subscriptions of one session, and reports what the broker answers.

    Args:
        session: The number of the session.
        report: Called with each event.
    """

    def __init__(self, session: int, report: Callable[[events.Event], None]) -> None:
        self._session = session
        self._report = report
        self._lock = threading.Lock()
        self._pending = PendingReceipts()
        self._subscriptions: dict[str, str] = {}
        self._confirmed: set[str] = set()
        self._last_error = ("", 0.0)
        self._explained = False
        """Whether it is known which frame that was about."""
        self._recent = RecentFrames()

    def sent(self, command: str, receipt: str, subscription: str, destination: str, transaction: str = "") -> None:
        """Note a frame that is about to be sent; from any thread."""
        with self._lock:
            self._pending.sent(command, receipt, subscription, destination, transaction)
            self._recent.sent(command, receipt, subscription, destination)
            if command == "SUBSCRIBE":
                self._subscriptions[subscription] = destination

    def destination(self, subscription: str) -> str:
        """The destination of a subscription by its `id`, "" if it is not known."""
        return self._subscriptions.get(subscription, "")

    def unconfirmed(self) -> tuple[str, ...]:
        """Receipts asked for that have not come."""
        with self._lock:
            return self._pending.unconfirmed()

    def pending_since(self) -> float | None:
        """`time.monotonic()` when the oldest of them was asked for, None if all have come."""
        with self._lock:
            return self._pending.oldest_since()

    def gives(self, command: str) -> bool:
        """Whether the server may confirm a command, as far as is known."""
        with self._lock:
            return self._pending.gives(command)

    def gave(self, command: str) -> bool:
        """Whether the server has confirmed that command."""
        with self._lock:
            return self._pending.gave(command)

    def next_deadline(self) -> float | None:
        """As of `PendingReceipts`."""
        with self._lock:
            return self._pending.next_deadline()

    def check_deadlines(self, now: float, heard_since: Callable[[float], bool]) -> None:
        """Report the receipts that are waited for no longer; the arguments are as of `PendingReceipts`."""
        with self._lock:
            taken = self._pending.take_overdue(now, heard_since)
        for command in dict.fromkeys(request.command for request in taken):
            of_command = [request for request in taken if request.command == command]
            self._report(
                events.ReceiptsMissing(
                    self._session,
                    time.time(),
                    command,
                    tuple(request.receipt for request in of_command),
                    tuple(request.subscription for request in of_command if command == "SUBSCRIBE"),
                    never=not self.gives(command),
                )
            )

    def recent_error(self) -> str:
        """The text of an ERROR that came in the last seconds, "" without one."""
        text, at = self._last_error
        return text if text and time.monotonic() - at < AFTER_ERROR else ""

    def unanswered(self) -> tuple[SentFrame, ...]:
        """What was sent shortly before the last ERROR, or before now without one, and was not answered.

        Nothing if the ERROR was about a frame that is known.
        """
        with self._lock:
            if self._explained and self.recent_error():
                return ()
            return self._recent.unanswered(self._last_error[1] if self.recent_error() else time.monotonic())

    def receipt(self, receipt: str) -> None:
        """Handle a RECEIPT by its `receipt-id`."""
        with self._lock:
            settled = self._pending.receipt(receipt)
            self._recent.answered(receipt)
        request = settled.request
        now = time.time()
        if request is None:
            self._report(events.Fault(self._session, now, f"a receipt that was not asked for: {receipt[:100]!r}"))
            return
        if settled.refused is not None:
            self._refused(settled.refused.subscription, settled.refused.refusal or "")
        self._report(events.ReceiptArrived(self._session, now, receipt, settled.elapsed, request.refusal))
        if request.command == "SUBSCRIBE":
            self._subscribed(request, settled.elapsed)
        elif request.command == "UNSUBSCRIBE" and not request.refusal:
            self._forget(request.subscription)
            self._report(events.Unsubscribed(self._session, now, request.subscription))

    def _subscribed(self, request: PendingReceipt, elapsed: float) -> None:
        if not request.refusal:
            # Noted again: the UNSUBSCRIBE of an earlier one with the same id has removed it.
            self._subscriptions[request.subscription] = request.destination
            self._confirmed.add(request.subscription)
            self._report(events.Subscribed(self._session, time.time(), request.subscription, elapsed))
        elif request.subscription in self._subscriptions:
            self._refused(request.subscription, request.refusal)

    def error(self, frame: Frame) -> None:
        """Handle an ERROR on a connection that is up."""
        message, text = error_text(frame)
        self._last_error = (text, time.monotonic())
        named, subscription = frame.get("receipt-id"), frame.get("subscription") or ""
        with self._lock:
            # An ERROR that names a confirmed subscription answers no frame.
            request = None if subscription in self._confirmed else self._pending.error(text, named)
            self._explained = request is not None or subscription in self._subscriptions
        self._report(
            events.BrokerError(
                self._session,
                time.time(),
                message,
                text,
                named or (request.receipt if request else ""),
                subscription or (request.subscription if request else ""),
                frame.raw,
            )
        )
        if request is not None and request.command == "SUBSCRIBE":
            self._refused(request.subscription, text)
        elif request is None and subscription in self._subscriptions:
            self._refused(subscription, text)

    def _refused(self, subscription: str, reason: str) -> None:
        """Report a subscription that was refused, or cancelled after it had been confirmed."""
        cancelled = subscription in self._confirmed
        self._forget(subscription)
        self._report(events.SubscribeFailed(self._session, time.time(), subscription, reason, cancelled))

    def _forget(self, subscription: str) -> None:
        self._subscriptions.pop(subscription, None)
        self._confirmed.discard(subscription)


def refusal_text(raw: bytes, versions: Sequence[str]) -> str:
    """The text of an ERROR in answer to CONNECT.

    No version is agreed yet, but only CONNECT and CONNECTED are sent unescaped (STOMP 1.2, "Value Encoding"): it is
    read in the highest of the `versions` offered.
    """
    return error_text(Frame(raw, max(versions, default="1.0")))[1]


def error_text(frame: Frame) -> tuple[str, str]:
    """(message, text) of an ERROR: its `message` header or first line, and that with the body; not sanitised."""
    body = frame.body.decode("utf-8", "replace").strip("\r\n\0 ")
    message = frame.get("message") or body.partition("\n")[0].strip()
    text = message if not body or body == message else f"{message}\n{body}"
    return message, text
