"""What can be asked of one connection."""

from __future__ import annotations

import time
from collections.abc import Iterable

from stomptui.config.connection import Connection
from stomptui.connection import events, requests
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.errors import ConnectionOver, NotConnected, SessionError
from stomptui.connection.event_queue import EventSink
from stomptui.connection.requests import Subscription
from stomptui.connection.session_run import SessionRun
from stomptui.connection.session_state import State
from stomptui.connection.transport.limits import Limits
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Frame


class Session(SessionRun):
    """One attempt at one connection, used once. All methods may be called from any thread and none waits.

    Args:
        connection: Where to and as whom.
        inbox: Where events go.
        brokers: Tells which broker answered.
        limits: How much is taken.
    """

    def __init__(
        self, connection: Connection, inbox: EventSink, brokers: Brokers, limits: Limits | None = None
    ) -> None:
        super().__init__(connection, inbox, brokers, limits)
        self._receipts = 0

    def disconnect(self, timeout: float = 2.0, reason: str = "closed") -> None:
        """Say DISCONNECT, and close when the broker confirmed it or `timeout` seconds went by."""
        with self._lock:
            if self.state is State.UP:
                try:
                    receipt = self.next_receipt()
                    self._goodbye = receipt
                    self.send("DISCONNECT", [("receipt", receipt)])
                    self._wanted, self._why_closed = True, reason
                    self.state = State.CLOSING
                    self._transport.set_deadline(time.monotonic() + timeout, lambda: ConnectionOver(reason))
                    return
                except SessionError:
                    pass  # then it ends without a word
        self.close(reason)

    def check(self, timeout: float = 5.0) -> str:
        """Ask the broker for a sign of life, by frames that change nothing; without one in time it counts as lost.

        Returns:
            The receipt that is the sign, "" where the broker gives none and only a heart-beat was sent.

        Raises:
            SessionError: There is no connection, or the broker does not read.
        """
        with self._lock:
            if not self.dialect.confirms:
                self._transport.send(b"\n", lambda: None)
                return ""
            receipt = ""
            name = f"stomptui-check-{self.coming_receipt}"
            for command in ("BEGIN", "ABORT"):
                receipt = self.next_receipt()
                self.send(command, [("transaction", name), ("receipt", receipt)])
            self._sign = receipt
            self._transport.set_deadline(
                time.monotonic() + timeout,
                lambda: ConnectionOver(f"the broker gave no sign of life within {timeout:g} s"),
            )
            return receipt

    def next_receipt(self) -> str:
        """A receipt id that this session has not used."""
        with self._lock:
            self._receipts += 1
            return str(self._receipts)

    @property
    def coming_receipt(self) -> str:
        """The id `next_receipt` will give."""
        return str(self._receipts + 1)

    def send(self, command: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> str:
        """Send a frame with exactly these headers.

        Returns:
            The receipt its `receipt` header asks for, "" without one.

        Raises:
            EncodeError: STOMP cannot carry it in the version spoken.
            NotConnected: There is no connection.
            SendQueueFull: The broker does not read.
        """
        return self._send(command, list(headers), body)

    def subscribe(self, spec: Subscription) -> str:
        """Ask for a subscription; `Subscribed` or `SubscribeFailed` tells what the broker said. Returns the receipt."""
        lines = requests.subscribe_headers(spec, self.dialect)
        return self._send("SUBSCRIBE", self._with_receipt(lines))

    def unsubscribe(self, subscription: str) -> str:
        """Give a subscription up; `Unsubscribed` follows. Returns the receipt."""
        lines = requests.unsubscribe_headers(subscription, self._answers.destination(subscription), self.dialect)
        return self._send("UNSUBSCRIBE", self._with_receipt(lines))

    def ack(self, message: Frame, receipt: bool = True) -> str:
        """Acknowledge a message. Returns the receipt, "" if none was wanted.

        Raises:
            Unsupported: The message carries nothing to name it by.
        """
        lines = requests.ack_headers(message, self.version, self.dialect)
        return self._send("ACK", self._with_receipt(lines) if receipt else lines)

    def _with_receipt(self, lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
        # Where none ever comes, asking would only leave it unconfirmed for ever.
        if not self.dialect.confirms or any(name == "receipt" for name, _ in lines):
            return lines
        return [*lines, ("receipt", self.next_receipt())]

    def _send(self, command: str, lines: list[tuple[str, str]], body: bytes = b"") -> str:
        if self.state is not State.UP:
            raise NotConnected("not connected")
        # Without the lock, for which nobody should wait as long as a large body takes.
        encoded = encode(command, lines, body, self.version)
        raw = encoded[:-1]
        first = dict(reversed(lines))  # of repeated headers the first one counts
        receipt = first.get("receipt", "")
        subscription = first.get("id", "") if command in ("SUBSCRIBE", "UNSUBSCRIBE") else ""

        def announce() -> None:
            if self.state is not State.UP:
                raise NotConnected("not connected")
            # The record comes before the frame can be answered.
            self._answers.sent(command, receipt, subscription, first.get("destination", ""))
            self._report(events.Sent(self.number, time.time(), raw, receipt, len(encoded)))

        self._transport.send(encoded, announce)
        return receipt
