"""From host and port to a connected socket: name lookup, TCP connect, TLS handshake; one deadline, cancellable."""

from __future__ import annotations

import errno
import ipaddress
import os
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

from stomptui.connection import connect_errors
from stomptui.connection.errors import Cancelled, ConnectError
from stomptui.connection.transport.waker import Waker

Address = tuple[socket.AddressFamily, Any]
"""An address family and the address that `socket.connect` takes for it."""

_UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR, getattr(errno, "WSAEWOULDBLOCK", errno.EINPROGRESS))


class ConnectDeadline:
    """Until when an attempt may last, and whether it was cancelled.

    Args:
        at: `time.monotonic()` at which it has failed.
        waker: Woken when it is cancelled.
        cancelled: Returns whether it was cancelled.
        selector: Makes the selector to wait with.
    """

    def __init__(
        self,
        at: float,
        waker: Waker,
        cancelled: Callable[[], bool],
        selector: Callable[[], selectors.BaseSelector] = selectors.DefaultSelector,
    ) -> None:
        self.at = at
        self._waker = waker
        self._cancelled = cancelled
        self._selector = selector

    def left(self) -> float:
        return max(0.0, self.at - time.monotonic())

    def within(self, seconds: float) -> ConnectDeadline:
        """The same deadline, or one in `seconds` if that is earlier."""
        at = min(self.at, time.monotonic() + seconds)
        return ConnectDeadline(at, self._waker, self._cancelled, self._selector)

    def wait(self, sock: socket.socket | None, events: int = 0, until: float | None = None) -> None:
        """Wait until the socket is ready for `events` (of `selectors`), or, without one, until we are woken.

        Raises:
            Cancelled: Somebody cancelled.
            TimeoutError: Neither happened before `until`, the deadline by default.
        """
        end = self.at if until is None else min(until, self.at)
        with self._selector() as selector:
            selector.register(self._waker, selectors.EVENT_READ)
            if sock is not None:
                selector.register(sock, events)
            while True:
                if self._cancelled():
                    raise Cancelled
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                ready = [key.fileobj for key, _ in selector.select(left)]
                if self._waker in ready:
                    self._waker.clear()
                if self._cancelled():
                    raise Cancelled
                if (sock in ready) if sock is not None else bool(ready):
                    return


def look_up(host: str, port: int, deadline: ConnectDeadline, waker: Waker) -> list[Address]:
    """The addresses of a host, in the order the system prefers.

    A name is looked up in a thread of its own, because the resolver has no timeout and cannot be cancelled.

    Raises:
        ConnectError: There is no such name.
        Cancelled, TimeoutError: See `ConnectDeadline.wait`.
    """
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        if literal.version == 6:
            return [(socket.AF_INET6, (host, port, 0, 0))]
        return [(socket.AF_INET, (host, port))]
    answer: list[list[Address] | Exception] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.append([(family, address) for family, _, _, _, address in found])
        except Exception as error:  # raised in the thread that waits
            answer.append(error)
        waker.wake()

    threading.Thread(target=ask, name="stomptui-lookup", daemon=True).start()
    while not answer:
        deadline.wait(None)
    if isinstance(answer[0], Exception):
        raise connect_errors.lookup_failed(host, answer[0])
    if not answer[0]:
        raise ConnectError(f"the name {host} has no address", "host")
    return answer[0]


def connect(host: str, addresses: list[Address], deadline: ConnectDeadline) -> socket.socket:
    """A connected, non-blocking socket to the first address that answers; each gets an equal share of the time left.

    Raises:
        ConnectError: None answered, with what each of them said.
        Cancelled: See `ConnectDeadline.wait`.
    """
    failures: list[tuple[str, OSError]] = []
    port = addresses[0][1][1]
    for index, (family, address) in enumerate(addresses):
        until = time.monotonic() + deadline.left() / (len(addresses) - index)
        try:
            return _connect_one(family, address, deadline, until)
        except OSError as error:  # TimeoutError is one of them
            failures.append((str(address[0]), error))
    raise connect_errors.connect_failed(host, port, failures)


