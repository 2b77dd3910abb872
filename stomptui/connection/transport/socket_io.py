"""Reading and writing one non-blocking socket, plain or TLS: bytes become batches of frames, queued frames are sent."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable

from stomptui.config.connection import Connection
from stomptui.connection import connect_errors
from stomptui.connection.errors import ConnectError, ConnectionOver
from stomptui.connection.server_answers import refusal_text
from stomptui.connection.transport.frame_dispatcher import Dispatcher
from stomptui.connection.transport.heartbeats import HeartbeatClock
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.send_queue import SendQueue
from stomptui.connection.transport.waker import Waker
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import FrameError, FrameMarker

FIRST_READ = 16 << 10
WRITE_PER_TURN = 1 << 20
"""Bytes written in one run of the loop, before it reads again."""
WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class SocketTransport(Dispatcher):
    """The part of a transport that reads and writes the socket; subclasses say how bytes become frames.

    Args:
        connection: Where to and as whom.
        limits: The largest frames to accept, and how much may wait to be sent.
    """

    def __init__(self, connection: Connection, limits: Limits) -> None:
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
        self.heartbeats = HeartbeatClock()
        self.bytes_in = self.bytes_out = 0
        self.waker = Waker()
        self.out_queue = SendQueue(limits.max_unsent, self.waker.wake)
        self.over_limit: bytes | None = None
        """Command and headers of a received frame over `limits`, None if there was none."""
        self._read_size = FIRST_READ
        self._more = False
        """Whether the last read was a full one: there is probably more, so the selector need not be asked."""
        self._write_wants_read = False

    # Overridden by subclasses

    def take(self, data: bytes) -> None:
        """Mark the frames in what was read and `deliver` them. Raises `FrameError`."""
        batch = self.marker.feed(data)
        if batch:
            self.deliver(batch)

    def foreign_server(self) -> ConnectError | None:
        """What kind of server answered, if what was read so far cannot be STOMP; None if it can."""
        return None

    def wrap(self, encoded: bytes) -> bytes:
        """The bytes to send for an encoded frame or heart-beat."""
        return encoded

    def send_close(self, sock: socket.socket) -> None:
        """Send the last bytes of the protocol (TLS close_notify) before the socket closes, without waiting."""
        if isinstance(sock, ssl.SSLSocket):
            try:
                sock.unwrap()  # on a non-blocking socket it sends close_notify and does not wait
            except (OSError, ValueError):
                pass

    def send(self, encoded_frame: bytes, announce: Callable[[], None] | None = None) -> None:
        """Queue an encoded frame; never blocks.

        Args:
            encoded_frame: The frame with its NUL.
            announce: Called just before it is queued, in the order in which frames are queued.

        Raises:
            NotConnected, SendQueueFull: It was not queued.
        """
        self.out_queue.put(self.wrap(encoded_frame), announce)

    @property
    def _open_socket(self) -> socket.socket:
        if self.socket is None:
            raise ConnectionOver("closed")
        return self.socket

    # Reading

    def _read(self) -> None:
        try:
            data = self._read_some(self._read_size)
        except WOULD_BLOCK:
            # Bytes came, but not yet a whole record of TLS; they are a sign of life too.
            self._more = False
            self.heartbeats.received(time.monotonic())
            return
        except OSError as error:
            raise self._broken(error) from error
        if not data:
            raise self._end_of_stream()
        self.heartbeats.received(time.monotonic())
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
            except OSError:
                # Nothing more for now, or never again: what there is comes first.
                if parts:
                    break
                raise
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def unfinished_answer(self, then: str) -> ConnectError | None:
        """The error for an answer to CONNECT that has begun and whose end did not come; None if none has begun.

        Args:
            then: What happened instead, as the end of the sentence.
        """
        pending = self.marker.pending
        if self.connected or not pending:
            return None
        batch, cut = self.marker.recover()
        frame = Frame(batch.frame(0) if batch else cut, "1.0")
        if batch and frame.command == "ERROR":
            return connect_errors.refused_connect(refusal_text(frame.raw, self.connection.versions))
        why = batch.odd.get(0) if batch else "its end did not come"
        text = pending.decode("utf-8", "backslashreplace")[: connect_errors.TEXT_LIMIT]
        return ConnectError(
            f"the answer to CONNECT, {frame.command[:40] or 'a frame'}, is not whole ({why}), {then}", "port", text
        )

    def _broken(self, error: OSError) -> ConnectError | ConnectionOver:
        if foreign_server := self.foreign_server():
            return foreign_server
        if self.connected:
            return ConnectionOver(connect_errors.broken(error))
        if answer := self.unfinished_answer(f"and {connect_errors.broken(error)}"):
            return answer
        return connect_errors.broken_before_connected(error, self.connection.transport.encrypted)

    def _end_of_stream(self) -> ConnectError | ConnectionOver:
        if foreign_server := self.foreign_server():
            return foreign_server
        if self.connected:
            return ConnectionOver("the broker closed the connection")
        if answer := self.unfinished_answer("and the server closed the connection"):
            return answer
        return ConnectError(
            "the server closed the connection instead of answering CONNECT"
            + ("" if self.connection.transport.encrypted else " (a TLS port may do that: is TLS needed?)"),
            "transport",
        )

    def _not_followed(self, error: FrameError) -> ConnectError | ConnectionOver:
        if error.batch:
            self.deliver(error.batch)
        if self.connected:
            self.notify("fault", (str(error), error.raw))
            self.over_limit = error.head
            return ConnectionOver(f"the broker sent {error}; this frame and what came behind it was not read")
        return ConnectError(f"the answer to CONNECT has {error}", "port", error.raw.decode("utf-8", "replace"))

    # Writing

    def _write(self) -> None:
        self._write_wants_read = False
        enough = self.bytes_out + WRITE_PER_TURN
        while self.bytes_out < enough and (chunk := self.out_queue.chunk()):
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
            self.out_queue.written(count)
            self.heartbeats.sent(time.monotonic())
            if count < len(chunk):
                return

    def _read_what_is_left(self) -> None:
        for _ in range(16):
            self._more = False
            self._read()
            if not self._more:
                return
