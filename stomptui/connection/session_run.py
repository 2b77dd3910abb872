"""The life of one connection: how it comes up, what it reports, how it ends."""

from __future__ import annotations

import itertools
import threading
import time

from stomptui.config.connection import Connection
from stomptui.connection import connect_errors, events
from stomptui.connection.delivery_counts import SubscriptionCounter
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.errors import Cancelled, ConnectError, SessionError
from stomptui.connection.event_queue import EventSink
from stomptui.connection.listener import NAME, AppListener
from stomptui.connection.server_answers import ServerAnswers, refusal_text
from stomptui.connection.session_state import State, state_of
from stomptui.connection.stomp_log import LOGGER, defect
from stomptui.connection.transport.heartbeats import absurd, negotiate
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.liveness import Stall
from stomptui.connection.transport.tcp import StompTransport
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch

_NUMBERS = itertools.count(1)
SLACK = 5.0
"""Seconds between what was missed and the moment at which somebody asks about it, at most."""
FAULTS = 20
"""Faults in what was read at once that are told one by one: a broken server can send hundreds of thousands a second."""


class SessionRun:
    """One attempt at one connection, used once; what can be asked of it is added by `Session`.

    Args:
        connection: Where to and as whom.
        inbox: Where events go.
        brokers: Tells which broker answered.
        limits: How much is taken.
    """

    def __init__(
        self, connection: Connection, inbox: EventSink, brokers: Brokers, limits: Limits | None = None
    ) -> None:
        self.number = next(_NUMBERS)
        self.connection = connection
        self.inbox = inbox
        self._brokers = brokers
        self.state = State.IDLE
        self.version = "1.0"
        self.server = ""
        self.dialect: Dialect = brokers.named(connection.dialect)
        self.heart_beat = (0, 0)
        self.ended = threading.Event()
        self._limits = limits or Limits()
        self._lock = threading.RLock()
        self._answers = ServerAnswers(self.number, self._report)
        self._counter = SubscriptionCounter()
        self._wanted = False
        self._why_closed = "closed"
        self._goodbye = ""
        self._faults = 0
        """Faults in what was read last."""
        self._sign = ""
        """The receipt that shows that the broker is still there."""
        self._transport = self._make_transport()
        self._transport.set_listener(NAME, AppListener(self))
        self._transport.asked_since = self._answers.asked_since

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.number}, {self.connection.where}, {self.state.value})"

    def _make_transport(self) -> StompTransport:
        if self.connection.transport.websocket:
            from stomptui.connection.transport.websocket import WebSocketTransport

            transport: StompTransport = WebSocketTransport(self.connection, self._limits, self._may_read)
            return transport
        return StompTransport(self.connection, self._limits, self._may_read)

    # What can be seen

    @property
    def bytes_in(self) -> int:
        return self._transport.bytes_in

    @property
    def bytes_out(self) -> int:
        return self._transport.bytes_out

    @property
    def frames_in(self) -> int:
        return self._transport.frames_in

    @property
    def last_heard(self) -> float:
        """`time.monotonic()` of the last byte that came; 0.0 before the first."""
        return self._transport.pulse.last_heard

    def missed_beat(self, seconds: float) -> bool:
        """Whether the broker waited longer than promised for a sign of life of ours, in the last so many seconds."""
        return self._transport.pulse.missed(seconds + SLACK, time.monotonic())

    @property
    def last_sent(self) -> float:
        """`time.monotonic()` of the last byte that went; 0.0 before the first."""
        return self._transport.pulse.last_sent

    @property
    def unsent(self) -> int:
        """Bytes that wait for the broker to read them."""
        return self._transport.outbox.unsent

    # The life

    def open(self) -> None:
        """Begin to connect; events tell how it goes."""
        with self._lock:
            if self.state is not State.IDLE:
                raise SessionError("a session is used once")
            self.state = State.LOOKING_UP
        self.inbox.when_room(self._transport.wake)
        threading.Thread(target=self._open, name=f"stomptui-connect-{self.number}", daemon=True).start()

    def close(self, reason: str = "closed") -> None:
        """End it at once, at any moment, without a DISCONNECT; an attempt to connect is cancelled."""
        with self._lock:
            # What ended by itself a moment ago was not ended by us.
            if self.state.over or self._transport.over:
                return
            if not self._wanted:
                self._wanted, self._why_closed = True, reason
            idle = self.state is State.IDLE
            if idle:
                self.state = State.CLOSED
        if idle:
            self._transport.cleanup()
            self.ended.set()
        self._transport.end(reason)

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if that did not happen in time. Not for the event loop's thread."""
        return self.ended.wait(timeout)

    # The attempt, in a thread of its own

    def _open(self) -> None:
        try:
            self._transport.start()
        except Cancelled:
            self._over()
        except ConnectError as error:
            self._transport.fail(error)
            self._over()
        except Exception as error:
            self._transport.fail(ConnectError(defect(error, "an attempt to connect failed in an unexpected way")))
            self._over()

    def _say_connect(self) -> None:
        raw = self.connection.connect_frame()
        shown = self.connection.connect_frame(masked=True)[:-1]

        def announce() -> None:
            self._report(events.Sent(self.number, time.time(), shown, "", len(raw)))

        try:
            self._transport.send(raw, announce)
        except SessionError:
            pass  # it was cancelled in between, and its thread says so

    # What the listener tells, in the thread of the transport

    def on_progress(self, stage: str) -> None:
        with self._lock:
            if not self.state.over and self.state is not State.CLOSING:
                self.state = state_of(stage)
        self._report(events.Progress(self.number, time.time(), stage))
        if stage == "CONNECT":
            self._say_connect()

    def on_batch(self, batch: Batch) -> None:
        self._received(batch)

    def on_delivered(self) -> None:
        """All of what was read is told."""
        more, self._faults = self._faults - FAULTS, 0
        if more > 0:
            self._report(
                events.Fault(
                    self.number, time.time(), f"{more:,} more faults in what came at once; it is all in the log"
                )
            )

    def on_recovered(self, batch: Batch) -> None:
        number = "1 frame" if len(batch) == 1 else f"{len(batch):,} frames"
        self.on_fault(
            f"the connection ended before {self._transport.held_back_by} was reached: recovered {number} "
            "from what had come",
            b"",
        )
        self._received(batch, recovered=True)

    def _received(self, batch: Batch, recovered: bool = False) -> None:
        try:
            counts = self._counter.count(batch, self.version)
        except Exception as error:  # a wrong count must not cost the frames
            counts = {}
            self.on_fault(f"{defect(error, 'counting a batch failed')}, while counting", b"")
        if self.dialect.full_inbox == "drop oldest" and self.inbox.full:
            self.inbox.drop_oldest(self.number)
        self._report(events.Received(self.number, time.time(), batch, counts, recovered))

    def on_connected(self, frame: Frame) -> None:
        with self._lock:
            if self.state is not State.HANDSHAKE:
                self.on_fault("a second CONNECTED", frame.raw)
                return
            # Some write blanks around it, which is no other version.
            version = (frame.get("version") or "1.0").strip() or "1.0"
            if version not in self.connection.versions:
                offered = ", ".join(self.connection.versions)
                self._transport.fail(
                    ConnectError(f"the broker speaks STOMP {version[:20]}, which is not among {offered}", "versions")
                )
                return
            try:
                heart_beat = negotiate(self.connection.heart_beat, frame.get("heart-beat"))
            except ValueError as error:
                heart_beat = (0, 0)
                self.on_fault(str(error), frame.raw)
            else:
                if told := absurd(frame.get("heart-beat")):
                    self.on_fault(told, frame.raw)
            self.version = self._transport.version = version
            self.server = frame.get("server") or ""
            self.dialect = self._brokers.recognised(frame, self.connection.transport.websocket, self.connection.dialect)
            self.heart_beat = heart_beat
            self.state = State.UP
            self._transport.set_deadline(None)
            self._transport.pulse.agree(heart_beat, time.monotonic())
            self._report(
                events.Connected(
                    self.number,
                    time.time(),
                    version,
                    self.server,
                    self.dialect.name,
                    heart_beat,
                    frame.get("session") or "",
                    frame.get("user-name") or "",
                )
            )

    def on_receipt(self, receipt: str) -> None:
        self._answers.receipt(receipt)
        if receipt == self._goodbye:
            self._transport.end(self._why_closed)
        elif self._sign and receipt == self._sign and self.state is State.UP:
            self._sign = ""
            self._transport.set_deadline(None)

    def on_error(self, frame: Frame) -> None:
        if self.state is State.HANDSHAKE:
            self._transport.fail(connect_errors.refused_connect(refusal_text(frame.raw, self.connection.versions)))
        elif self.state is not State.CLOSING:  # some brokers cannot say goodbye politely
            self._answers.error(frame)

    def on_fault(self, text: str, raw: bytes) -> None:
        self._report(events.Fault(self.number, time.time(), text, raw))

    def on_stalled(self, stall: Stall | None, text: str) -> None:
        self._report(events.Stalled(self.number, time.time(), stall, text or "the broker answers again"))

    def on_disconnected(self) -> None:
        self._over()

    def _over(self) -> None:
        """Report the end, once."""
        transport = self._transport
        with self._lock:
            if self.state.over:
                return
            was_up = self.state in (State.UP, State.CLOSING)
            self.state = State.CLOSED if was_up or self._wanted else State.FAILED
            unconfirmed = tuple(r for r in self._answers.unconfirmed() if r != self._goodbye)
        self.inbox.forget(transport.wake)
        transport.cleanup()
        if was_up:
            self._report_lost(unconfirmed)
        elif self._wanted:
            self._report(events.ConnectFailed(self.number, time.time(), "cancelled", cancelled=True))
        else:
            failure = transport.failure or ConnectError(transport.reason or "the connection ended")
            self._report(
                events.ConnectFailed(
                    self.number,
                    time.time(),
                    failure.reason,
                    failure.server_text,
                    transport.stage,
                    failure.field,
                    instead=failure.instead,
                )
            )
        self.ended.set()

    def _report_lost(self, unconfirmed: tuple[str, ...]) -> None:
        if self._wanted:
            lost = events.Lost(self.number, time.time(), self._why_closed, unconfirmed, wanted=True)
        else:
            reason = self._transport.reason or "the connection ended"
            if self._transport.dropped:
                size = self._transport.dropped
                many = (
                    "1 byte of an unfinished frame was" if size == 1 else f"{size:,} bytes of an unfinished frame were"
                )
                reason += f", {many} dropped"
            said = self._answers.last_words()
            head = self._transport.over_limit
            brought = Frame(head, self.version).get("subscription") if head is not None else None
            lost = events.Lost(
                self.number,
                time.time(),
                reason,
                unconfirmed,
                server_text=said,
                over_limit=head is not None,
                over_limit_of=brought or "",
            )
        self._report(lost)

    def _may_read(self) -> bool:
        return self.dialect.full_inbox == "drop oldest" or not self.inbox.full

    def _report(self, event: events.Event) -> None:
        if isinstance(event, events.Fault):
            self._faults += 1
            if self._faults > FAULTS:
                return
        try:
            self.inbox.put(event)
        except Exception:
            LOGGER.exception("an event could not be handed over")
