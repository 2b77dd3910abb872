"""STOMP over TCP and TLS: frames one behind the other in a stream of bytes."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

from stomptui.config.connection import Connection
from stomptui.connection import connect_errors
from stomptui.connection.errors import ConnectError
from stomptui.connection.transport.connecting import other_servers
from stomptui.connection.transport.connecting.attempt import ConnectAttempt
from stomptui.connection.transport.connecting.connect import ConnectDeadline
from stomptui.connection.transport.connecting.unfinished_answer import unfinished_answer
from stomptui.connection.transport.input_ended import InputEnded
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.timers import Deadline, Timer
from stomptui.protocol.marker import Batch, FrameMarker

FIRST_BYTES = 64
"""Bytes of an answer that are enough to tell whether it is STOMP."""
FOREIGN_PAUSE = 0.3
"""Seconds to wait for the rest of the answer of a server that does not speak STOMP."""


class TcpProtocol:
    """How a stream of bytes carries the frames of one connection; a `NetworkProtocol`.

    Args:
        connection: Where to and as whom.
        limits: The largest frames to accept.
        deadline: When the connection ends; set once what answers does not look like STOMP.
    """

    timers: tuple[Timer, ...] = ()
    missing_end = "a content-length"
    behind_first: bytes | None = None
    largest_message = 0

    def __init__(self, connection: Connection, limits: Limits, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline
        self._marker = FrameMarker(limits.max_header, limits.max_frame)
        self._begun = False
        """Whether a frame has come."""
        self._foreign: bytes | None = None
        """What came from a server that does not speak STOMP; None while it may."""

    def establish(self, attempt: ConnectAttempt, deadline: ConnectDeadline) -> tuple[socket.socket, bytes]:
        return attempt.open_socket(deadline), b""

    def wrap(self, encoded: bytes) -> bytes:
        return encoded

    def wrap_all(self, frames: Batch) -> bytes:
        return frames.data

    @property
    def between_frames(self) -> bool:
        return self._begun and not self._marker.unfinished

    def batches(self, data: bytes) -> Iterator[Batch]:
        if not self._begun and not self._may_be_stomp(data):
            return
        batch = self._marker.feed(data)
        if batch:
            self._begun = True
            yield batch

    def _may_be_stomp(self, data: bytes) -> bool:
        """Whether what came before the first frame can be one; what cannot is kept.

        Raises:
            ConnectError: Enough has come to say what kind of server answers.
        """
        if self._foreign is not None:
            self._foreign += data
            if len(self._foreign) > connect_errors.TEXT_LIMIT:
                raise self._other_server()
            return False
        first = self._marker.pending + data if self._marker.unfinished < FIRST_BYTES else b""
        if other_servers.is_stomp(first[:FIRST_BYTES]):
            return True
        # The rest of its answer is awaited for a moment: it says what kind of server it is.
        self._foreign = first
        self._deadline.set(time.monotonic() + FOREIGN_PAUSE, self._other_server)
        return False

    def _other_server(self) -> ConnectError:
        return other_servers.identify(self._foreign or b"", self._connection.host, self._connection.port)

    def end_of_stream(self) -> InputEnded:
        hint = "" if self._connection.transport.encrypted else " (a TLS port may do that: is TLS needed?)"
        failure = ConnectError(f"the server closed the connection instead of answering CONNECT{hint}", "transport")
        then = "and the server closed the connection"
        return InputEnded("the broker closed the connection", failure, then, by_server=True)

    def unfinished_answer(self, then: str) -> ConnectError | None:
        if self._foreign:
            return self._other_server()
        return unfinished_answer(self._marker, self._connection.versions, then)

    def recover(self) -> tuple[Batch | None, bytes]:
        return self._marker.recover()

    def closing(self) -> bytes:
        return b""
