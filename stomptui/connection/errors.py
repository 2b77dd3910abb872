"""What asking a session for something can raise."""

from __future__ import annotations

from stomptui.config.connection import TransportKind


class SessionError(Exception):
    """The base of all of them; the text is in plain words."""


class NotConnected(SessionError):
    """There is no connection to send on."""


class SendQueueFull(SessionError):
    """The broker does not read: what is waiting to be sent has reached its limit."""


class Unsupported(SessionError):
    """The STOMP version spoken, or the frame acted on, does not allow it."""


class Cancelled(Exception):
    """We ended an attempt to connect ourselves."""


class ConnectError(Exception):
    """An attempt to connect has failed.

    Args:
        reason: The real reason in plain words.
        field: The field of `Connection` to blame, "" if none.
        server_text: What the server itself said, word for word.
        instead: The transport that the server speaks, if that is known and another.
    """

    def __init__(
        self, reason: str, field: str = "", server_text: str = "", instead: TransportKind | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.server_text = server_text
        self.instead = instead


class ConnectionOver(Exception):
    """A connection that stood has come to its end, for the reason given."""
