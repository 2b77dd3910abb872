"""What a delivery that is not acknowledged costs a message: nothing, or one of the deliveries it may have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Deliveries:
    """What is known of how a queue counts deliveries."""

    counted: bool
    """Whether a message that is delivered too often is dead-lettered or deleted; True too while that is not known."""
    limit: int | None = None
    """How often a message may come back from a delivery; None if the broker does not tell."""
    certain: bool = True
    """Whether nothing else, such as a policy, can set another limit."""
    kind: str = ""
    """"classic", "quorum" or "stream"; "" where a broker has no kinds, or does not tell."""
    loss: str = ""
    """What is lost when the last reader of the queue leaves, in a sentence; "" if nothing is, as far as is known."""
    exists: bool = False
    """Whether the queue is known to be there, so that a SUBSCRIBE need not declare it."""

    def is_low(self, count: int) -> bool:
        """Whether one or two more are the last, after so many that were counted."""
        return self.counted and self.limit is not None and self.limit - count <= 1

    def used(self, count: int, at_least: bool = False) -> str:
        """How much of it is used up, for a person: "3 of 5 used".

        Args:
            count: Deliveries that were counted so far.
            at_least: Whether there may have been more that nobody told of.
        """
        number = f"at least {count}" if at_least and count else str(count)
        if self.limit is not None:
            return f"{number} of {self.limit} used" + ("" if self.certain else ", if no policy sets another limit")
        return f"{number} used, of an unknown limit" if count else "of an unknown limit"


UNCOUNTED = Deliveries(counted=False)
ASSUMED = Deliveries(counted=True, certain=False)
"""Nothing is known, so the worst is assumed."""
