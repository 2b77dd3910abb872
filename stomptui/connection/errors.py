"""Exceptions of connecting and of sessions."""

from __future__ import annotations

from enum import Enum

from stomptui.config.connection import TransportKind


class SessionError(Exception):
    """Base of what the methods of a session raise; the text is in plain words."""


class NotConnected(SessionError):
    """There is no connection to send on."""


class SendQueueFull(SessionError):
    """The broker does not read: the send queue has reached its limit."""


class Unsupported(SessionError):
    """The STOMP version agreed, or the message acted on, does not allow it."""


class ReadOnlyError(SessionError):
    """The connection is read-only, and the frame would change something on the broker."""


class Want(Enum):
    """Whether a server that did not let us in wants credentials that a person has to give."""

    NOTHING = "nothing"
    MAYBE_CREDENTIALS = "maybe credentials"
    """It does not say what it wants, or says nothing at all."""
    CREDENTIALS = "credentials"
    """Other ones than were sent; to try again with those is of no use."""
    COOKIE = "cookie"
    """The same, where a person logs in at a page of the server and gets a cookie there."""


class Cancelled(Exception):
    """An attempt to connect was cancelled by us."""


class ConnectError(Exception):
    """An attempt to connect has failed.

    Args:
        reason: The reason, in plain words.
        field: The field of `Connection` to blame, "" if none.
        server_text: What the server itself said, word for word; "" if nothing.
        instead: The transport that the server speaks, if it is known to be another one.
        wants: Whether the server wants other credentials.
    """

    def __init__(
        self,
        reason: str,
        field: str = "",
        server_text: str = "",
        instead: TransportKind | None = None,
        wants: Want = Want.NOTHING,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.server_text = server_text
        self.instead = instead
        self.wants = wants


class ConnectionOver(Exception):
    """A connection that was up has ended; the text is the reason."""
