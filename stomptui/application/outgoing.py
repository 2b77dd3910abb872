"""Building, encoding and queueing a message to send: small ones at once, large ones off the event loop."""

from __future__ import annotations

from dataclasses import dataclass

from stomptui.compose.draft import Draft
from stomptui.config.logs import hide
from stomptui.config.secret_names import secrets_in
from stomptui.connection.session import Session

LIGHT = 64 << 10
"""A body of more characters or bytes than this is built and encoded off the event loop, as is one in a file."""


@dataclass(frozen=True)
class Outgoing:
    """A draft that is about to be sent on a session."""

    session: Session
    draft: Draft
    receipt: str
    """The receipt it asks for, "" if none."""

    def go(self) -> None:
        """Build the frame and hand it over; in any thread.

        Raises:
            SessionError: There is no connection any more, or the broker does not read.
            ValueError, OSError: The draft cannot be sent as it is.
        """
        headers, body = self.draft.build(self.receipt)
        hide(secret for name, value in headers for secret in secrets_in(name, value))
        self.session.send("SEND", headers, body)


def is_light(draft: Draft) -> bool:
    """Whether it can be sent without leaving the event loop."""
    return draft.body_file is None and len(draft.body) <= LIGHT
