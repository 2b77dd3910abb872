"""Why nothing more can be read from a connection, in the words for an attempt to connect and for an open connection."""

from __future__ import annotations

import errno

from stomptui.connection import connect_errors
from stomptui.connection.errors import ConnectError
from stomptui.protocol.marker import FrameError


class InputEnded(Exception):
    """Nothing more can be read: the stream has ended, is broken, or cannot be understood.

    Args:
        reason: The reason if CONNECTED had come, in plain words.
        failure: The error if it had not.
        then: The end of a sentence that begins with an unfinished answer to CONNECT: "and the server closed the
            connection"; None if the failure says all.
        fault: What could not be understood: why, and its first bytes. None if nothing of that kind came.
        head: Command and headers of a received frame over the limits, as far as they came; None if there was none.
        by_server: Whether the server ended it, as far as can be known.
        close_code: The code with which the server closed the WebSocket, None without one.
        close_words: The server's words with that code.
    """

    def __init__(
        self,
        reason: str,
        failure: ConnectError,
        then: str | None = None,
        fault: tuple[str, bytes] | None = None,
        head: bytes | None = None,
        by_server: bool = False,
        close_code: int | None = None,
        close_words: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.failure = failure
        self.then = then
        self.fault = fault
        self.head = head
        self.by_server = by_server
        self.close_code = close_code
        self.close_words = close_words


def broken(error: OSError, encrypted: bool) -> InputEnded:
    """The end of a connection whose socket failed with `error`."""
    reason = connect_errors.broken(error)
    failure = connect_errors.broken_before_connected(error, encrypted)
    cut = error.errno in (errno.ECONNRESET, errno.EPIPE)
    return InputEnded(reason, failure, f"and {reason}", by_server=cut)


def over_limit(error: FrameError) -> InputEnded:
    """The end of a connection on which a frame came that is larger than its limit."""
    return InputEnded(
        f"the broker sent {error}; this frame and what came behind it was not read",
        ConnectError(f"the answer to CONNECT has {error}", "port", error.raw.decode("utf-8", "replace")),
        fault=(str(error), error.raw),
        head=error.head,
    )
