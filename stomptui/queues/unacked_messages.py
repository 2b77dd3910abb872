"""Messages that a subscription was delivered and has not acknowledged, and the connection that they came on."""

from __future__ import annotations

from stomptui.connection.blocking_client import BlockingClient
from stomptui.protocol.frame import Frame


class UnackedMessages:
    """What can be acknowledged or rejected now; shared by what receives messages and what acts on them."""

    def __init__(self) -> None:
        self.client: BlockingClient | None = None
        """The connection of the subscription, None while there is none."""
        self.frames: dict[int, Frame] = {}
        """By index, in the order they were delivered."""
        self.lost: str | None = None
        """Why they are unacknowledged no longer though nobody returned them, None if nothing is the matter."""
        self.elsewhere = False
        """Whether the subscription is another session's, which is not ours to end."""

    def adopt(self, client: BlockingClient, frames: dict[int, Frame]) -> None:
        """Act on messages of a subscription on another session; they are not returned by us."""
        self.client, self.frames, self.elsewhere, self.lost = client, frames, True, None

    def discard(self, index: int) -> None:
        """A message was acknowledged or rejected."""
        self.frames.pop(index, None)

    def why_not(self, index: int) -> str | None:
        """Why a message cannot be acknowledged or rejected, None if it can."""
        if index in self.frames and self.client is not None and not self.client.gone:
            return None
        if self.lost:
            return f"the delivery is no longer valid ({self.lost}): peek again"
        return "the message was returned to the queue: peek again"

    @property
    def ended(self) -> str | None:
        """That their connection has ended, and why; None while it stands."""
        client = self.client
        return f"the connection ended: {self.lost or client.gone}" if client is not None and client.gone else None
