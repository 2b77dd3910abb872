"""One session as its transport's thread drives it: how it connects, which events it reports, how it ends."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

import stomp

from stomptui.config.connection import Connection
from stomptui.connection import connect_errors, credentials, events
from stomptui.connection.bulk_report import BulkReport
from stomptui.connection.bulk_sends import BulkSends
from stomptui.connection.counted_characters import excuse
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.ending import Ending, ending_of, told
from stomptui.connection.errors import Cancelled, ConnectError, SessionError
from stomptui.connection.event_queue import EventSink
from stomptui.connection.masked_events import EventMask
from stomptui.connection.program_log import LOGGER, defect
from stomptui.connection.reading_pace import ReadingPace
from stomptui.connection.server_answers import ServerAnswers, error_text, refusal_text
from stomptui.connection.session_state import ConnectStage, SessionState, state_of
from stomptui.connection.subscription_counter import SubscriptionCounter
from stomptui.connection.transport.connecting.command_outputs import OUTPUTS
from stomptui.connection.transport.frame_dispatcher import WireFrame
from stomptui.connection.transport.heartbeats import interval_problem, negotiate
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.liveness import Stall
from stomptui.connection.transport.stomp_transport import StompTransport
from stomptui.connection.transport.timers import ReceiptTimer
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch

_NUMBERS = itertools.count(1)
MAX_FAULTS = 20
"""Faults in one read that are reported one by one: a broken server can send hundreds of thousands a second."""


class SessionRun(stomp.ConnectionListener):
    """The transport of a session, the listener that it calls, and the state that follows from it.

    `Session` is what others use. The `on_...` methods run in the transport's thread, under names that stomp.py gives
    them; `batch`, `delivered`, `recovered`, `progress`, `fault` and `stalled` are kinds of our transport alone.

    Args:
        connection: Where to connect to and as whom.
        sink: Where events go.
        brokers: Recognises the broker by its CONNECTED frame.
        limits: The largest frames to accept, and how much may wait to be sent.
    """

    def __init__(self, connection: Connection, sink: EventSink, brokers: Brokers, limits: Limits) -> None:
        self.number = next(_NUMBERS)
        self.connection = connection
        self.state = SessionState.IDLE
        self.version = "1.0"
        self.server = ""
        self.user_name = ""
        self.dialect: Dialect = brokers.named(connection.dialect)
        self.heart_beat = (0, 0)
        self.ended = threading.Event()
        self.lock = threading.RLock()
        self.answers = ServerAnswers(self.number, self.report)
        self.closed_by_us = False
        self.close_reason = "closed"
        self.disconnect_receipt = ""
        """The receipt of our DISCONNECT; "" before it."""
        self.check_receipt = ""
        """The receipt that proves that the broker still answers; "" while none is awaited."""
        self.shared_refused = False
        """Whether it failed with header values that were read for another session, so that new ones may help."""
        self.bulk: BulkSends | None = None
        """The series that is sent, or was sent last."""
        self.transport = StompTransport(connection, limits, self._may_read, self._pending_since)
        self.transport.set_listener("session", self)
        self.transport.timers.append(ReceiptTimer(self._receipt_deadline, self._check_receipts))
        self._set_message_size()
        self._sink = sink
        self._brokers = brokers
        self._counter = SubscriptionCounter()
        self._faults = 0
        """Faults in what was read last."""
        self._told_of_characters = False
        self._pace = ReadingPace()
        self._mask = EventMask(connection)
        self.bulk_report = BulkReport(self.number, self._put, lambda batch: self.mask.batch(batch))
        """Reports what a series sends and receives."""
        self.transport.timers.append(self.bulk_report)

    def open(self) -> None:
        """Begin to connect, in a thread of its own.

        Raises:
            SessionError: It was opened before.
        """
        with self.lock:
            if self.state is not SessionState.IDLE:
                raise SessionError("a session is used once")
            self.state = SessionState.LOOKING_UP
        self._sink.when_room(self.transport.wake)
        threading.Thread(target=self._connect, name=f"stomptui-connect-{self.number}", daemon=True).start()

    def close(self, reason: str) -> None:
        """End it at once, without a DISCONNECT; an attempt to connect is cancelled."""
        with self.lock:
            # A session that ended by itself a moment ago was not closed by us.
            if self.state.over or self.transport.over:
                return
            if not self.closed_by_us:
                self.closed_by_us, self.close_reason = True, reason
            idle = self.state is SessionState.IDLE
            if idle:
                self.state = SessionState.CLOSED
        if idle:
            self.transport.cleanup()
            self.ended.set()
        self.transport.end(reason)

    def begin_bulk(self, wake: Callable[[], None]) -> BulkSends:
        """Count the receipts of a series from now on."""
        with self.lock:
            bulk = BulkSends(next(_NUMBERS), wake)
            if self.bulk is not None:
                bulk.follow(self.bulk)
            self.bulk = bulk
            self.transport.dispatcher.takes = bulk.takes
            self.transport.dispatcher.takes_read = self._takes_read
        return bulk

    def _takes_read(self, data: bytes) -> int:
        """How many receipts these are, if all are of the series: what they make room for is sent at once."""
        bulk = self.bulk
        count = bulk.takes_read(data) if bulk is not None else 0
        if bulk is not None and count:
            self.bulk_report.received(data, count)
            bulk.delivered()
        return count

    def _pending_since(self) -> float | None:
        since = [self.answers.pending_since(), self.bulk.oldest_since() if self.bulk is not None else None]
        return min((each for each in since if each is not None), default=None)

    def _receipt_deadline(self) -> float | None:
        # A broker that always confirms is blocked or busy while it does not.
        return (
            None if self.dialect.surely_confirms or self.state is not SessionState.UP else self.answers.next_deadline()
        )

    def _check_receipts(self, now: float) -> None:
        if not self.transport.io.queue.unsent:
            beats = bool(self.heart_beat[1])
            last = self.transport.heartbeats.last_received
            self.answers.check_deadlines(now, lambda since: not beats or last > since)

    @property
    def mask(self) -> EventMask:
        """Masks the secrets of the connection; those of header values once they were read."""
        if self._mask.connection is not self.transport.attempt.connection:
            self._mask = EventMask(self.transport.attempt.connection)
        return self._mask

    def report(self, event: events.Event) -> None:
        """Put an event into the sink, without what a server repeats of secrets in it; never raises."""
        if isinstance(event, events.Fault):
            self._faults += 1
            if self._faults > MAX_FAULTS:
                return
        self.bulk_report.flush()
        self._put(self.mask.event(event))

    def _put(self, event: events.Event) -> None:
        try:
            self._sink.put(event)
        except Exception:
            LOGGER.exception("an event could not be handed over")

    # The attempt to connect, in a thread of its own

    def _connect(self) -> None:
        try:
            self.transport.start()
        except Cancelled:
            self._finish()
        except ConnectError as error:
            self.transport.fail(error)
            self._finish()
        except Exception as error:
            self.transport.fail(ConnectError(defect(error, "an attempt to connect failed in an unexpected way")))
            self._finish()

    def _send_connect(self) -> None:
        connection = self.transport.attempt.connection
        raw, masked = connection.connect_frame(), connection.connect_frame(masked=True)[:-1]

        def announce() -> None:
            self.report(events.Sent(self.number, time.time(), masked, "", len(raw)))

        try:
            self.transport.send(raw, announce)
        except SessionError:
            pass  # it was cancelled meanwhile, which its thread reports

    # Called by the transport, in its thread

    def on_progress(self, stage: ConnectStage) -> None:
        with self.lock:
            if not self.state.over and self.state is not SessionState.CLOSING:
                self.state = state_of(stage)
        self.report(events.Progress(self.number, time.time(), stage))
        if stage == "CONNECT":
            self._send_connect()

    def on_batch(self, batch: Batch) -> None:
        self._received(batch)

    def on_delivered(self, _: None) -> None:
        """All frames of one read were reported."""
        if self.bulk is not None:
            self.bulk.delivered()
        more, self._faults = self._faults - MAX_FAULTS, 0
        if more > 0:
            self._fault(f"{more:,} more faults in what came at once; it is all in the log")

    def on_recovered(self, batch: Batch) -> None:
        number = "1 frame" if len(batch) == 1 else f"{len(batch):,} frames"
        self._fault(
            f"the connection ended before {self.transport.missing_end} was reached: recovered {number} "
            "from what had come"
        )
        self._received(batch, recovered=True)

    def _received(self, batch: Batch, recovered: bool = False) -> None:
        try:
            counts = self._counter.count(batch, self.version)
        except Exception as error:  # a wrong count must not cost the frames
            counts = {}
            self._fault(f"{defect(error, 'counting a batch failed')}, while counting")
        if batch.odd and self.dialect.counts_characters and excuse(batch) and not self._told_of_characters:
            self._told_of_characters = True
            who = self.dialect.title
            self._fault(f"{who} counts characters in content-length, not bytes: bodies are taken as they came")
        if self.dialect.when_full == "drop oldest" and self._sink.full:
            self._pace.dropped(self._sink.drop_oldest(self.number), time.monotonic())
        goodbye = self.leaving and self._says_goodbye(batch)
        self.report(events.Received(self.number, time.time(), batch, counts, recovered, goodbye))

    @property
    def leaving(self) -> bool:
        """Whether DISCONNECT is on its way, or was; the answer can be read before the state says so."""
        return bool(self.disconnect_receipt)

    def _says_goodbye(self, batch: Batch) -> bool:
        """Whether every ERROR in it is what this server says after a DISCONNECT."""
        frames = (Frame(batch.frame(index), self.version) for index in batch.others)
        return all(frame.get("message") in self.dialect.goodbyes for frame in frames if frame.command == "ERROR")

    def on_connected(self, frame: WireFrame) -> None:
        connected = frame.wire
        with self.lock:
            if self.state is not SessionState.HANDSHAKE:
                self._fault("a second CONNECTED", connected.raw)
                return
            # Some brokers put blanks around it, which makes no other version.
            version = (connected.get("version") or "1.0").strip() or "1.0"
            if version not in self.connection.versions:
                offered = ", ".join(self.connection.versions)
                self.transport.fail(
                    ConnectError(f"the broker speaks STOMP {version[:20]}, which is not among {offered}", "versions")
                )
                return
            try:
                heart_beat = negotiate(self.connection.heart_beat, connected.get("heart-beat"))
            except ValueError as error:
                heart_beat = (0, 0)
                self._fault(str(error), connected.raw)
            else:
                if problem := interval_problem(connected.get("heart-beat")):
                    self._fault(problem, connected.raw)
            self.version = self.transport.dispatcher.version = version
            self.server = connected.get("server") or ""
            self.user_name = self.mask.text(connected.get("user-name") or "")
            self.dialect = self._brokers.recognised(
                connected,
                self.connection.transport.websocket,
                self.connection.dialect,
                self.transport.behind_first,
            )
            self.heart_beat = heart_beat
            self._set_message_size()
            self.state = SessionState.UP
            self.transport.deadline.clear()
            self.transport.heartbeats.agree(heart_beat, time.monotonic())
            self.report(
                events.Connected(
                    self.number,
                    time.time(),
                    version,
                    self.server,
                    self.dialect.name,
                    heart_beat,
                    connected.get("session") or "",
                    connected.get("user-name") or "",
                    self.transport.attempt.found,
                )
            )

    def _set_message_size(self) -> None:
        wanted = self.connection.ws_message_size
        self.transport.cut_at(self.dialect.websocket_message if wanted is None else wanted)

    def on_receipt(self, frame: WireFrame) -> None:
        receipt = frame.headers["receipt-id"]
        if self.bulk is not None and self.bulk.takes_receipt(receipt):
            return
        self.answers.receipt(receipt)
        if receipt == self.disconnect_receipt:
            self.transport.end(self.close_reason)
        elif self.check_receipt and receipt == self.check_receipt and self.state is SessionState.UP:
            self.check_receipt = ""
            self.transport.deadline.clear()

    def on_error(self, frame: WireFrame) -> None:
        if self.state is SessionState.HANDSHAKE:
            text = refusal_text(frame.wire.raw, self.connection.versions)
            self.transport.fail(connect_errors.refused_connect(text))
        elif not self.leaving:  # some brokers answer DISCONNECT with an ERROR
            late = self.dialect.late_delivery_error
            text = error_text(frame.wire)[1]
            if late is None or late not in text:
                if self.bulk is not None:
                    self.bulk.error(frame.wire.get("receipt-id"), self.mask.text(text), not self.answers.unconfirmed())
                self.answers.error(frame.wire)

    def on_fault(self, fault: tuple[str, bytes]) -> None:
        self._fault(*fault)

    def on_stalled(self, stalled: tuple[Stall | None, str]) -> None:
        stall, text = stalled
        self.report(events.Stalled(self.number, time.time(), stall, text or "the broker answers again"))

    def on_disconnected(self) -> None:
        self._finish()

    def _fault(self, text: str, raw: bytes = b"") -> None:
        self.report(events.Fault(self.number, time.time(), text, raw))

    def _may_read(self) -> bool:
        may = self.dialect.when_full == "drop oldest" or not self._sink.full
        self._pace.may_read(may, time.monotonic(), self.transport.io.bytes_in)
        return may

    # The end

    def _finish(self) -> None:
        """Clean up and report the end, once."""
        transport = self.transport
        with self.lock:
            if self.state.over:
                return
            was_up = self.state in (SessionState.UP, SessionState.CLOSING)
            self.state = SessionState.CLOSED if was_up or self.closed_by_us else SessionState.FAILED
            unconfirmed = tuple(r for r in self.answers.unconfirmed() if r != self.disconnect_receipt)
        self._sink.forget(transport.wake)
        transport.cleanup()
        if was_up:
            self._report_lost(unconfirmed)
        elif self.closed_by_us:
            self.report(events.ConnectFailed(self.number, time.time(), "cancelled", cancelled=True))
        else:
            failure = transport.failure or ConnectError(transport.reason or "the connection ended")
            failure = credentials.told(failure, self.connection)
            if credentials.may_be_refused(failure):
                self.shared_refused = OUTPUTS.refused(self.connection, transport.attempt.shared)
            self.report(
                events.ConnectFailed(
                    self.number,
                    time.time(),
                    failure.reason,
                    failure.server_text,
                    transport.attempt.stage,
                    failure.field,
                    instead=failure.instead,
                    wants=failure.wants,
                )
            )
        if self.bulk is not None:
            why = self.mask.text(transport.reason or "the connection ended")
            self.bulk.lost(self.close_reason if self.closed_by_us else why)
        self.ended.set()

    def _report_lost(self, unconfirmed: tuple[str, ...]) -> None:
        if self.closed_by_us:
            lost = events.Lost(self.number, time.time(), self.close_reason, unconfirmed, wanted=True)
        else:
            reason = self.transport.reason or "the connection ended"
            if self.transport.dropped:
                size = self.transport.dropped
                many = (
                    "1 byte of an unfinished frame was" if size == 1 else f"{size:,} bytes of an unfinished frame were"
                )
                reason += f", {many} dropped"
            head = self.transport.over_limit
            subscription = Frame(head, self.version).get("subscription") if head is not None else None
            error = self.answers.recent_error()
            transport = self.transport
            ending = ending_of(transport.by_server, transport.close_code, error, transport.close_words)
            if ending is Ending.LOGGED_OUT and error and not credentials.all_of(self.connection):
                ending = Ending.REFUSED
            if ending is Ending.LOGGED_OUT:
                OUTPUTS.forget(self.connection)
            if ending is Ending.UNEXPLAINED and (slow := self._pace.told(time.monotonic(), transport.io.bytes_in)):
                reason += f"; {slow}"
            headers = transport.attempt.connection
            lost = events.Lost(
                self.number,
                time.time(),
                told(ending, reason),
                unconfirmed,
                server_text=error,
                over_limit=head is not None,
                over_limit_of=subscription or "",
                ending=ending,
                unanswered=self.answers.unanswered(),
                credentials=hash((headers.headers, headers.ws_headers, headers.ws_path)),
            )
        self.report(lost)
