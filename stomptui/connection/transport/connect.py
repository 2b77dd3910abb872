"""From a name and a port to a socket: looked up, connected, encrypted; one deadline, and cancelled at once."""

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
"""A family and what `connect` wants for it."""

_UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR, getattr(errno, "WSAEWOULDBLOCK", errno.EINPROGRESS))


class ConnectDeadline:
    """How long an attempt may take, and whether somebody has lost interest in it.

    Args:
        deadline: `time.monotonic()` at which it has failed.
        waker: Set off by whoever cancels.
        cancelled: Whether it was cancelled.
    """

    def __init__(
        self,
        deadline: float,
        waker: Waker,
        cancelled: Callable[[], bool],
        selector: Callable[[], selectors.BaseSelector] = selectors.DefaultSelector,
    ) -> None:
        self.deadline = deadline
        self._waker = waker
        self._cancelled = cancelled
        self._selector = selector

    def left(self) -> float:
        return max(0.0, self.deadline - time.monotonic())

    def within(self, seconds: float) -> ConnectDeadline:
        """The same for something that may take so long at most."""
        deadline = min(self.deadline, time.monotonic() + seconds)
        return ConnectDeadline(deadline, self._waker, self._cancelled, self._selector)

    def wait(self, sock: socket.socket | None, events: int = 0, until: float | None = None) -> None:
        """Wait until the socket is ready for `events` (of `selectors`), or, without one, until we are woken.

        Raises:
            Cancelled: Somebody cancelled.
            TimeoutError: Neither happened before `until`, the deadline by default.
        """
        end = self.deadline if until is None else min(until, self.deadline)
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


def look_up(host: str, port: int, patience: ConnectDeadline, waker: Waker) -> list[Address]:
    """The addresses of a host, in the order the system prefers.

    A name is looked up in a thread of its own, because the resolver can neither be hurried nor stopped.

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
        except Exception as error:  # a thread has nobody to raise to; the one that waits gets it
            answer.append(error)
        waker.wake()

    threading.Thread(target=ask, name="stomptui-lookup", daemon=True).start()
    while not answer:
        patience.wait(None)
    if isinstance(answer[0], Exception):
        raise connect_errors.lookup_failed(host, answer[0])
    if not answer[0]:
        raise ConnectError(f"the name {host} has no address", "host")
    return answer[0]


def connect(host: str, addresses: list[Address], patience: ConnectDeadline) -> socket.socket:
    """A connected, non-blocking socket to the first address that answers; each gets its share of the time left.

    Raises:
        ConnectError: None answered, with what each of them said.
        Cancelled: See `ConnectDeadline.wait`.
    """
    failures: list[tuple[str, OSError]] = []
    port = addresses[0][1][1]
    for index, (family, address) in enumerate(addresses):
        until = time.monotonic() + patience.left() / (len(addresses) - index)
        try:
            return _connect_one(family, address, patience, until)
        except OSError as error:  # TimeoutError is one of them
            failures.append((str(address[0]), error))
    raise connect_errors.connect_failed(host, port, failures)


def _connect_one(family: socket.AddressFamily, address: Any, patience: ConnectDeadline, until: float) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _keep_alive(sock)
        code = sock.connect_ex(address)
        if code in _UNDER_WAY:
            patience.wait(sock, selectors.EVENT_WRITE, until)
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
    """Let the system notice a vanished broker where no heart-beats were agreed, in 40 seconds.

    It asks only while nothing is on its way, and a broker that is blocked answers. macOS has another name for the
    time before the first question.
    """
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    idle = "TCP_KEEPIDLE" if hasattr(socket, "TCP_KEEPIDLE") else "TCP_KEEPALIVE"
    for name, value in ((idle, 20), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 4)):
        option = getattr(socket, name, None)
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)


def encrypt(
    sock: socket.socket, context: ssl.SSLContext, server_name: str, host: str, port: int, patience: ConnectDeadline
) -> ssl.SSLSocket:
    """Shake hands over a connected socket, which is closed if that fails.

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
            # What OpenSSL does not understand it does not give back, so look before it reads.
            first = first or _peek(secure)
            try:
                secure.do_handshake()
                return secure
            except ssl.SSLWantReadError:
                patience.wait(secure, selectors.EVENT_READ)
            except ssl.SSLWantWriteError:
                patience.wait(secure, selectors.EVENT_WRITE)
    except (ssl.SSLError, ValueError, ConnectionError) as error:
        address = address_of(secure)
        secure.close()
        # What came between the look and OpenSSL's read is gone; a server that speaks first does so again.
        if not first and getattr(error, "reason", None) in connect_errors.NO_TLS:
            first = _first_words(address, patience)
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


def answer_to(data: bytes, address: Address, patience: ConnectDeadline, enough: int = 1) -> bytes:
    """The first bytes that a server says to these on a connection of its own; b"" if it says nothing in time.

    Args:
        data: What to say; b"" waits for a server that speaks first.
        address: Where.
        patience: How long it may take.
        enough: As many bytes are waited for.

    Raises:
        Cancelled: See `ConnectDeadline.wait`.
    """
    family, where = address
    first = b""
    try:
        with _connect_one(family, where, patience, patience.deadline) as sock:
            if data:
                sock.send(data)
            while len(first) < enough:
                patience.wait(sock, selectors.EVENT_READ)
                part = sock.recv(1024)
                if not part:
                    break
                first += part
    except OSError:  # TimeoutError is one of them
        pass
    return first


def _first_words(address: Address | None, patience: ConnectDeadline) -> bytes:
    """What a server says by itself on a new connection; b"" if nothing within a second."""
    return b"" if address is None else answer_to(b"", address, patience.within(1.0))


def _peek(sock: socket.socket) -> bytes:
    try:
        return socket.socket.recv(sock, 1024, socket.MSG_PEEK)
    except OSError:
        return b""
