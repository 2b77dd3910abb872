"""The transport for STOMP over TCP and TLS: look up, connect, TLS handshake, CONNECT."""

from __future__ import annotations

import socket
import time

from stomptui.config.connection import LONGEST_TIMEOUT
from stomptui.connection import connect_errors
from stomptui.connection.errors import Cancelled, ConnectError
from stomptui.connection.session_state import ConnectStage
from stomptui.connection.stomp_log import LOGGER
from stomptui.connection.transport.connecting import connect, other_servers, tls_or_plain
from stomptui.connection.transport.connecting.connect import Address, ConnectDeadline
from stomptui.connection.transport.connecting.tls import build_context
from stomptui.connection.transport.io_loop import IoLoopTransport

FIRST_BYTES = 64
"""Bytes of an answer that are enough to tell whether it is STOMP."""
FOREIGN_PAUSE = 0.3
"""Seconds to wait for the rest of the answer of a server that does not speak STOMP."""


class StompTransport(IoLoopTransport):
    """Opens the socket within one deadline for all stages; `end` cancels an attempt at any moment."""

    stage: ConnectStage | None = None
    """The stage that an attempt has reached; None before the first."""

    _foreign: bytes | None = None
    _address: Address | None = None

    def attempt_connection(self) -> None:
        """Open the socket; stomp.py's `start` calls it.

        Raises:
            ConnectError: It failed, and why.
            Cancelled: `end` was called.
        """
        at = time.monotonic() + min(self.connection.timeout, LONGEST_TIMEOUT)
        # `running` says nothing here: stomp.py sets it even when `end` was called before.
        deadline = ConnectDeadline(at, self.waker, lambda: self.over, self.selector)
        self.set_deadline(at, self.timed_out)
        try:
            sock = self.establish(deadline)
            if self.over:
                sock.close()
                raise Cancelled
            self.serve(sock)
        except (TimeoutError, ConnectError) as error:
            # Before all is closed, so that it can still be cancelled.
            failure = self.diagnose(error if isinstance(error, ConnectError) else self.timed_out())
            self.cleanup()
            raise failure from None
        except BaseException:
            self.cleanup()
            raise
        self.current_host_and_port = (self.connection.host, self.connection.port)
        self.progress("CONNECT")

    def establish(self, deadline: ConnectDeadline) -> socket.socket:
        """A connected, non-blocking socket, encrypted where that was asked for."""
        connection = self.connection
        # The system would truncate a port over 65535 and connect to another one.
        for field, problem in connection.problems().items():
            raise ConnectError(problem, field)
        host = connection.host.strip()
        # Before connecting, so that certificates that cannot be read are reported first.
        context = build_context(connection.tls) if connection.transport.encrypted else None
        self.progress("looking up")
        addresses = connect.look_up(host, connection.port, deadline, self.waker)
        self.progress("connecting")
        sock = connect.connect(host, addresses, deadline)
        self._address = connect.address_of(sock)
        if context is None:
            return sock
        try:
            self.progress("TLS handshake")
        except BaseException:
            sock.close()
            raise
        return connect.encrypt(sock, context, connection.tls.server_name or host, host, connection.port, deadline)

    def progress(self, stage: ConnectStage) -> None:
        """Note the stage and report it to the listeners."""
        self.stage = stage
        self.notify("progress", stage)

    def timed_out(self) -> ConnectError:
        """The error for an attempt whose deadline has passed, depending on its stage."""
        where = connect_errors.place(self.connection.host, self.connection.port)
        seconds = f"{self.connection.timeout:g} s"
        if self.stage == "looking up":
            return ConnectError(f"no name server told the address of {self.connection.host} within {seconds}", "host")
        if self.stage == "connecting":
            return ConnectError(f"no answer from {where} within {seconds}: a wrong address, or a firewall", "host")
        if self.stage == "TLS handshake":
            return ConnectError(
                f"connected to {where}, but no answer to the TLS handshake within {seconds}: it may not speak TLS",
                "transport",
            )
        if answer := self.unfinished_answer(f"and nothing more came within {seconds}"):
            return answer
        hint = "" if self.connection.transport.encrypted else ", or wants TLS"
        return ConnectError(
            f"connected to {where}, but no answer to CONNECT within {seconds}: it may not speak STOMP{hint}", "port"
        )

    def diagnose(self, failure: ConnectError) -> ConnectError:
        if self.connected or self.over or failure.instead or self._address is None:
            return failure
        deadline = ConnectDeadline(
            time.monotonic() + tls_or_plain.TIMEOUT, self.waker, lambda: self.over, self.selector
        )
        try:
            return tls_or_plain.diagnose(failure, self.connection, self.stage, self._address, deadline)
        except Cancelled:
            return failure
        except Exception:  # the failure that is known must not be lost by a defect in the diagnosis
            LOGGER.exception("it could not be found out whether a port speaks TLS")
            return failure

    def take(self, data: bytes) -> None:
        if self._foreign is not None:
            self._foreign += data
            if len(self._foreign) > connect_errors.TEXT_LIMIT:
                raise self._identify()
            return
        if not self.frames_in:
            first = self.marker.pending + data if self.marker.unfinished < FIRST_BYTES else b""
            if not other_servers.is_stomp(first[:FIRST_BYTES]):
                # The rest of its answer is awaited for a moment: it tells what kind of server it is.
                self._foreign = first
                self.set_deadline(time.monotonic() + FOREIGN_PAUSE, self._identify)
                return
        super().take(data)

    def foreign_server(self) -> ConnectError | None:
        return self._identify() if self._foreign else None

    def _identify(self) -> ConnectError:
        return other_servers.identify(self._foreign or b"", self.connection.host, self.connection.port)
