"""The I/O loop of an open socket: one thread reads, writes and checks timers, and waits in one selector only.

The thread is the receiver thread of stomp.py, which calls `receive` over and over; each call runs the loop once. No
exception leaves `receive`: each one ends the connection with its reason.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable

import stomp.exception

from stomptui.config.connection import Connection
from stomptui.connection.errors import ConnectError, ConnectionOver
from stomptui.connection.stomp_log import LOGGER, defect
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.liveness import Liveness, Stall
from stomptui.connection.transport.socket_io import SocketTransport
from stomptui.connection.transport.tcp_info import tcp_info
from stomptui.protocol.marker import CUT_OFF

LONGEST_WAIT = 3600.0
"""Seconds that the thread waits at most in one `select`, which does not accept absurdly long timeouts."""
FAULT_BYTES = 16 << 10
"""Bytes of a broken frame that are shown."""


class IoLoopTransport(SocketTransport):
    """A stomp.py transport whose socket, wake-ups and timers are served by one selector.

    Args:
        connection: Where to and as whom.
        limits: The largest frames to accept, and how much may wait to be sent.
        may_read: Called before each read; while it returns False nothing is read, until `wake` is called.
    """

    selector: Callable[[], selectors.BaseSelector] = selectors.DefaultSelector

    def __init__(self, connection: Connection, limits: Limits, may_read: Callable[[], bool]) -> None:
        super().__init__(connection, limits)
        self.reason = ""
        """Why it is over, in plain words; "" while it is not."""
        self.failure: ConnectError | None = None
        """Why the attempt failed and which field is to blame, if it ended before CONNECTED."""
        self.missing_end = "a content-length"
        """What had not come when it ended and kept received frames from being delivered, in words."""
        self.dropped = 0
        """Bytes of an unfinished frame that were dropped at the end."""
        self._may_read = may_read
        self._listening = True
        self._deadline: tuple[float, Callable[[], ConnectError | ConnectionOver]] | None = None
        self._selector: selectors.BaseSelector | None = None
        self._interest = 0
        self.liveness = Liveness(lambda: None if self.socket is None else tcp_info(self.socket))
        self.pending_since: Callable[[], float | None] = lambda: None
        """Returns `time.monotonic()` of the oldest request without an answer, None if there is none."""
        self._check_at: float | None = None
        self._checked_at = 0.0
        self._stall: Stall | None = None
        self.override_threading(self._start_thread)

    # Called from any thread

    def wake(self) -> None:
        """Make the thread leave `select` and check what it may do now."""
        self.waker.wake()

    def end(self, reason: str) -> None:
        """End it at once with a reason in plain words; the thread cleans up."""
        self.reason = self.reason or reason
        self.over = True
        self.running = False
        self.waker.wake()

    def fail(self, failure: ConnectError) -> None:
        """End an attempt to connect with a failure that names the field to blame."""
        if not self.reason:
            self.failure = failure
        self.end(failure.reason)

    def diagnose(self, failure: ConnectError) -> ConnectError:
        """The same failure, or a more precise one; may take a second, in the thread of the attempt."""
        return failure

    def set_deadline(
        self, at: float | None, over: Callable[[], ConnectError | ConnectionOver] = lambda: ConnectionOver("closed")
    ) -> None:
        """End it at `at` (`time.monotonic()`) with the error that `over` returns; replaces the deadline before."""
        self._deadline = None if at is None else (at, over)
        self.waker.wake()

    def disconnect_socket(self) -> None:
        self.end("closed")

    def stop(self, timeout: float = 5.0) -> None:
        """Wait `timeout` seconds for the thread to end; the method of stomp.py has no timeout."""
        thread = self.io_thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)

    # The thread

    def _start_thread(self, callback: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                callback()
            except Exception:
                LOGGER.exception("the thread of a connection ended with an error")
            finally:
                self.cleanup()

        thread = threading.Thread(target=run, name=f"stomptui-io-{self.connection.port}", daemon=True)
        thread.start()
        return thread

    def serve(self, sock: socket.socket) -> None:
        """Take over an open, non-blocking socket and begin to serve it."""
        selector = self.selector()
        selector.register(self.waker, selectors.EVENT_READ)
        self._selector, self.socket = selector, sock
        self.heartbeats.last_received = self.heartbeats.last_sent = time.monotonic()
        self.out_queue.open()

    def receive(self) -> bytes:
        """Run the loop once. Returns b"" at the end of the connection, as stomp.py expects; raises otherwise.

        Raises:
            InterruptedException: Nothing for stomp.py to parse: its listeners were called already.
        """
        try:
            self._run_once()
        except ConnectError as failure:
            self.fail(self.diagnose(failure))
        except ConnectionOver as over:
            self.end(str(over))
        except Exception as error:  # a defect of ours must not end the connection without a reason
            self.end(defect(error, "the I/O loop of a connection failed"))
        if self.over:
            self._recover()
            return b""
        raise stomp.exception.InterruptedException

    def _recover(self) -> None:
        """Deliver the frames in the bytes that waited for an end that will not come, and report the bytes left."""
        if not self.connected:
            return
        batch, cut = self.marker.recover()
        if batch:
            self.frames_in += len(batch)
            self.notify("recovered", batch)
        self.dropped = len(cut)
        if cut:
            self.notify("fault", (CUT_OFF, cut[:FAULT_BYTES]))

    def _run_once(self) -> None:
        listening = self._may_read()
        if listening and not self._listening:
            self.heartbeats.reading_resumed(time.monotonic())
        self._listening = listening
        readable = True
        if not (self._more and listening and not self.out_queue):
            readable = self._wait(listening)
        if self.out_queue:
            self._write()
        if readable and listening:
            self._read()
        elif self._write_wants_read and readable:
            self._write()
        now = time.monotonic()
        self._check_timers(now, quiet=listening and not readable)

    def _wait(self, listening: bool) -> bool:
        """Wait until there is something to do; returns whether there is something to read."""
        assert self._selector is not None
        events = selectors.EVENT_READ if listening or self._write_wants_read else 0
        if self.out_queue and not self._write_wants_read:
            events |= selectors.EVENT_WRITE
        self._set_interest(events)
        if listening and isinstance(self.socket, ssl.SSLSocket) and self.socket.pending():
            return True
        timeout = self._due_in(listening)
        readable = False
        for key, mask in self._selector.select(timeout):
            if key.fileobj is self.waker:
                self.waker.clear()
            elif mask & selectors.EVENT_READ:
                readable = True
        return readable

    def _set_interest(self, events: int) -> None:
        if events == self._interest:
            return
        assert self._selector is not None
        # Not every selector takes a socket without events, so it is taken out instead.
        if not events:
            self._selector.unregister(self._open_socket)
        elif not self._interest:
            self._selector.register(self._open_socket, events)
        else:
            self._selector.modify(self._open_socket, events)
        self._interest = events

    def _due_in(self, listening: bool) -> float | None:
        beat = self.heartbeats.next_due(listening, sending=not self.out_queue)
        due = [at for at in (beat, self._deadline and self._deadline[0], self._check_at) if at is not None]
        return min(max(0.0, min(due) - time.monotonic()), LONGEST_WAIT) if due else None

    def _check_timers(self, now: float, quiet: bool) -> None:
        if self.heartbeats.beat_due(now) and not self.out_queue:
            self.out_queue.put(self.wrap(b"\n"))
            self.heartbeats.sent(now)
            self._write()
        if self._deadline and now >= self._deadline[0]:
            raise self._deadline[1]()
        self._check_liveness(now)
        # Unread bytes are a sign of life: only a check that found none counts as silence.
        silence = self.heartbeats.overdue(now) if quiet else 0.0
        if silence:
            promised = self.heartbeats.receive_every
            raise ConnectionOver(f"nothing heard for {silence:.0f} s (a heart-beat every {promised:g} s was agreed)")

    def _check_liveness(self, now: float) -> None:
        """Check now and then whether what was sent gets through; an idle connection is not checked."""
        if not self.connected:
            return
        if self._check_at is None:
            if self.out_queue or self.heartbeats.last_sent > self._checked_at:
                self._check_at = now + self.liveness.check_every
        elif now >= self._check_at:
            # While we do not read, an answer that came is not seen.
            pending = self.pending_since() if self._listening else None
            check = self.liveness.check(now, self.bytes_out, self.out_queue.unsent, pending)
            self._checked_at = now
            self._check_at = now + self.liveness.check_every if check.open else None
            if check.stall is not self._stall:
                self._stall = check.stall
                self.notify("stalled", (check.stall, check.text))

    def cleanup(self) -> None:
        """Close everything; only the thread calls it, or who failed to start it."""
        self.running = False
        self.out_queue.close()
        sock, self.socket = self.socket, None
        if sock is not None:
            try:
                self.send_close(sock)
            finally:
                sock.close()
        selector, self._selector = self._selector, None
        if selector is not None:
            selector.close()
        self.waker.close()
