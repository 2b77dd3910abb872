"""WebSocket pings (RFC 6455, section 5.5.2) where no heart-beats were agreed, so that a vanished server is noticed."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.connection.errors import ConnectionOver
from stomptui.connection.transport.heartbeats import HeartbeatClock
from stomptui.connection.transport.send_queue import SendQueue
from stomptui.connection.transport.websocket.frames import PING, pack

PING_EVERY = 30.0
"""Seconds between pings."""
PING_TOLERANCE = 2.5
"""Pings without any sign of life after which a server that used to answer them has vanished."""


class PingTimer:
    """The pings of one connection; a `Timer`.

    Args:
        clock: The heart-beats agreed, and when bytes were received and sent.
        queue: Where pings go.
        connected: Returns whether CONNECTED has come; nothing is sent before.
    """

    every = PING_EVERY

    def __init__(self, clock: HeartbeatClock, queue: SendQueue, connected: Callable[[], bool]) -> None:
        self.answered = False
        """Whether the server has answered a ping; one that never does is left alone."""
        self._clock = clock
        self._queue = queue
        self._connected = connected
        self._last = 0.0

    def _needed(self) -> bool:
        return self._connected() and not self._clock.send_every and not self._clock.receive_every

    def _next(self) -> float:
        return max(self._last, self._clock.last_sent) + self.every

    def due(self, listening: bool) -> float | None:
        return self._next() if self._needed() else None

    def check(self, now: float, listening: bool, quiet: bool) -> None:
        if not self._needed():
            return
        if now >= self._next():
            self._last = now
            if not self._queue:
                self._queue.put(pack(PING, b""))
        silence = self._clock.idle(now)
        if quiet and self.answered and silence > self.every * PING_TOLERANCE:
            raise ConnectionOver(f"nothing heard for {silence:.0f} s, nor an answer to WebSocket pings")
