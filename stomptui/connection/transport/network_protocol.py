"""What TCP and WebSocket do differently to carry the frames of STOMP, as an interface."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Protocol

from stomptui.connection.errors import ConnectError
from stomptui.connection.transport.connecting.attempt import ConnectAttempt
from stomptui.connection.transport.connecting.connect import ConnectDeadline
from stomptui.connection.transport.input_ended import InputEnded
from stomptui.connection.transport.timers import Timer
from stomptui.protocol.marker import Batch


class NetworkProtocol(Protocol):
    """How one connection is opened, how bytes become frames and frames bytes, and how it ends."""

    @property
    def timers(self) -> tuple[Timer, ...]:
        """Timers that this protocol has beside those of STOMP."""
        ...

    largest_message: int
    """Bytes of the largest message of the network to send, 0 for any size; larger frames are cut into several. TCP has
    no messages."""

    @property
    def missing_end(self) -> str:
        """What did not come, and so kept the frames from being delivered that `recover` returned; in words."""
        ...

    @property
    def behind_first(self) -> bytes | None:
        """What came behind the NUL of the first frame in one message with it; None where there are no messages."""
        ...

    def establish(self, attempt: ConnectAttempt, deadline: ConnectDeadline) -> tuple[socket.socket, bytes]:
        """Open the connection.

        Returns:
            A connected, non-blocking socket, encrypted where that was asked for, and the bytes that were read already.

        Raises:
            ConnectError: It failed, and why.
            Cancelled, TimeoutError: See `ConnectDeadline.wait`.
        """
        ...

    def wrap(self, encoded: bytes) -> bytes:
        """The bytes to send for an encoded frame or heart-beat. For any thread."""
        ...

    def wrap_all(self, frames: Batch) -> bytes:
        """The same for all frames of a batch, each with its NUL."""
        ...

    @property
    def between_frames(self) -> bool:
        """Whether the next byte read begins a frame, as it stands in what is read."""
        ...

    def batches(self, data: bytes) -> Iterator[Batch]:
        """Mark the frames that end in the bytes of one read.

        Each batch must be delivered before the next is asked for.

        Raises:
            FrameError: A frame is larger than its limit.
            InputEnded: Nothing more can be read.
            ConnectError: The answer to CONNECT is not STOMP.
        """
        ...

    def end_of_stream(self) -> InputEnded:
        """Why a server that closed the socket did so."""
        ...

    def unfinished_answer(self, then: str) -> ConnectError | None:
        """The error for an answer to CONNECT that has begun and whose end did not come; None if none has begun.

        Args:
            then: What happened instead, as the end of the sentence.
        """
        ...

    def recover(self) -> tuple[Batch | None, bytes]:
        """The frames in bytes that waited for an end that will not come, and the bytes behind them."""
        ...

    def closing(self) -> bytes:
        """The bytes to send before the socket closes; b"" if there are none."""
        ...
