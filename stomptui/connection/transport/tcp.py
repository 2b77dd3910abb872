"""STOMP over TCP and TLS."""

from __future__ import annotations

import socket
import time

from stomptui.config.connection import LONGEST_TIMEOUT
from stomptui.connection import connect_errors
from stomptui.connection.errors import Cancelled, ConnectError
from stomptui.connection.stomp_log import LOGGER
from stomptui.connection.transport import connect, other_servers, tls_or_plain
from stomptui.connection.transport.connect import Address, ConnectDeadline
from stomptui.connection.transport.io_loop import IoLoopTransport
from stomptui.connection.transport.tls import build_context

FIRST_BYTES = 64
"""As many bytes of an answer tell whether it is STOMP."""
STRANGER_PAUSE = 0.3
"""Seconds to wait for the rest of what a server says that does not speak STOMP."""


class StompTransport(IoLoopTransport):
    """The way there: look up, connect, shake hands, each within one deadline and cancelled by `end`."""

    stage = ""
    """What an attempt is busy with, in words."""

    _strange: bytes | None = None
    _address: Address | None = None

    def attempt_connection(self) -> None:
        """Open the socket; stomp.py's `start` calls it.

        Raises:
            ConnectError: It failed, and why.
            Cancelled: `end` was called.
        """
        deadline = time.monotonic() + min(self.connection.timeout, LONGEST_TIMEOUT)
        # `running` says nothing here: stomp.py sets it even when `end` was called before.
        patience = ConnectDeadline(deadline, self.waker, lambda: self.over, self.selector)
        self.set_deadline(deadline, self.too_late)
        try:
            sock = self.establish(patience)
            if self.over:
                sock.close()
                raise Cancelled
            self.adopt(sock)
        except (TimeoutError, ConnectError) as error:
            # Before all is closed, so that it can still be cancelled.
            failure = self.explained(error if isinstance(error, ConnectError) else self.too_late())
            self.cleanup()
            raise failure from None
        except BaseException:
            self.cleanup()
            raise
        self.current_host_and_port = (self.connection.host, self.connection.port)
        self.progress("CONNECT")

    def establish(self, patience: ConnectDeadline) -> socket.socket:
        """A connected, non-blocking socket, encrypted where that was asked for."""
        connection = self.connection
        # The system would take a port over 65535 for another one, and connect there.
        for field, problem in connection.problems().items():
            raise ConnectError(problem, field)
        host = connection.host.strip()
        # Files that cannot be read are found before anybody is bothered.
        context = build_context(connection.tls) if connection.transport.encrypted else None
        self.progress("looking up")
        addresses = connect.look_up(host, connection.port, patience, self.waker)
        self.progress("connecting")
        sock = connect.connect(host, addresses, patience)
        self._address = connect.address_of(sock)
        if context is None:
            return sock
        try:
            self.progress("TLS handshake")
        except BaseException:
            sock.close()
            raise
        return connect.encrypt(sock, context, connection.tls.server_name or host, host, connection.port, patience)

    def progress(self, stage: str) -> None:
        self.stage = stage
        self.tell("progress", stage)

    def too_late(self) -> ConnectError:
        """What to say when the deadline comes, by how far it got."""
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

    def explained(self, failure: ConnectError) -> ConnectError:
        if self.connected or self.over or failure.instead or self._address is None:
            return failure
        patience = ConnectDeadline(
            time.monotonic() + tls_or_plain.PATIENCE, self.waker, lambda: self.over, self.selector
        )
        try:
            return tls_or_plain.explained(failure, self.connection, self.stage, self._address, patience)
        except Cancelled:
            return failure
        except Exception:  # what is known already is not lost by a defect in finding out more
            LOGGER.exception("it could not be found out whether a port speaks TLS")
            return failure

    def take(self, data: bytes) -> None:
        if self._strange is not None:
            self._strange += data
            if len(self._strange) > connect_errors.TEXT_LIMIT:
                raise self._unmask()
            return
        if not self.frames_in:
            first = self.marker.pending + data if self.marker.unfinished < FIRST_BYTES else b""
            if not other_servers.is_stomp(first[:FIRST_BYTES]):
                # It is given a moment to say the rest: its words tell who it is.
                self._strange = first
                self.set_deadline(time.monotonic() + STRANGER_PAUSE, self._unmask)
                return
        super().take(data)

    def stranger(self) -> ConnectError | None:
        return self._unmask() if self._strange else None

    def _unmask(self) -> ConnectError:
        return other_servers.unmask(self._strange or b"", self.connection.host, self.connection.port)
