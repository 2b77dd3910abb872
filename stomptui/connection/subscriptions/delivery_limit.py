"""How a queue counts unacknowledged deliveries: not at all, or up to a limit after which a message is dead-lettered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Deliveries:
    """What is known about how a queue counts deliveries."""

    counted: bool
    """Whether a message that is delivered too often is dead-lettered or deleted; True too while that is not known."""
    limit: int | None = None
    """How often a message may return from a delivery; None if the broker does not say."""
    certain: bool = True
    """Whether nothing else, such as a policy, may set another limit."""
    kind: str = ""
    """"classic", "quorum" or "stream"; "" where a broker has no such kinds, or does not say."""
    loss: str = ""
    """What is lost when the last consumer of the queue leaves, as a sentence; "" if nothing, as far as is known."""
    exists: bool = False
    """Whether the queue is known to exist, so that a SUBSCRIBE need not declare it."""

    def is_low(self, count: int) -> bool:
        """Whether at most one or two deliveries are left after `count`."""
        return self.counted and self.limit is not None and self.limit - count <= 1

    def used(self, count: int, at_least: bool = False) -> str:
        """How much of the limit is used up, for a person: "3 of 5 used".

        Args:
            count: Deliveries counted so far.
            at_least: Whether there may have been more that the broker does not report.
        """
        number = f"at least {count}" if at_least and count else str(count)
        if self.limit is not None:
            return f"{number} of {self.limit} used" + ("" if self.certain else ", if no policy sets another limit")
        return f"{number} used, of an unknown limit" if count else "of an unknown limit"


UNCOUNTED = Deliveries(counted=False)
ASSUMED = Deliveries(counted=True, certain=False)
"""Assumed where nothing is known: each delivery counts."""
