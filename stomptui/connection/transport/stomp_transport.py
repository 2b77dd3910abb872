"""The transport that stomp.py runs: its parts, its thread, its listeners, and how it ends.

The thread is the receiver thread of stomp.py, which calls `receive`, where the I/O loop runs until the end. No
exception leaves `receive`: each one ends the connection with its reason.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import stomp.exception
import stomp.transport

from stomptui.config.connection import LONGEST_TIMEOUT, Connection
from stomptui.connection.errors import Cancelled, ConnectError, ConnectionOver
from stomptui.connection.program_log import LOGGER, defect
from stomptui.connection.transport.connecting.attempt import ConnectAttempt
from stomptui.connection.transport.frame_dispatcher import FrameDispatcher
from stomptui.connection.transport.heartbeats import HeartbeatClock
from stomptui.connection.transport.input_ended import InputEnded, over_limit
from stomptui.connection.transport.io_loop import IoLoop
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.liveness import Liveness
from stomptui.connection.transport.network_protocol import NetworkProtocol
from stomptui.connection.transport.socket_io import SocketIO
from stomptui.connection.transport.tcp import TcpProtocol
from stomptui.connection.transport.timers import Deadline, HeartbeatTimer, LivenessTimer, Timer
from stomptui.protocol.marker import CUT_OFF, Batch, FrameError

FAULT_BYTES = 16 << 10
"""Bytes of a broken frame that are shown."""
_OFTEN = {"batch": "on_batch", "delivered": "on_delivered"}
"""What listeners are told of with each read, and how: in stomp.py's own way that takes longer than most reads."""


