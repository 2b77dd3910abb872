"""What happens to a message sent to a queue that the broker does not list: queued, discarded, or not known."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Becomes(Enum):
    """What a SEND to a missing queue does."""

    QUEUED = "the broker makes the queue and the message is in it"
    DISCARDED = "the broker confirms the message, and no queue takes it"
    UNSURE = "one of the two"


class Absence(NamedTuple):
    """What a SEND does if there is no queue of that name."""

    becomes: Becomes
    text: str
    """The warning before the message is sent there, in one clause or two."""
    asks: bool = True
    """Whether the person is asked first; not for a topic, where having no reader is nothing unusual."""


def new_queue(broker: str) -> Absence:
    """For a broker that declares the queue; `broker` is its name within a sentence."""
    return Absence(Becomes.QUEUED, f"New queue: {broker} lists no queue of that name and will create it")
