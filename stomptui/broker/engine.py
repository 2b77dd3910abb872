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

from stomptui.broker import reasons
from stomptui.broker.dispatch import Dispatcher
from stomptui.broker.errors import ConnectError, ConnectionOver
from stomptui.broker.heartbeat import Pulse
from stomptui.broker.limits import Limits
from stomptui.broker.logs import LOGGER
from stomptui.broker.outbox import Outbox
from stomptui.broker.waker import Waker
from stomptui.config.connection import Connection
from stomptui.protocol.marker import FrameError, FrameMarker

FIRST_READ = 16 << 10
FAULT_BYTES = 16 << 10
"""Bytes of a broken frame that are shown."""
WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Engine(Dispatcher):
    """A stomp.py transport that is driven by one selector; subclasses say how bytes become frames.

    Args:
        connection: Where to and as whom.
        limits: How much is taken.
        may_read: Asked before each read; False leaves the bytes with the broker until `wake` is called.
    """

    selector: Callable[[], selectors.BaseSelector] = selectors.DefaultSelector

    def __init__(self, connection: Connection, limits: Limits, may_read: Callable[[], bool]) -> None:
        super().__init__(
            [(connection.host, connection.port)],
            prefer_localhost=False,
            try_loopback_connect=False,
            auto_decode=False,
        )
        self.socket: socket.socket | None = None
        self.connection = connection
        self.limits = limits
        self.marker = FrameMarker(limits.max_header, limits.max_frame)
        self.pulse = Pulse()
        self.reason = ""
        """Why it is over, in words."""
        self.failure: ConnectError | None = None
        """The same, with what is to blame, if there was no CONNECTED."""
        self.bytes_in = self.bytes_out = 0
        self.dropped = 0
        """Bytes of an unfinished frame that were let go at the end."""
        self.waker = Waker()
        self.outbox = Outbox(limits.max_unsent, self.waker.wake)
        self._may_read = may_read
        self._deadline: tuple[float, Callable[[], ConnectError | ConnectionOver]] | None = None
        self._selector: selectors.BaseSelector | None = None
        self._interest = 0
        self._read_size = FIRST_READ
        self._more = False
        """The last read was a full one: there is probably more, no need to ask the selector."""
        self._write_wants_read = False
        self._listening = True
        self.override_threading(self._start_thread)

    # What subclasses say

    def take(self, data: bytes) -> None:
        """Make frames of what was read and `deliver` them; WebSocket has another way."""
        batch = self.marker.feed(data)
        if batch:
            self.deliver(batch)

    def stranger(self) -> ConnectError | None:
        """Who answered, if what was read so far cannot be STOMP."""
        return None

    def wrap(self, encoded: bytes) -> bytes:
        """What goes on the wire for an encoded frame or heart-beat."""
        return encoded

    def goodbye(self, sock: socket.socket) -> None:
        """Say a last word on the socket that is about to close, without waiting for an answer."""
        if isinstance(sock, ssl.SSLSocket):
            try:
                sock.unwrap()  # on a non-blocking socket it sends close_notify and does not wait
            except (OSError, ValueError):
                pass

    # What others may call, from any thread

    def send(self, encoded_frame: bytes, announce: Callable[[], None] | None = None) -> None:
        """Queue an encoded frame; never blocks.

        Args:
            encoded_frame: The frame with its NUL.
            announce: Called just before it is queued, in the order of the queue.

        Raises:
            NotConnected, SendQueueFull: It was not queued.
        """
        self.outbox.put(self.wrap(encoded_frame), announce)

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

    @property
    def _open_socket(self) -> socket.socket:
        if self.socket is None:
            raise ConnectionOver("closed")
        return self.socket

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
            self.fail(failure)
        except ConnectionOver as over:
            self.end(str(over))
        except Exception as error:  # a defect of ours must not end as silence
            LOGGER.exception("a turn of the connection failed")
            self.end(f"internal error: {error!r}")
        if self.over:
            self._let_go()
            return b""
        raise stomp.exception.InterruptedException

    def _let_go(self) -> None:
        """Say what is left of a frame whose end will not come."""
        self.dropped = self.marker.unfinished
        if self.dropped and self.connected:
            self.tell("fault", ("the connection ended inside this frame", self.marker.pending[:FAULT_BYTES]))

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
        due = [at for at in (beat, self._deadline and self._deadline[0]) if at is not None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _keep_time(self, now: float, quiet: bool) -> None:
        if self.pulse.beat_due(now) and not self.outbox:
            self.outbox.put(self.wrap(b"\n"))
            self.pulse.sent(now)
            self._write()
        if self._deadline and now >= self._deadline[0]:
            raise self._deadline[1]()
        # Bytes that lie unread are a sign of life: only a look that found none counts.
        silence = self.pulse.silence(now) if quiet else 0.0
        if silence:
            promised = self.pulse.hear_every
            raise ConnectionOver(f"nothing heard for {silence:.0f} s (a heart-beat every {promised:g} s was agreed)")

    # Reading

    def _read(self) -> None:
        try:
            data = self._read_some(self._read_size)
        except WOULD_BLOCK:
            # Bytes came, but not yet a whole record of TLS; they are a sign of life too.
            self._more = False
            self.pulse.heard(time.monotonic())
            return
        except OSError as error:
            raise self._broken(error) from error
        if not data:
            raise self._end_of_stream()
        self.pulse.heard(time.monotonic())
        self.bytes_in += len(data)
        self._more = len(data) >= self._read_size
        if self._more:
            self._read_size = min(self._read_size * 2, self.limits.read_size)
        elif len(data) < self._read_size // 4:
            self._read_size = max(self._read_size // 2, FIRST_READ)
        try:
            self.take(data)
        except FrameError as error:
            raise self._not_followed(error) from error

    def _read_some(self, size: int) -> bytes:
        sock = self._open_socket
        if not isinstance(sock, ssl.SSLSocket):
            return sock.recv(size)
        # TLS gives one record of at most 16 kB at a time: gather them, or every batch is small.
        parts: list[bytes] = []
        while size > 0:
            try:
                part = sock.recv(size)
            except WOULD_BLOCK:
                if parts:
                    break
                raise
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _broken(self, error: OSError) -> ConnectError | ConnectionOver:
        if stranger := self.stranger():
            return stranger
        if self.connected:
            return ConnectionOver(reasons.broken(error))
        return reasons.broken_before_connected(error, self.connection.transport.encrypted)

    def _end_of_stream(self) -> ConnectError | ConnectionOver:
        if stranger := self.stranger():
            return stranger
        if self.connected:
            return ConnectionOver("the broker closed the connection")
        return ConnectError(
            "the server closed the connection instead of answering CONNECT"
            + ("" if self.connection.transport.encrypted else " (a TLS port may do that: is TLS needed?)"),
            "transport",
            self.marker.pending.decode("utf-8", "replace").strip()[: reasons.TEXT_LIMIT],
        )

    def _not_followed(self, error: FrameError) -> ConnectError | ConnectionOver:
        if error.batch:
            self.deliver(error.batch)
        if self.connected:
            self.tell("fault", (str(error), error.raw))
            return ConnectionOver(f"the broker sent {error}; this frame and what came behind it was not read")
        return ConnectError(f"the answer to CONNECT has {error}", "port", error.raw.decode("utf-8", "replace"))

    # Writing

    def _write(self) -> None:
        self._write_wants_read = False
        while chunk := self.outbox.chunk():
            try:
                count = self._open_socket.send(chunk)
            except ssl.SSLWantReadError:
                self._write_wants_read = True
                return
            except (BlockingIOError, ssl.SSLWantWriteError):
                return
            except OSError as error:
                # What the broker said before it closed, often why, may still lie unread.
                self._read_what_is_left()
                raise self._broken(error) from error
            self.bytes_out += count
            self.outbox.written(count)
            self.pulse.sent(time.monotonic())
            if count < len(chunk):
                return

    def _read_what_is_left(self) -> None:
        for _ in range(16):
            self._more = False
            self._read()
            if not self._more:
                return

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
