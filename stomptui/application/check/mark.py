"""How a check tells its own messages from all others that come."""

from __future__ import annotations

import secrets

from stomptui.protocol.frame import Frame

HEADER = "x-check-own"


class Mark:
    """The mark of one check, in a header of each message that it sends, and in the bodies that it may choose."""

    def __init__(self) -> None:
        self._token = secrets.token_hex(8)
        self._in_body = self._token.encode()
        self.comes: bool | None = None
        """Whether the server passes the header on; None while that is not known."""

    @property
    def header(self) -> tuple[str, str]:
        return HEADER, self._token

    def body(self, text: bytes = b"") -> bytes:
        """The body of a message with that text."""
        return self._in_body + b" " + text

    def text(self, body: bytes) -> bytes:
        """The text of such a body."""
        return body.removeprefix(self._in_body + b" ")

    def in_header(self, frame: Frame) -> bool:
        """Whether a message has the mark in its header."""
        return frame.get(HEADER) == self._token

    def is_own(self, frame: Frame, sent: bytes | None = None) -> bool:
        """Whether a message is one of this check.

        Args:
            frame: A MESSAGE.
            sent: The body of the message awaited, which counts where it could not have the mark.
        """
        if self.in_header(frame) or self._in_body in frame.body:
            return True
        return sent is not None and self._in_body not in sent and (frame.body == sent != b"" or self.comes is False)
