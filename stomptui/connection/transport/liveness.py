"""Tell a broker that is gone from one that is blocked, by what TCP knows of the connection (tcp(7), TCP_INFO).

A RabbitMQ under a memory or disk alarm stops reading and is alive: its system acknowledges segments until its receive
buffer is full, and then answers each zero-window probe. The system of a broker that is gone acknowledges nothing. TCP
itself gives up after a quarter of an hour; TCP_USER_TIMEOUT would end a connection to a blocked broker as well.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from stomptui.connection.errors import ConnectionOver
from stomptui.connection.transport.tcp_info import TcpInfo

CHECK_EVERY = 5.0
"""Seconds between two checks while something is not acknowledged or not answered."""
STALLED_AFTER = 10.0
"""Seconds without progress after which a stall is reported."""
LOST_AFTER = 30.0
"""Seconds without a TCP acknowledgement after which the broker counts as gone."""
_RETRANSMITS, _PROBES = 3, 2
"""Unanswered retransmissions, or zero-window probes, that are needed to say so."""
_ALARM = "as RabbitMQ is while it runs out of memory or disk space"


class Stall(enum.Enum):
    """How an open connection is stuck; the value is its text in the status line."""

    UNREACHED = "no sign of life"
    UNREAD = "the broker does not read (blocked)"
    UNANSWERED = "the broker does not answer"


@dataclass(frozen=True)
class LivenessCheck:
    """The result of one check."""

    open: bool
    """Whether something is not acknowledged or not answered, so that another check is due."""
    stall: Stall | None
    text: str = ""


class Liveness:
    """Checks one connection repeatedly; for the thread that owns its socket.

    Args:
        tcp_info: Returns what the system knows of the socket, None where it does not tell.
    """

    def __init__(self, tcp_info: Callable[[], TcpInfo | None]) -> None:
        self.lost_after = LOST_AFTER
        self.stalled_after = STALLED_AFTER
        self.check_every = CHECK_EVERY
        self._tcp_info = tcp_info
        self._open_since: float | None = None
        self._progress = -1
        self._progress_at = 0.0

    def check(self, now: float, written: int, unsent: int, pending_since: float | None) -> LivenessCheck:
        """Check the connection.

        Args:
            now: `time.monotonic()`.
            written: Bytes the system has taken so far.
            unsent: Bytes that wait until it takes more.
            pending_since: `time.monotonic()` of the oldest request without an answer, None if all are answered.

        Raises:
            ConnectionOver: Nothing was acknowledged for `lost_after` seconds: the broker is gone.
        """
        info = self._tcp_info()
        if written != self._progress or not unsent:
            self._progress, self._progress_at = written, now
        unacknowledged = bool(unsent or (info is not None and (info.unacked or info.probes)))
        if not unacknowledged:
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
        # What was not sent yet cannot be answered.
        unanswered = 0.0 if pending_since is None or unsent else now - pending_since
        stall, text = self._stall(info is not None, silent, unread, unanswered, unsent)
        return LivenessCheck(unacknowledged or pending_since is not None, stall, text)

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
