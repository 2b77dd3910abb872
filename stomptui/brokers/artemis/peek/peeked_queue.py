"""The queue of Artemis that is peeked into: as its name says, or as the management found it."""

from __future__ import annotations

from stomptui.brokers.artemis.management.queue_lookup import ArtemisPlace, is_pattern, meant
from stomptui.connection.blocking_client import ClientError
from stomptui.protocol.names import shown


class ArtemisSource:
    """Shared by what reads from the queue and what acts on its messages.

    Args:
        destination: As the person named it.
    """

    def __init__(self, destination: str) -> None:
        self.destination = destination
        self.place = None if is_pattern(destination) else meant(destination)
        """The queue, None if its name is none."""

    def known(self) -> ArtemisPlace:
        """The queue. Raises `ClientError` if its name is none."""
        if self.place is None:
            raise ClientError(no_queue(self.destination))
        return self.place

    @property
    def missing(self) -> str:
        """Why it cannot be peeked into though the broker was asked."""
        if self.place is None:
            return no_queue(self.destination)
        return f"there is no queue {shown(self.place.destination)}"


def no_queue(destination: str) -> str:
    """Why a destination is not a queue to peek into, or to move messages to."""
    if is_pattern(destination):
        return f"{shown(destination)} stands for several queues: name one"
    if destination.startswith("/topic/"):
        return "what is sent there is not kept anywhere: subscribe to see what comes"
    if destination.startswith("activemq."):
        return f"{shown(destination)} is the broker's own"
    return f"{shown(destination)} is not the name of a queue: NAME, /queue/NAME or ADDRESS::NAME"
