"""What becomes of a message that is sent to a queue of which the broker lists none."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Becomes(Enum):
    """What a SEND does there."""

    QUEUED = "the broker makes the queue and the message is in it"
    DISCARDED = "the broker confirms the message, and no queue takes it"
    UNSURE = "one of the two"


class Absence(NamedTuple):
    """What follows if there is no queue of that name."""

    becomes: Becomes
    text: str
    """What to say of it before the message goes there, in one clause or two."""
    asks: bool = True
    """Whether that can hardly be meant, so that it is asked about: a topic without a reader is nothing unusual."""


def new_queue(broker: str) -> Absence:
    """The broker makes it."""
    return Absence(Becomes.QUEUED, f"New queue: {broker} lists no queue of that name")
