"""What can become of a message that is sent from the compose pane."""

from __future__ import annotations

from enum import Enum


class SendState(Enum):
    """What became of the last send. The value is its class in CSS."""

    WAITING = "waiting"
    """It is being sent, or its receipt is awaited."""
    CONFIRMED = "confirmed"
    DOUBTFUL = "doubtful"
    """Confirmed, which does not prove that a queue or a consumer got it."""
    SENT = "sent"
    """It was, and no answer is to be had."""
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    """Whether it arrived is not known."""
    PROBLEM = "problem"
    """Nothing was sent, or what the person asked for failed."""
    NOTE = "note"
    """Nothing was sent and nothing failed; something else is to be said."""
