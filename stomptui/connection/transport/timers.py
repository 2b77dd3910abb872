"""The timers of one connection, which the I/O loop checks: its deadline, the check of liveness, heart-beats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from stomptui.connection.errors import ConnectError, ConnectionOver
from stomptui.connection.transport.heartbeats import HeartbeatClock
from stomptui.connection.transport.liveness import Liveness, Stall
from stomptui.connection.transport.send_queue import SendQueue
from stomptui.connection.transport.socket_io import SocketIO


class Timer(Protocol):
    """Something to do at a certain time. All times are `time.monotonic()`."""

    def due(self, listening: bool) -> float | None:
        """When the loop must call `check` next at the latest, None if this timer does not need it.

        Args:
            listening: Whether we are reading, so that silence counts.
        """
        ...

    def check(self, now: float, listening: bool, quiet: bool) -> None:
        """Do what is due. Called in each run of the loop.

        Args:
            now: The time.
            listening: Whether we are reading.
            quiet: Whether we are reading and nothing has come: unread bytes are a sign of life too.

        Raises:
            ConnectionOver, ConnectError: The connection, or the attempt to connect, has to end.
        """
        ...


class Deadline:
    """When the connection ends, if it is not put off; one deadline at a time. Set from any thread.

    Args:
        wake: Called when it was set.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._set: tuple[float, Callable[[], ConnectError | ConnectionOver]] | None = None

    def set(self, at: float, error: Callable[[], ConnectError | ConnectionOver]) -> None:
        """End the connection at `at` with the error that `error` returns; replaces the deadline before."""
        self._set = (at, error)
        self._wake()

    def clear(self) -> None:
        self._set = None

    def due(self, listening: bool) -> float | None:
        return self._set[0] if self._set else None

    def check(self, now: float, listening: bool, quiet: bool) -> None:
        deadline = self._set
        if deadline and now >= deadline[0]:
            raise deadline[1]()


AGAIN = 1.0
"""Seconds until what could not be decided is looked at again."""


class ReceiptTimer:
    """Ends the wait for receipts that do not come.

    Args:
        due: Returns when `check` has something to do next, None if nothing is awaited.
        check: Called then, with the time.
    """

    def __init__(self, due: Callable[[], float | None], check: Callable[[float], None]) -> None:
        self._due = due
        self._check = check
        self._put_off = 0.0

    def due(self, listening: bool) -> float | None:
        due = self._due()
        return None if due is None else max(due, self._put_off)

    def check(self, now: float, listening: bool, quiet: bool) -> None:
        due = self.due(listening)
        if due is not None and now >= due and listening:
            self._check(now)
            # What is still awaited then is so because nothing was heard; to look again at once would be in vain.
            self._put_off = now + AGAIN


class LivenessTimer:
    """Checks now and then whether what was sent gets through; an idle connection is not checked.

    Args:
        liveness: What checks it.
        io: The socket.
        clock: When something was sent last.
        connected: Returns whether CONNECTED has come; nothing is checked before.
        pending_since: Returns the time of the oldest request without an answer, None if there is none.
        report: Called with each change: how it is stuck, None if it is not any more, and a text.
    """

    def __init__(
        self,
        liveness: Liveness,
        io: SocketIO,
        clock: HeartbeatClock,
        connected: Callable[[], bool],
        pending_since: Callable[[], float | None],
        report: Callable[[Stall | None, str], None],
    ) -> None:
        self._liveness = liveness
        self._io = io
        self._clock = clock
        self._connected = connected
        self._pending_since = pending_since
        self._report = report
        self._check_at: float | None = None
        self._checked_at = 0.0
        self._stall: Stall | None = None

    def due(self, listening: bool) -> float | None:
        return self._check_at

    def check(self, now: float, listening: bool, quiet: bool) -> None:
        if not self._connected():
            return
        if self._check_at is None:
            if self._io.queue or self._clock.last_sent > self._checked_at:
                self._check_at = now + self._liveness.check_every
        elif now >= self._check_at:
            # While we do not read, an answer that came is not seen.
            pending = self._pending_since() if listening else None
            check = self._liveness.check(now, self._io.bytes_out, self._io.queue.unsent, pending)
            self._checked_at = now
            self._check_at = now + self._liveness.check_every if check.open else None
            if check.stall is not self._stall:
                self._stall = check.stall
                self._report(check.stall, check.text)


class HeartbeatTimer:
    """Sends our heart-beats, and ends a connection whose broker is overdue.

    Args:
        clock: The intervals agreed, and when bytes were received and sent.
        queue: Where our heart-beats go.
        wrap: Returns the bytes to send for an encoded heart-beat.
    """

    def __init__(self, clock: HeartbeatClock, queue: SendQueue, wrap: Callable[[bytes], bytes]) -> None:
        self._clock = clock
        self._queue = queue
        self._wrap = wrap

    def due(self, listening: bool) -> float | None:
        return self._clock.next_due(listening, sending=not self._queue)

    def check(self, now: float, listening: bool, quiet: bool) -> None:
        if self._clock.beat_due(now) and not self._queue:
            self._queue.put(self._wrap(b"\n"))
            self._clock.sent(now)
        silence = self._clock.overdue(now) if quiet else 0.0
        if silence:
            promised = self._clock.receive_every
            raise ConnectionOver(f"nothing heard for {silence:.0f} s (a heart-beat every {promised:g} s was agreed)")
