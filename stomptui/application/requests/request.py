"""One request, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from stomptui.protocol.durations import round_trip


class RequestState(Enum):
    """What became of a request. The value is how a person is told."""

    WAITING = "waiting for the answer"
    ANSWERED = "answered"
    TIMED_OUT = "not answered in time"
    STOPPED = "no longer waited for"
    REFUSED = "refused"
    LOST = "lost"
    """The connection was, and the reply queue with it."""


@dataclass(eq=False)
class Request:
    """One request. Changed by `Requests` alone."""

    destination: str
    correlation_id: str
    session: int
    """The number of the session that it was sent on."""
    receipt: str
    """The receipt that it asks for, "" if none."""
    limit: float
    """Seconds to wait for the answer."""
    sent: float
    """Seconds since the epoch when it was handed to the network."""
    state: RequestState = RequestState.WAITING
    elapsed: float = 0.0
    """Seconds until the answer came: the round trip."""
    row: int | None = None
    """The number of the answer's row in the journal."""
    size: int = 0
    """Bytes in the answer's body."""
    answers: int = 0
    """How many answers came."""
    why: str = ""
    """Why it was refused, or what is to be said of its answer."""

    @property
    def waits(self) -> bool:
        """Whether an answer is waited for."""
        return self.state is RequestState.WAITING

    @property
    def text(self) -> str:
        """What became of it, in words."""
        match self.state:
            case RequestState.ANSWERED:
                note = f", {self.why}" if self.why else ""
                return f"answered after {round_trip(self.elapsed)} with {self.size:,} bytes{note}"
            case RequestState.TIMED_OUT:
                return f"not answered within {self.limit:g} s"
            case RequestState.REFUSED:
                return f"refused: {self.why}"
            case RequestState.LOST:
                return f"lost: {self.why}, and its reply queue with it"
        return str(self.state.value)
