"""Whether a broker that does not answer is gone or blocked.

A RabbitMQ under a memory or disk alarm stops reading and is alive: its system acknowledges what it is sent until there
is no more room, and then answers each question whether there is. A broker that is gone acknowledges nothing. TCP's own
patience with what is not acknowledged is a quarter of an hour; its TCP_USER_TIMEOUT would end a blocked one as well.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from stomptui.connection.errors import ConnectionOver
from stomptui.connection.transport.tcp_info import TcpInfo

CHECK_EVERY = 5.0
"""Seconds between two looks while something is on its way or unanswered."""
STALLED_AFTER = 10.0
"""Seconds without progress after which it is told."""
LOST_AFTER = 30.0
"""Seconds in which nothing acknowledged what is sent after which the broker is gone."""
_RETRANSMITS, _PROBES = 3, 2
"""How often what was sent must have been repeated in vain, or a question have gone unanswered, to mean that."""
_ALARM = "as RabbitMQ is while it runs out of memory or disk space"


class Stall(enum.Enum):
    """How a connection that stands does not go on; the value is how the status line says it."""

    UNREACHED = "no sign of life"
    UNREAD = "the broker does not read (blocked)"
    UNANSWERED = "the broker does not answer"


@dataclass(frozen=True)
class LivenessVerdict:
    """What a look has shown."""

    open: bool
    """Whether something is on its way or unanswered, so that another look is due."""
    stall: Stall | None
    text: str = ""


class Liveness:
    """Looks at one connection again and again; for the thread that owns its socket.

    Args:
        ask: What the system knows of the socket, None where it does not tell.
    """

    def __init__(self, ask: Callable[[], TcpInfo | None]) -> None:
        self.lost_after = LOST_AFTER
        self.stalled_after = STALLED_AFTER
        self.check_every = CHECK_EVERY
        self._ask = ask
        self._open_since: float | None = None
        self._progress = -1
        self._progress_at = 0.0

    def check(self, now: float, written: int, unsent: int, asked_since: float | None) -> LivenessVerdict:
        """Look.

        Args:
            now: `time.monotonic()`.
            written: Bytes the system has taken so far.
            unsent: Bytes that wait until it takes more.
            asked_since: When the oldest question was asked that is not answered, None if all are.

        Raises:
            ConnectionOver: The broker is gone.
        """
        info = self._ask()
        if written != self._progress or not unsent:
            self._progress, self._progress_at = written, now
        on_its_way = bool(unsent or (info is not None and (info.unacked or info.probes)))
        if not on_its_way:
            self._open_since = None
        elif self._open_since is None:
            self._open_since = now
        silent = 0.0
        if info is not None and self._open_since is not None:
            in_vain = info.probes >= _PROBES or (info.unacked > 0 and info.retransmits >= _RETRANSMITS)
            silent = min(info.silence, now - self._open_since) if in_vain else 0.0
        if silent >= self.lost_after:
            raise ConnectionOver(f"the network lost the broker: nothing acknowledged for {silent:.0f} s what was sent")
        unread = now - self._progress_at if unsent else 0.0
        # What has not gone out yet cannot be answered.
        unanswered = 0.0 if asked_since is None or unsent else now - asked_since
        stall, text = self._stall(info is not None, silent, unread, unanswered, unsent)
        return LivenessVerdict(on_its_way or asked_since is not None, stall, text)

    def _stall(
        self, known: bool, silent: float, unread: float, unanswered: float, unsent: int
    ) -> tuple[Stall | None, str]:
        longest = max(silent, unread, unanswered)
        if longest < self.stalled_after:
            return None, ""
        if silent:
            return Stall.UNREACHED, (
                f"nothing has acknowledged for {silent:.0f} s what is sent: the broker or the network may be gone; "
                f"after {self.lost_after:.0f} s it counts as lost"
            )
        if not known:
            return Stall.UNANSWERED, (
                f"the broker has not answered for {longest:.0f} s: it may be blocked, {_ALARM}, or gone; "
                "this system does not tell which"
            )
        if unread >= self.stalled_after:
            return Stall.UNREAD, (
                f"the broker has not read for {unread:.0f} s what is sent ({unsent:,} bytes wait), but its system "
                f"answers: it is blocked, {_ALARM}, and not gone"
            )
        return Stall.UNANSWERED, (
            f"the broker has got what was sent {unanswered:.0f} s ago and not answered: it is busy or blocked, "
            f"{_ALARM}, and not gone"
        )
