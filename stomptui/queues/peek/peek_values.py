"""What a peek is asked for, what is known of the queue before, and how it ended: plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stomptui.protocol.frame import Frame
from stomptui.queues.leaving import KEEPS, Leaving


@dataclass(frozen=True)
class QueueSurvey:
    """What is known of a queue before it is peeked into."""

    notice: str
    """One line: what the broker will notice of a peek."""
    kind: str = ""
    """"classic", "quorum", "stream" or whatever the broker calls it; "" if it is not known."""
    exists: bool | None = None
    holds: bool = True
    """Whether a peek holds the messages it shows, so that others do not get them meanwhile."""
    ask: bool = False
    """Whether looking may do harm, so that it needs a yes."""
    refusal: str = ""
    """Why it cannot be peeked into at all."""
    depth: int | None = None
    """Messages in the queue, where the broker tells."""
    leaving: Leaving = KEEPS
    """What becomes of the queue when a reader leaves it. The notice says it too."""


USUAL = 100
"""Messages that a peek shows at most unless the person asks for more."""


@dataclass(frozen=True)
class PeekOptions:
    """What to peek for."""

    limit: int | None = USUAL
    """Messages to show at most; None for all."""
    start: str = ""
    """Where to begin in a stream: "first", "last", "next", "offset=N" or "timestamp=SECONDS"; "" is the first."""


@dataclass(frozen=True)
class PeekResult:
    """How a peek ended."""

    count: int
    held: bool
    """Whether the messages are held now."""
    note: str = ""
    """What else is to say: how many showings are used up, what could not be shown."""
    depth: int | None = None
    """Messages in the queue when it ended, where the broker tells."""


Found = Callable[[Sequence[Frame]], None]
