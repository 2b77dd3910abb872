"""What every transport does once its socket is open: read, write, keep time; one thread, which never waits elsewhere.

The thread is stomp.py's: it calls `receive` over and over, and each call here is one turn. Nothing that goes wrong in
a turn leaves it as an exception.
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
"""Seconds after which the thread looks again though nothing is due: selectors take no absurdly long time."""
FAULT_BYTES = 16 << 10
"""Bytes of a broken frame that are shown."""


class IoLoopTransport(SocketTransport):
    """A stomp.py transport that is driven by one selector.

    Args:
        connection: Where to and as whom.
        limits: How much is taken.
        may_read: Asked before each read; False leaves the bytes with the broker until `wake` is called.
    """

    selector: Callable[[], selectors.BaseSelector] = selectors.DefaultSelector

    def __init__(self, connection: Connection, limits: Limits, may_read: Callable[[], bool]) -> None:
        super().__init__(connection, limits)
        self.reason = ""
        """Why it is over, in words."""
        self.failure: ConnectError | None = None
        """The same, with what is to blame, if there was no CONNECTED."""
        self.held_back_by = "a content-length"
        """What was not reached when it ended, so that what came before it waited."""
        self.dropped = 0
        """Bytes of an unfinished frame that were let go at the end."""
        self._may_read = may_read
        self._listening = True
        self._deadline: tuple[float, Callable[[], ConnectError | ConnectionOver]] | None = None
        self._selector: selectors.BaseSelector | None = None
        self._interest = 0
        self.liveness = Liveness(lambda: None if self.socket is None else tcp_info(self.socket))
        self.asked_since: Callable[[], float | None] = lambda: None
        """When the oldest question was asked that the broker has not answered."""
        self._look_at: float | None = None
        self._looked = 0.0
        self._stall: Stall | None = None
        self.override_threading(self._start_thread)

    # What others may call, from any thread

    def wake(self) -> None:
        """Make the thread look again at what it may do."""
        self.waker.wake()

    def end(self, reason: str) -> None:
        """End it, for a reason, at once; the thread cleans up."""
        self.reason = self.reason or reason
        self.over = True
        self.running = False
        self.waker.wake()

    def fail(self, failure: ConnectError) -> None:
        """End an attempt to connect for a reason that says what is to blame."""
        if not self.reason:
            self.failure = failure
        self.end(failure.reason)

    def explained(self, failure: ConnectError) -> ConnectError:
        """The same failure, or what was found out about it since; takes a moment, in the thread of the attempt."""
        return failure

    def set_deadline(
        self, at: float | None, over: Callable[[], ConnectError | ConnectionOver] = lambda: ConnectionOver("closed")
    ) -> None:
        """End it at a time (`time.monotonic()`), with what `over` gives, unless another deadline is set before."""
        self._deadline = None if at is None else (at, over)
        self.waker.wake()

    def disconnect_socket(self) -> None:
        self.end("closed")

    def stop(self, timeout: float = 5.0) -> None:
        """Wait for the thread to end; stomp.py's own would wait for ever."""
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

    def adopt(self, sock: socket.socket) -> None:
        """Begin to serve an open, non-blocking socket."""
        selector = self.selector()
        selector.register(self.waker, selectors.EVENT_READ)
        self._selector, self.socket = selector, sock
        self.pulse.last_heard = self.pulse.last_sent = time.monotonic()
        self.outbox.open()

    def receive(self) -> bytes:
        """One turn. stomp.py reads b"" as the end and is told of everything else by its listeners."""
        try:
            self._turn()
        except ConnectError as failure:
            self.fail(self.explained(failure))
        except ConnectionOver as over:
            self.end(str(over))
        except Exception as error:  # a defect of ours must not end as silence
            self.end(defect(error, "a turn of the connection failed"))
        if self.over:
            self._let_go()
            return b""
        raise stomp.exception.InterruptedException

    def _let_go(self) -> None:
        """Deliver what can be made out of bytes that waited for an end that will not come, and say what is left."""
        if not self.connected:
            return
        batch, cut = self.marker.recover()
        if batch:
            self.frames_in += len(batch)
            self.tell("recovered", batch)
        self.dropped = len(cut)
        if cut:
            self.tell("fault", (CUT_OFF, cut[:FAULT_BYTES]))

    def _turn(self) -> None:
        listening = self._may_read()
        if listening and not self._listening:
            self.pulse.not_listening(time.monotonic())
        self._listening = listening
        readable = True
        if not (self._more and listening and not self.outbox):
            readable = self._wait(listening)
        if self.outbox:
            self._write()
        if readable and listening:
            self._read()
        elif self._write_wants_read and readable:
            self._write()
        now = time.monotonic()
        self._keep_time(now, quiet=listening and not readable)

    def _wait(self, listening: bool) -> bool:
        """Wait for something to do; True if there is something to read."""
        assert self._selector is not None
        events = selectors.EVENT_READ if listening or self._write_wants_read else 0
        if self.outbox and not self._write_wants_read:
            events |= selectors.EVENT_WRITE
        self._watch(events)
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

    def _watch(self, events: int) -> None:
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
        beat = self.pulse.next_due(listening, sending=not self.outbox)
        due = [at for at in (beat, self._deadline and self._deadline[0], self._look_at) if at is not None]
        return min(max(0.0, min(due) - time.monotonic()), LONGEST_WAIT) if due else None

    def _keep_time(self, now: float, quiet: bool) -> None:
        if self.pulse.beat_due(now) and not self.outbox:
            self.outbox.put(self.wrap(b"\n"))
            self.pulse.sent(now)
            self._write()
        if self._deadline and now >= self._deadline[0]:
            raise self._deadline[1]()
        self._look(now)
        # Bytes that lie unread are a sign of life: only a look that found none counts.
        silence = self.pulse.silence(now) if quiet else 0.0
        if silence:
            promised = self.pulse.hear_every
            raise ConnectionOver(f"nothing heard for {silence:.0f} s (a heart-beat every {promised:g} s was agreed)")

    def _look(self, now: float) -> None:
        """See now and then whether what is on its way gets through; an idle connection is not looked at."""
        if not self.connected:
            return
        if self._look_at is None:
            if self.outbox or self.pulse.last_sent > self._looked:
                self._look_at = now + self.liveness.check_every
        elif now >= self._look_at:
            # An answer that lies unread here is not missing.
            asked = self.asked_since() if self._listening else None
            verdict = self.liveness.check(now, self.bytes_out, self.outbox.unsent, asked)
            self._looked = now
            self._look_at = now + self.liveness.check_every if verdict.open else None
            if verdict.stall is not self._stall:
                self._stall = verdict.stall
                self.tell("stalled", (verdict.stall, verdict.text))

    def cleanup(self) -> None:
        """Close everything; only the thread calls it, or who failed to start it."""
        self.running = False
        self.outbox.close()
        sock, self.socket = self.socket, None
        if sock is not None:
            try:
                self.goodbye(sock)
            finally:
                sock.close()
        selector, self._selector = self._selector, None
        if selector is not None:
            selector.close()
        self.waker.close()