def _connect_one(family: socket.AddressFamily, address: Any, deadline: ConnectDeadline, until: float) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _keep_alive(sock)
        code = sock.connect_ex(address)
        if code in _UNDER_WAY:
            deadline.wait(sock, selectors.EVENT_WRITE, until)
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
        if sock.getsockname() == sock.getpeername():
            # On loopback the kernel can connect a socket to itself when nobody listens on a port of its own range.
            raise OSError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    except BaseException:
        sock.close()
        raise
    return sock


def _keep_alive(sock: socket.socket) -> None:
    """Turn on TCP keep-alive (tcp(7)), so that a broker that vanished is noticed in 40 s without heart-beats.

    The system probes only while nothing waits for an acknowledgement, and a broker that is blocked answers. macOS has
    another name for the time before the first probe.
    """
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    idle = "TCP_KEEPIDLE" if hasattr(socket, "TCP_KEEPIDLE") else "TCP_KEEPALIVE"
    for name, value in ((idle, 20), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 4)):
        option = getattr(socket, name, None)
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)


def encrypt(
    sock: socket.socket, context: ssl.SSLContext, server_name: str, host: str, port: int, deadline: ConnectDeadline
) -> ssl.SSLSocket:
    """The TLS handshake over a connected socket, which is closed if it fails.

    Raises:
        ConnectError: The certificate is not to be trusted, or what answers does not speak TLS.
        Cancelled, TimeoutError: See `ConnectDeadline.wait`.
    """
    try:
        secure = context.wrap_socket(sock, server_hostname=server_name, do_handshake_on_connect=False)
    except (ssl.SSLError, OSError, ValueError) as error:
        sock.close()
        raise connect_errors.handshake_failed(error, server_name, host, port, b"") from error
    first = b""
    try:
        while True:
            # OpenSSL does not return bytes that it does not understand, so peek before it reads.
            first = first or _peek(secure)
            try:
                secure.do_handshake()
                return secure
            except ssl.SSLWantReadError:
                deadline.wait(secure, selectors.EVENT_READ)
            except ssl.SSLWantWriteError:
                deadline.wait(secure, selectors.EVENT_WRITE)
    except (ssl.SSLError, ValueError, ConnectionError) as error:
        address = address_of(secure)
        secure.close()
        # Bytes that came between the peek and OpenSSL's read are gone; a server that speaks first does so again.
        if not first and getattr(error, "reason", None) in connect_errors.NO_TLS:
            first = _greeting(address, deadline)
        raise connect_errors.handshake_failed(error, server_name, host, port, first) from error
    except BaseException:
        secure.close()
        raise


def address_of(sock: socket.socket) -> Address | None:
    """Where a socket is connected to; None if it is not any more."""
    try:
        return sock.family, sock.getpeername()
    except OSError:
        return None


def answer_to(data: bytes, address: Address, deadline: ConnectDeadline, enough: int = 1) -> bytes:
    """The first bytes that a server answers to `data` on a new connection; b"" if nothing comes in time.

    Args:
        data: The bytes to send; b"" waits for a server that speaks first.
        address: Where to connect to.
        deadline: How long it may take.
        enough: How many bytes to wait for.

    Raises:
        Cancelled: See `ConnectDeadline.wait`.
    """
    family, where = address
    first = b""
    try:
        with _connect_one(family, where, deadline, deadline.at) as sock:
            if data:
                sock.send(data)
            while len(first) < enough:
                deadline.wait(sock, selectors.EVENT_READ)
                part = sock.recv(1024)
                if not part:
                    break
                first += part
    except OSError:  # TimeoutError is one of them
        pass
    return first


def _greeting(address: Address | None, deadline: ConnectDeadline) -> bytes:
    """What a server sends first on a new connection; b"" if nothing comes within a second."""
    return b"" if address is None else answer_to(b"", address, deadline.within(1.0))


def _peek(sock: socket.socket) -> bytes:
    try:
        return socket.socket.recv(sock, 1024, socket.MSG_PEEK)
    except OSError:
        return b""