class StompTransport(stomp.transport.BaseTransport):
    """One connection, used once: the socket, the network protocol that carries the frames, timers and listeners.

    Args:
        connection: Where to and as whom.
        limits: The largest frames to accept, and how much may wait to be sent.
        may_read: Called before each read; while it returns False nothing is read, until `wake` is called.
        pending_since: Returns `time.monotonic()` of the oldest request without an answer, None if there is none.
    """

    def __init__(
        self,
        connection: Connection,
        limits: Limits,
        may_read: Callable[[], bool],
        pending_since: Callable[[], float | None],
    ) -> None:
        super().__init__(auto_decode=False)
        self.override_threading(self._start_thread)
        self.over = False
        """Whether it has ended or is about to; no more frames are delivered then."""
        self.reason: str | None = None
        """Why it is over, in plain words; None while it is not."""
        self.failure: ConnectError | None = None
        """Why the attempt failed and which field is to blame, if it ended before CONNECTED."""
        self.over_limit: bytes | None = None
        """Command and headers of a received frame over the limits, None if there was none."""
        self.by_server = False
        """Whether the server ended it, as far as can be known."""
        self.close_code: int | None = None
        """The code with which the server closed the WebSocket, None without one."""
        self.close_words = ""
        """The server's words with that code."""
        self.dropped = 0
        """Bytes of an unfinished frame that were dropped at the end."""
        self.heartbeats = HeartbeatClock()
        self.io = SocketIO(limits, self.heartbeats)
        self.deadline = Deadline(self.io.waker.wake)
        self.liveness = Liveness(self.io.tcp_info)
        self.dispatcher = FrameDispatcher(self.notify, lambda: self.over)
        self.attempt = ConnectAttempt(
            connection, self.io, lambda: self.over, lambda stage: self.notify("progress", stage)
        )
        self._connection = connection
        self._network = _network_protocol(
            connection, limits, self.io, self.heartbeats, self.deadline, self.is_connected
        )
        self._early = b""
        """Bytes that were read while the connection was opened."""
        liveness_timer = LivenessTimer(
            self.liveness,
            self.io,
            self.heartbeats,
            self.is_connected,
            pending_since,
            lambda stall, text: self.notify("stalled", (stall, text)),
        )
        heartbeat_timer = HeartbeatTimer(self.heartbeats, self.io.queue, self._network.wrap)
        self.timers: list[Timer] = [self.deadline, liveness_timer, heartbeat_timer, *self._network.timers]
        """What is done at certain times."""
        self._loop = IoLoop(self.io, self.heartbeats, self.timers, may_read, self._take)

    @property
    def missing_end(self) -> str:
        """What had not come when it ended and kept received frames from being delivered, in words."""
        return self._network.missing_end

    @property
    def behind_first(self) -> bytes | None:
        """As of `NetworkProtocol`."""
        return self._network.behind_first

    def cut_at(self, size: int) -> None:
        """From now on cut frames into network messages of at most `size` bytes; 0 cuts none."""
        self._network.largest_message = size

    # Called from any thread

    def wake(self) -> None:
        """Make the thread check what it may do now."""
        self.io.waker.wake()

    def send(self, encoded_frame: bytes, announce: Callable[[], None] | None = None) -> None:
        """Queue an encoded frame; never blocks.

        Args:
            encoded_frame: The frame with its NUL.
            announce: Called just before it is queued, in the order in which frames are queued.

        Raises:
            NotConnected, SendQueueFull: It was not queued.
        """
        self.io.queue.put(self._network.wrap(encoded_frame), announce)

    def send_all(self, frames: Batch, announce: Callable[[], None]) -> None:
        """Queue several encoded frames at once, as `send` does, or write them at once in the connection's thread.

        Args:
            frames: The frames, each with its NUL.
            announce: Called just before they are queued, or just after they were written: what answers them is read by
                the same thread, later.

        Raises:
            NotConnected, SendQueueFull: None of them was queued.
        """
        data = self._network.wrap_all(frames)
        if self.io.waker.woken == threading.get_ident() and self.io.write_now(data):
            announce()
        else:
            self.io.queue.put(data, announce)

    def end(self, reason: str) -> None:
        """End it at once with a reason in plain words, or cancel the attempt; the thread cleans up."""
        self.reason = self.reason or reason
        self.over = True
        self.running = False
        self.wake()

    def fail(self, failure: ConnectError) -> None:
        """End an attempt to connect with a failure that names the field to blame."""
        if not self.reason:
            self.failure = failure
        self.end(failure.reason)

    def disconnect_socket(self) -> None:
        self.end("closed")

    def stop(self, timeout: float = 5.0) -> None:
        """Wait `timeout` seconds for the thread to end; the method of stomp.py has no timeout."""
        thread = self.io_thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)

    # The attempt to connect, in the thread that calls `start`

    def attempt_connection(self) -> None:
        """Open the socket; stomp.py's `start` calls it.

        Raises:
            ConnectError: It failed, and why.
            Cancelled: `end` was called.
        """
        # `running` says nothing here: stomp.py sets it even when `end` was called before.
        deadline = self.attempt.within(min(self._connection.timeout, LONGEST_TIMEOUT))
        self.deadline.set(deadline.at, self._timed_out)
        try:
            self.attempt.read_headers(deadline)
            sock, self._early = self._network.establish(self.attempt, deadline)
            if self.over:
                sock.close()
                raise Cancelled
            self.io.open(sock)
        except (TimeoutError, ConnectError) as error:
            # Before all is closed, so that it can still be cancelled.
            failure = self.attempt.diagnose(error if isinstance(error, ConnectError) else self._timed_out())
            self.cleanup()
            raise failure from None
        except BaseException:
            self.cleanup()
            raise
        self.current_host_and_port = (self._connection.host, self._connection.port)
        self.attempt.progress("CONNECT")

    def _timed_out(self) -> ConnectError:
        unfinished = f"and nothing more came within {self._connection.timeout:g} s"
        return self._network.unfinished_answer(unfinished) or self.attempt.timed_out()

    # The thread

    def _start_thread(self, callback: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                callback()
            except Exception:
                LOGGER.exception("the thread of a connection ended with an error")
            finally:
                self.cleanup()

        thread = threading.Thread(target=run, name=f"stomptui-io-{self._connection.port}", daemon=True)
        thread.start()
        return thread

    def receive(self) -> bytes:
        """Run the loop. Returns b"" at the end of the connection, as stomp.py expects; raises otherwise.

        Raises:
            InterruptedException: Nothing for stomp.py to parse: its listeners were called already.
        """
        try:
            # Going back to stomp.py after each run costs as much as a short run.
            while self.running and not self.over:
                self._run_once()
        except ConnectError as failure:
            self.fail(failure if self.connected else self.attempt.diagnose(failure))
        except ConnectionOver as over:
            self.end(str(over))
        except Exception as error:  # a defect of ours must not end the connection without a reason
            self.end(defect(error, "the I/O loop of a connection failed"))
        if self.over:
            self._recover()
            return b""
        raise stomp.exception.InterruptedException

    def _run_once(self) -> None:
        try:
            if self._early:
                early, self._early = self._early, b""
                self._take(early)
            self._loop.run_once()
        except InputEnded as ended:
            raise self._reason(ended) from ended

    def _take(self, data: bytes) -> bool:
        """Deliver the frames that end in the bytes of one read; b"" is the end of the stream.

        Returns:
            Whether it was taken by who looks before the listeners do, who has answered.
        """
        if not data:
            raise self._network.end_of_stream()
        if self._network.between_frames and self.dispatcher.take_read(data):
            return not self.over
        try:
            for batch in self._network.batches(data):
                self.dispatcher.deliver(batch)
                if self.over:
                    break
        except FrameError as error:
            if error.batch:
                self.dispatcher.deliver(error.batch)
            raise over_limit(error) from error
        return False

    def _reason(self, ended: InputEnded) -> ConnectError | ConnectionOver:
        """Why it ends when nothing more can be read."""
        if self.connected:
            if ended.fault:
                self.notify("fault", ended.fault)
            self.over_limit = ended.head
            self.by_server = ended.by_server
            self.close_code, self.close_words = ended.close_code, ended.close_words
            return ConnectionOver(ended.reason)
        unfinished = self._network.unfinished_answer(ended.then) if ended.then else None
        return unfinished or ended.failure

    def _recover(self) -> None:
        """Deliver the frames in the bytes that waited for an end that will not come, and report the bytes left."""
        if not self.connected:
            return
        batch, cut = self._network.recover()
        if batch:
            self.dispatcher.deliver_recovered(batch)
        self.dropped = len(cut)
        if cut:
            self.notify("fault", (CUT_OFF, cut[:FAULT_BYTES]))

    def notify(self, frame_type: str, frame: Any = None) -> None:
        """Call `on_<frame_type>(frame)` of the listeners; one that raises is logged and reported as a fault."""
        try:
            if frame_type in _OFTEN:
                for listener in list(self.listeners.values()):
                    if (call := getattr(listener, _OFTEN[frame_type], None)) is not None:
                        call(frame)
            else:
                super().notify(frame_type, frame)
        except Exception as error:
            text = defect(error, f"a listener failed at {frame_type}")
            if frame_type != "fault":
                self.notify("fault", (f"{text}, at {frame_type}", b""))

    def cleanup(self) -> None:
        """Close everything; only the thread calls it, or who failed to start it."""
        self.running = False
        self.io.close(self._network.closing())


def _network_protocol(
    connection: Connection,
    limits: Limits,
    io: SocketIO,
    clock: HeartbeatClock,
    deadline: Deadline,
    connected: Callable[[], bool],
) -> NetworkProtocol:
    if not connection.transport.websocket:
        return TcpProtocol(connection, limits, deadline)
    # Imported where it is used, since most connections do without it and start-up time counts.
    from stomptui.connection.transport.websocket.protocol import WebSocketProtocol

    return WebSocketProtocol(connection, limits, io.queue, clock, connected)
