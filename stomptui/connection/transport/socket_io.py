"""One non-blocking socket, plain or TLS, with its selector and send queue: wait, read, write, close."""

from __future__ import annotations

import selectors
import socket
import ssl
import time
from collections.abc import Callable

from stomptui.connection.errors import ConnectionOver
from stomptui.connection.transport.heartbeats import HeartbeatClock
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.send_queue import SendQueue
from stomptui.connection.transport.tcp_info import TcpInfo, tcp_info
from stomptui.connection.transport.waker import Waker

FIRST_READ = 16 << 10
WRITE_PER_TURN = 1 << 20
"""Bytes written in one run of the loop, before it reads again."""
_WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class SocketIO:
    """The socket of one connection as bytes; it knows nothing of STOMP.

    One thread owns it. `queue.put` and `waker.wake`, which make that thread leave `wait`, are for any thread.

    Args:
        limits: How much one read may take, and how much may wait to be sent.
        clock: Records when bytes were received and sent.
    """

    selector: Callable[[], selectors.BaseSelector] = selectors.DefaultSelector

    def __init__(self, limits: Limits, clock: HeartbeatClock) -> None:
        self.waker = Waker()
        self.queue = SendQueue(limits.max_unsent, self.waker.wake)
        self.bytes_in = self.bytes_out = 0
        self.more = False
        """Whether the last read was a full one: there is probably more, so the selector need not be asked."""
        self.write_wants_read = False
        """Whether TLS must read before it can write."""
        self._clock = clock
        self._max_read = limits.read_size
        self._read_size = FIRST_READ
        self._socket: socket.socket | None = None
        self._selector: selectors.BaseSelector | None = None
        self._interest = 0

    def open(self, sock: socket.socket) -> None:
        """Take over a connected, non-blocking socket."""
        selector = self.selector()
        selector.register(self.waker, selectors.EVENT_READ)
        self._selector, self._socket = selector, sock
        self._clock.last_received = self._clock.last_sent = time.monotonic()
        self.queue.open()

    @property
    def encrypted(self) -> bool:
        return isinstance(self._socket, ssl.SSLSocket)

    def tcp_info(self) -> TcpInfo | None:
        """What the system knows of the connection; None where it does not say, and once it is closed."""
        return None if self._socket is None else tcp_info(self._socket)

    @property
    def _open_socket(self) -> socket.socket:
        if self._socket is None:
            raise ConnectionOver("closed")
        return self._socket

    # Waiting

    def wait(self, to_read: bool, timeout: float | None) -> bool:
        """Wait until there is something to do, at most `timeout` seconds; returns whether there is something to read.

        Args:
            to_read: Whether bytes that have come are something to do.
            timeout: None waits until the socket is ready or somebody wakes us.
        """
        assert self._selector is not None
        events = selectors.EVENT_READ if to_read or self.write_wants_read else 0
        if self.queue and not self.write_wants_read:
            events |= selectors.EVENT_WRITE
        self._set_interest(events)
        if to_read and isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():
            return True
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

    # Reading

    def read(self) -> bytes | None:
        """The bytes that have come; b"" at the end of the stream, None if there are none yet.

        Raises:
            OSError: The connection is broken.
        """
        try:
            data = self._read_some(self._read_size)
        except _WOULD_BLOCK:
            # Bytes came, but not yet a whole record of TLS; they are a sign of life too.
            self.more = False
            self._clock.received(time.monotonic())
            return None
        if not data:
            return data
        self._clock.received(time.monotonic())
        self.bytes_in += len(data)
        self.more = len(data) >= self._read_size
        if self.more:
            self._read_size = min(self._read_size * 2, self._max_read)
        elif len(data) < self._read_size // 4:
            self._read_size = max(self._read_size // 2, FIRST_READ)
        return data

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

    # Writing

    def write(self) -> None:
        """Write what is queued, as much as the system takes now.

        Raises:
            OSError: The connection is broken.
        """
        self.write_wants_read = False
        enough = self.bytes_out + WRITE_PER_TURN
        while self.bytes_out < enough and (chunk := self.queue.chunk()):
            try:
                count = self._open_socket.send(chunk)
            except ssl.SSLWantReadError:
                self.write_wants_read = True
                return
            except (BlockingIOError, ssl.SSLWantWriteError):
                return
            self.bytes_out += count
            self.queue.written(count)
            self._clock.sent(time.monotonic())
            if count < len(chunk):
                return

    def write_now(self, data: bytes) -> bool:
        """Write bytes at once, if nothing waits and the system takes them; what it does not take is queued.

        Returns:
            Whether they are on their way; if not, nothing was done.
        """
        # TLS would have to be offered the same bytes again.
        if self.encrypted:
            return False
        try:
            return self.queue.pass_by(data, self._send)
        except OSError:
            return False  # whoever queues them meets it again, and tells why

    def _send(self, data: bytes) -> int:
        count = self._open_socket.send(data)
        self.bytes_out += count
        self._clock.sent(time.monotonic())
        return count

    def close(self, last: bytes = b"") -> None:
        """Close everything, without waiting; repeated calls do nothing.

        Args:
            last: Bytes to send before, unless others are half written.
        """
        whole = not self.queue.unsent
        self.queue.close()
        sock, self._socket = self._socket, None
        if sock is not None:
            try:
                if last and whole:
                    _send_last(sock, last)
                _end_tls(sock)
            finally:
                sock.close()
        selector, self._selector = self._selector, None
        if selector is not None:
            selector.close()
        self.waker.close()


def _send_last(sock: socket.socket, last: bytes) -> None:
    try:
        sock.send(last)
    except OSError:
        pass  # it is gone already


def _end_tls(sock: socket.socket) -> None:
    if isinstance(sock, ssl.SSLSocket):
        try:
            sock.unwrap()  # on a non-blocking socket it sends close_notify and does not wait
        except (OSError, ValueError):
            pass
