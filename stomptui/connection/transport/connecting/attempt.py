"""One attempt to connect: how far it has come, TCP and TLS within one deadline, and why it failed."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Protocol

from stomptui.config.connection import Connection
from stomptui.config.files.logs import hide_secrets
from stomptui.config.header_sources import SourceError, filled, has_sources
from stomptui.connection import connect_errors
from stomptui.connection.errors import Cancelled, ConnectError
from stomptui.connection.program_log import LOGGER
from stomptui.connection.session_state import ConnectStage
from stomptui.connection.transport.connecting import connect, tls_or_plain
from stomptui.connection.transport.connecting.command_outputs import OUTPUTS
from stomptui.connection.transport.connecting.connect import Address, ConnectDeadline
from stomptui.connection.transport.connecting.header_command import output_of
from stomptui.connection.transport.connecting.tls import build_context
from stomptui.connection.transport.socket_io import SocketIO


class Via(Protocol):
    """What a server is connected to through, such as a proxy."""

    host: str
    port: int

    def failed(self, failure: ConnectError) -> ConnectError:
        """The error when it is not reached itself."""

    def open(self, sock: socket.socket, deadline: ConnectDeadline) -> None:
        """Go on to the server, over a socket that is connected here; raises as `ConnectAttempt.open_socket` does."""


class ConnectAttempt:
    """One attempt, in the thread that connects.

    Args:
        connection: Where to and as whom.
        io: What will serve the socket; its waker ends every wait of the attempt.
        cancelled: Returns whether it was cancelled.
        report: Called with each stage when it begins.
    """

    def __init__(
        self,
        connection: Connection,
        io: SocketIO,
        cancelled: Callable[[], bool],
        report: Callable[[ConnectStage], None],
    ) -> None:
        self.connection = connection
        """Once `read_headers` was called, with the values that were read."""
        self.stage: ConnectStage | None = None
        """The stage that it has reached; None before the first."""
        self.found = ""
        """What was found out about the server on the way and a person should know, in a sentence; "" for nothing."""
        self.extensions = ""
        """The Sec-WebSocket-Extensions that the server announced; we offer none."""
        self.shared: list[list[str]] = []
        """The commands whose output was taken over from another session."""
        self.waker = io.waker
        self._selector = io.selector
        self._cancelled = cancelled
        self._report = report
        self._address: Address | None = None

    def within(self, seconds: float) -> ConnectDeadline:
        """A deadline in so many seconds, which is over too when the attempt is cancelled."""
        return ConnectDeadline(time.monotonic() + seconds, self.waker, self._cancelled, self._selector)

    def progress(self, stage: ConnectStage) -> None:
        """Note the stage and report it."""
        self.stage = stage
        self._report(stage)

    def read_headers(self, deadline: ConnectDeadline) -> None:
        """Read the values in headers and path that come from elsewhere, each time anew: a token may have expired.

        A side connection takes what a command printed a moment ago: it opens beside others, and a command takes time.

        Raises:
            ConnectError: One cannot be had, and why.
            Cancelled: See `ConnectDeadline.wait`.
        """
        if not has_sources(self.connection):
            return
        self.progress("header values")
        try:
            self.connection = filled(self.connection, lambda words: self._output(words, deadline))
        except SourceError as error:
            raise ConnectError(str(error), error.field) from error
        hide_secrets(self.connection.secrets())

    def _output(self, words: list[str], deadline: ConnectDeadline) -> bytes:
        kept = OUTPUTS.get(self.connection, words) if self.connection.side else None
        if kept is not None:
            self.shared.append(words)
            return kept
        output = output_of(words, deadline, self.waker)
        OUTPUTS.put(self.connection, words, output)
        return output

    def open_socket(self, deadline: ConnectDeadline, via: Via | None = None) -> socket.socket:
        """A connected, non-blocking socket, encrypted where that was asked for.

        Args:
            deadline: How long it may take.
            via: What to connect through, None to connect to the server itself.

        Raises:
            ConnectError: It failed, and why.
            Cancelled, TimeoutError: See `ConnectDeadline.wait`.
        """
        connection = self.connection
        # The system would truncate a port over 65535 and connect to another one.
        for field, problem in connection.problems().items():
            raise ConnectError(problem, field)
        host = connection.host.strip()
        # Before connecting, so that certificates that cannot be read are reported first.
        context = build_context(connection.tls) if connection.transport.encrypted else None
        try:
            at, port = (host, connection.port) if via is None else (via.host, via.port)
            self.progress("looking up")
            addresses = connect.look_up(at, port, deadline, self.waker)
            self.progress("connecting")
            sock = connect.connect(at, addresses, deadline)
        except ConnectError as failure:
            raise (failure if via is None else via.failed(failure)) from failure
        self._address = connect.address_of(sock) if via is None else None
        try:
            if via is not None:
                via.open(sock, deadline)
            if context is None:
                return sock
            self.progress("TLS handshake")
        except BaseException:
            sock.close()
            raise
        return connect.encrypt(sock, context, connection.tls.server_name or host, host, connection.port, deadline)

    def timed_out(self) -> ConnectError:
        """The error for an attempt whose deadline has passed, depending on its stage."""
        return connect_errors.timed_out(self.connection, self.stage)

    def diagnose(self, failure: ConnectError) -> ConnectError:
        """The same failure, or a more precise one; may take a second and a half."""
        if self._cancelled() or failure.instead or self._address is None:
            return failure
        deadline = self.within(tls_or_plain.TIMEOUT)
        try:
            return tls_or_plain.diagnose(failure, self.connection, self.stage, self._address, deadline)
        except Cancelled:
            return failure
        except Exception:  # the failure that is known must not be lost by a defect in the diagnosis
            LOGGER.exception("it could not be found out whether a port speaks TLS")
            return failure
