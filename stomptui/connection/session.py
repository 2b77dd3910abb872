"""A session, one attempt at one connection: open, send, subscribe, acknowledge, disconnect."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from stomptui.config.connection import Connection
from stomptui.config.environment import READ_ONLY
from stomptui.connection import events, frame_headers
from stomptui.connection.bulk_sends import BulkSends
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.errors import ConnectionOver, NotConnected, ReadOnlyError, SessionError
from stomptui.connection.event_queue import EventSink
from stomptui.connection.frame_headers import Subscription
from stomptui.connection.read_only import ReadOnlyGuard
from stomptui.connection.session_run import SessionRun
from stomptui.connection.session_state import SessionState
from stomptui.connection.transport.limits import Limits
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import NO_NUL, Batch
from stomptui.protocol.raw_pieces import raw_pieces

ANONYMOUS = "anonymous"
SLACK = 5.0
"""Seconds that may pass between a missed heart-beat and the moment at which somebody asks about it."""


class Session:
    """One attempt at one connection, used once. All methods may be called from any thread, and none but `join` waits.

    What happens is reported as events (`connection/events.py`) to the sink.

    Args:
        connection: Where to connect to and as whom.
        sink: Where events go.
        brokers: Recognises the broker by its CONNECTED frame.
        limits: The largest frames to accept, and how much may wait to be sent.
    """

    def __init__(self, connection: Connection, sink: EventSink, brokers: Brokers, limits: Limits | None = None) -> None:
        self._run = SessionRun(connection, sink, brokers, limits or Limits())
        self._receipts = 0
        self.guard = ReadOnlyGuard(connection.environment.read_only)
        """Refuses what would change something, if the connection is read-only."""
        self.connection = connection
        self.number = self._run.number
        """Names the session in its events; no two sessions of a process have the same."""
        self.ended = self._run.ended
        """Set once it has ended and its last event was reported."""

    def __repr__(self) -> str:
        return f"Session({self.number}, {self.connection.where}, {self.state.value})"

    @property
    def state(self) -> SessionState:
        return self._run.state

    @property
    def version(self) -> str:
        """The STOMP version agreed in CONNECTED; "1.0" before it."""
        return self._run.version

    @property
    def server(self) -> str:
        """The `server` header of CONNECTED, "" without one."""
        return self._run.server

    @property
    def user(self) -> str:
        """Whom the server takes us for, "anonymous" where it names users and named none, "" where it names none."""
        if self._run.user_name:
            return self._run.user_name
        return ANONYMOUS if self.dialect.names_users and self.state is SessionState.UP else ""

    @property
    def shared_refused(self) -> bool:
        """Whether it failed with header values that were read for another session, so that another attempt may help."""
        return self._run.shared_refused

    @property
    def dialect(self) -> Dialect:
        return self._run.dialect

    @property
    def heart_beat(self) -> tuple[int, int]:
        """Agreed, in milliseconds: (we send every, the broker sends every); 0 is none (1.2, "Heart-beating")."""
        return self._run.heart_beat

    @property
    def bytes_in(self) -> int:
        """Bytes received so far."""
        return self._run.transport.io.bytes_in

    @property
    def last_received(self) -> float:
        """`time.monotonic()` of the last byte received; 0.0 before the first."""
        return self._run.transport.heartbeats.last_received

    def missed_beat(self, seconds: float) -> bool:
        """Whether within the last `seconds` we sent nothing for longer than our heart-beat promised."""
        return self._run.transport.heartbeats.missed(seconds + SLACK, time.monotonic())

    def open(self) -> None:
        """Begin to connect; `Progress` events follow, then `Connected` or `ConnectFailed`.

        Raises:
            SessionError: It was opened before.
        """
        self._run.open()

    def close(self, reason: str = "closed") -> None:
        """End it at once, at any moment, without a DISCONNECT; an attempt to connect is cancelled."""
        self._run.close(reason)

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if it has not after `timeout` seconds. Not for the event loop's thread."""
        return self.ended.wait(timeout)

    def disconnect(self, timeout: float = 2.0, reason: str = "closed") -> None:
        """Send DISCONNECT (1.2, "DISCONNECT"), and close on its receipt or after `timeout` seconds."""
        run = self._run
        with run.lock:
            if self.state is SessionState.UP:
                try:
                    receipt = self.next_receipt()
                    run.disconnect_receipt = receipt
                    self.send("DISCONNECT", [("receipt", receipt)])
                    run.closed_by_us, run.close_reason = True, reason
                    run.state = SessionState.CLOSING
                    run.transport.deadline.set(time.monotonic() + timeout, lambda: ConnectionOver(reason))
                    return
                except SessionError:
                    pass  # then it ends without DISCONNECT
        self.close(reason)

    def check(self, timeout: float = 5.0) -> str:
        """Ask the broker for a receipt with frames that change nothing; without it in `timeout` seconds it is lost.

        Returns:
            The id of that receipt, "" where the broker sends none and only a heart-beat was sent.

        Raises:
            SessionError: There is no connection, or the broker does not read.
        """
        run = self._run
        with run.lock:
            # A server that is not known to confirm these would be given up although it is there.
            if not (self.dialect.confirms and (self.dialect.surely_confirms or run.answers.gave("ABORT"))):
                run.transport.send(b"\n", lambda: None)
                return ""
            receipt = ""
            name = f"stomptui-check-{self.coming_receipt}"
            for command in ("BEGIN", "ABORT"):
                receipt = self.next_receipt()
                self.send(command, [("transaction", name), ("receipt", receipt)])
            run.check_receipt = receipt
            run.transport.deadline.set(
                time.monotonic() + timeout,
                lambda: ConnectionOver(f"the broker gave no sign of life within {timeout:g} s"),
            )
            return receipt

    def next_receipt(self) -> str:
        """A receipt id that this session has not used."""
        with self._run.lock:
            self._receipts += 1
            return str(self._receipts)

    @property
    def coming_receipt(self) -> str:
        """The id that `next_receipt` will return."""
        return str(self._receipts + 1)

    def send(self, command: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> str:
        """Send a frame with exactly these headers; `Sent` is reported before it can be answered.

        Returns:
            The receipt its `receipt` header asks for, "" without one.

        Raises:
            EncodeError: STOMP cannot carry it in the version agreed.
            NotConnected: There is no connection.
            ReadOnlyError: The connection is read-only, and the frame would change something.
            SendQueueFull: The broker does not read.
        """
        return self._send(command, list(headers), body)

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are, whatever they are; `Sent` is reported for each piece up to a NUL.

        Nothing is added to them and nothing is checked. What a broker makes of them may end the connection.

        Raises:
            NotConnected: There is no connection.
            ReadOnlyError: The connection is read-only.
            SendQueueFull: The broker does not read.
        """
        run = self._run
        if self.guard.refuses:
            raise ReadOnlyError(READ_ONLY)

        def announce() -> None:
            if run.state is not SessionState.UP:
                raise NotConnected("not connected")
            for piece in raw_pieces(data):
                frame = Frame(piece.raw, run.version)
                receipt = frame.get("receipt") or ""
                run.answers.sent("", receipt, "", frame.get("destination") or "")
                odd = "" if piece.ended else NO_NUL
                size = len(piece.raw) + piece.ended
                run.report(events.Sent(self.number, time.time(), piece.raw, receipt, size, typed=True, odd=odd))

        run.transport.send(data, announce)

    def begin_bulk(self, wake: Callable[[], None]) -> BulkSends:
        """Begin a series of SEND frames, to be sent with `send_bulk`; one at a time.

        Args:
            wake: As of `BulkSends`.
        """
        return self._run.begin_bulk(wake)

    def end_bulk(self, bulk: BulkSends) -> None:
        """End a series: what it sent and received so far is reported, what comes from now on is not counted."""
        bulk.close()
        self._run.bulk_report.flush()

    def next_receipts(self, count: int) -> int:
        """The first of so many receipt ids, which are numbers, that this session has not used."""
        with self._run.lock:
            first = self._receipts + 1
            self._receipts += count
            return first

    @property
    def unsent(self) -> int:
        """Bytes that wait to be written to the socket."""
        return self._run.transport.io.queue.unsent

    def send_bulk(self, bulk: BulkSends, frames: Batch, receipts: Sequence[bytes]) -> None:
        """Send encoded SEND frames of a series; `SeriesFrames` are reported some times a second.

        Args:
            bulk: The series.
            frames: The frames, each with its NUL.
            receipts: The receipts that they ask for; none where the broker gives none.

        Raises:
            NotConnected, ReadOnlyError, SendQueueFull: None of them was sent.
        """
        run = self._run
        if run.state is not SessionState.UP or bulk.over is not None:
            raise NotConnected("not connected")
        self.guard.check("SEND", [], b"", run.dialect)
        # Noted before they are written: another thread may come between that and what is noted of it.
        at = time.monotonic()

        def announce() -> None:
            # An ERROR that names no frame may be about any of them.
            run.answers.sent("SEND", "", "", "")
            bulk.add(len(frames), receipts, at)
            run.bulk_report.sent(frames, bulk.number)

        run.transport.send_all(frames, announce)

    def subscribe(self, request: Subscription) -> str:
        """Send SUBSCRIBE; `Subscribed` or `SubscribeFailed` follows. Returns the receipt; raises as `send` does."""
        lines = frame_headers.subscribe_headers(request, self.dialect)
        return self._send("SUBSCRIBE", self._with_receipt("SUBSCRIBE", lines, request.destination))

    def unsubscribe(self, subscription: str) -> str:
        """Send UNSUBSCRIBE; `Unsubscribed` follows. Returns the receipt; raises as `send` does."""
        destination = self._run.answers.destination(subscription)
        lines = frame_headers.unsubscribe_headers(subscription, destination, self.dialect)
        return self._send("UNSUBSCRIBE", self._with_receipt("UNSUBSCRIBE", lines, destination))

    def ack(self, message: Frame, receipt: bool = True) -> str:
        """Acknowledge a message. Returns the receipt, "" if none was asked for; raises as `send` does.

        Raises:
            Unsupported: The message carries nothing to name it by.
        """
        lines = frame_headers.ack_headers(message, self.version, self.dialect)
        destination = message.get("destination") or ""
        return self._send("ACK", self._with_receipt("ACK", lines, destination) if receipt else lines)

    def gives_receipt(self, destination: str, command: str = "SEND") -> bool:
        """Whether a frame about that destination may be confirmed: by the profile, the dialect, and as learnt since."""
        known = command in self.connection.no_receipts
        return not known and self.dialect.gives_receipt(destination, command) and self._run.answers.gives(command)

    def _with_receipt(self, command: str, lines: list[tuple[str, str]], destination: str) -> list[tuple[str, str]]:
        # Where no receipt ever comes, asking for one would leave the frame unconfirmed for ever.
        if not self.gives_receipt(destination, command) or any(name == "receipt" for name, _ in lines):
            return lines
        return [*lines, ("receipt", self.next_receipt())]

    def _send(self, command: str, lines: list[tuple[str, str]], body: bytes = b"") -> str:
        run = self._run
        if run.state is not SessionState.UP:
            raise NotConnected("not connected")
        self.guard.check(command, lines, body, run.dialect)
        # Encoded without the lock, which nobody should wait for as long as a large body takes.
        encoded = encode(command, lines, body, run.version)
        raw = encoded[:-1]
        first = dict(reversed(lines))  # of repeated headers the first one counts
        receipt = first.get("receipt", "")
        subscription = first.get("id", "") if command in ("SUBSCRIBE", "UNSUBSCRIBE") else ""

        def announce() -> None:
            if run.state is not SessionState.UP:
                raise NotConnected("not connected")
            # Noted and reported before the frame can be answered.
            run.answers.sent(command, receipt, subscription, first.get("destination", ""), first.get("transaction", ""))
            run.report(events.Sent(self.number, time.time(), raw, receipt, len(encoded)))

        run.transport.send(encoded, announce)
        return receipt
