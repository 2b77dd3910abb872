"""The RabbitMQ queue that is peeked into: what is known of it, and what a peek or a rejection costs there."""

from __future__ import annotations

from stomptui.brokers.rabbitmq.names import queue_name
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.subscriptions.delivery_limit import ASSUMED
from stomptui.queues.leaving import KEEPS


class RabbitMQQueue:
    """Filled in by the survey and by each peek; shared by what reads from the queue and what acts on its messages.

    Args:
        destination: As the person named it.
        dialect: The broker.
        counts_rejections: Whether its quorum queues count what is rejected back to them; None as the release does.
    """

    def __init__(self, destination: str, dialect: Dialect, counts_rejections: bool | None = None) -> None:
        self.destination = destination
        self.name = queue_name(destination)
        """Percent-encoded as in destinations; "" if it is no queue's."""
        self.release: tuple[int, int] = getattr(dialect, "version", (0, 0))
        self.kind = ""
        """"classic", "quorum" or "stream", "" while that is not known."""
        self.deliveries = ASSUMED
        """What a peek that is counted costs."""
        self.leaving = KEEPS
        """What becomes of the queue when we leave."""
        self.most_returns = 0
        """Counted returns of the message shown that has most."""
        self.counts_rejections = self.release < (4, 3) if counts_rejections is None else counts_rejections
        """Whether a quorum queue counts what is rejected back to it as a delivery: from 4.3 on it does not."""

    @property
    def is_last_peek(self) -> bool:
        """Whether a peek may be the last that a message bears, so that it needs a yes."""
        return self.deliveries.limit in ((0,) if self.release >= (4, 3) else (0, 1))

    @property
    def peeks_freely(self) -> bool:
        """Whether a peek costs no delivery and takes nothing."""
        if self.leaving.by_leaving:
            return False
        if self.kind in ("classic", "stream"):
            return True
        return self.kind == "quorum" and (self.release >= (4, 3) or not self.deliveries.counted)

    @property
    def leaves_only_marks(self) -> bool:
        """Whether a peek does no more than mark messages as redelivered: every quorum queue counts a delivery at least
        where the connection breaks."""
        return self.kind in ("classic", "stream") and not self.leaving.by_leaving and not self.leaving.loss

    @property
    def notice(self) -> str:
        """What the broker will notice of a peek."""
        if self.kind == "stream":
            return "Reading a stream changes nothing: no message is locked, removed or marked."
        away = "While you look, other consumers cannot receive these messages"
        if self.leaving.loss:
            return f"{away}, and they return only if others read from the queue."
        held = f"{away}. They return in order, marked “redelivered”"
        if self.kind == "classic":
            return f"{held}; no delivery is counted."
        if self.release >= (4, 3):
            told = f"{held}; no delivery is counted unless the connection breaks meanwhile"
            return f"{told}: that sends them to dead letters or deletes them." if self.is_last_peek else f"{told}."
        whether = "This queue" if self.kind == "quorum" else "If it is a quorum queue, it"
        return f"{held}. {whether} counts each peek as a delivery: {self.limit_text}."

    @property
    def limit_text(self) -> str:
        """What happens to a message that is peeked at too often."""
        limit, outcome = self.deliveries.limit, "to dead letters or deletes it"
        unless = "" if self.deliveries.certain else ", if no policy sets another limit"
        if not self.deliveries.counted:
            return "it has no limit, so nothing comes of that"
        if limit is None:
            return "where a delivery limit is set, too many send it to dead letters or delete it"
        if limit == 0:
            return f"the first one sends each message it shows {outcome}{unless}"
        if limit == 1:
            return f"the second one of a message sends it {outcome}{unless}"
        return f"after {limit} of them the next sends it {outcome}{unless}"

    @property
    def used_text(self) -> str:
        """How many showings of the messages shown are used up, "" if none is."""
        if not self.most_returns:
            return ""
        limit = self.deliveries.limit
        if limit is None:
            return f"The message that was returned most often was returned {self.most_returns} times."
        unless = "" if self.deliveries.certain else ", if no policy sets another limit"
        return f"One message has used up {self.most_returns} of its {limit} peeks{unless}."

    def rejection_text(self, elsewhere: bool) -> str:
        """What becomes of messages that are rejected back to the queue.

        Args:
            elsewhere: Whether the subscription that has them goes on.
        """
        quorum = self.kind != "classic" and self.counts_rejections
        place = "their place"
        if quorum and self.release < (4, 0):
            place = "the end of the queue" if self.kind == "quorum" else "their place, of a quorum queue to its end"
        delivered = "delivered again, to others or to you" if elsewhere else "delivered to others"
        told = f"They return to {place} and are {delivered}."
        return f"{told} {self._counted_rejection}" if quorum else told

    @property
    def _counted_rejection(self) -> str:
        """What comes of it that a quorum queue counts rejections too."""
        limit, whose = self.deliveries.limit, "This queue" if self.kind == "quorum" else "A quorum queue"
        if not self.deliveries.counted or (limit is not None and self.most_returns < limit):
            return f"{whose} counts that as a delivery: {self.limit_text}."
        at = "its limit" if limit is None else f"its limit of {limit}"
        return f"{whose} counts that as a delivery: those at {at} go to dead letters or are deleted instead."
