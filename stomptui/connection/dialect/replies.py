"""How questions are answered on a broker: what a `reply-to` means, and the temporary queue that answers come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ReplyQueue:
    """A temporary queue of one connection, which answers come to."""

    reply_to: str
    """The `reply-to` of a request."""
    subscription: str
    """The `subscription` of the MESSAGE frames that come from it."""
    subscribe: tuple[tuple[str, str], ...] = ()
    """The headers of the SUBSCRIBE that makes it, before the first request; () where the request itself does."""


class Replies:
    """A broker of which nothing is known: a reply is sent where the reply-to says, and no request is sent."""

    refusal: ClassVar[str] = "how this broker makes a temporary queue for the answer is not known"
    """Why no request can be sent, "" if `queue` makes its reply queue."""
    own_ids: ClassVar[tuple[str, ...]] = ("message-id",)
    """Headers of MESSAGE by which the sender of a message knows it, so that a reply can name it by them."""

    def destination(self, reply_to: str) -> str:
        """The destination of SEND that a `reply-to` of a MESSAGE means."""
        return reply_to

    def queue(self, token: str) -> ReplyQueue | None:
        """The reply queue of a connection, None where there is none.

        Args:
            token: Letters and digits that no other connection has.
        """
        return None


class TempQueueReplies(Replies):
    """A `reply-to` of `/temp-queue/NAME` makes the queue; answers come by the name, without a SUBSCRIBE."""

    refusal = ""

    def queue(self, token: str) -> ReplyQueue | None:
        alias = f"/temp-queue/replies-{token}"
        return ReplyQueue(alias, alias)


class SubscribedReplies(Replies):
    """A SUBSCRIBE makes the queue.

    Args:
        prefix: What its name begins with.
    """

    refusal = ""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def queue(self, token: str) -> ReplyQueue | None:
        name, id = f"{self._prefix}{token}", f"replies-{token}"
        return ReplyQueue(name, id, (("id", id), ("destination", name), ("ack", "auto")))
