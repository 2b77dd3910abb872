"""The I/O loop of an open socket: one thread reads, writes and checks timers, and waits in one selector only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from stomptui.connection.transport.heartbeats import HeartbeatClock
from stomptui.connection.transport.input_ended import broken
from stomptui.connection.transport.socket_io import SocketIO
from stomptui.connection.transport.timers import Timer

LONGEST_WAIT = 3600.0
"""Seconds that the thread waits at most in one `select`, which does not accept absurdly long timeouts."""
MOMENT = 0.01
"""Seconds for which timers wait at most while each read is answered at once."""
_LAST_READS = 16
"""Reads after a failed write: what the broker said before it closed fits in them."""


class IoLoop:
    """Serves the socket, the wake-ups and the timers of one connection, in the thread that owns the socket.

    Args:
        io: The socket.
        clock: When bytes were received and sent.
        timers: Checked in each run, in this order.
        may_read: Called before each read; while it returns False nothing is read, until somebody wakes us.
        take: Called with the bytes of each read, and with b"" at the end of the stream. Returns whether they were
            answers and nothing else, so that what they made room for is on its way and the next ones come soon.
    """

    def __init__(
        self,
        io: SocketIO,
        clock: HeartbeatClock,
        timers: Sequence[Timer],
        may_read: Callable[[], bool],
        take: Callable[[bytes], bool],
    ) -> None:
        self._io = io
        self._clock = clock
        self._timers = timers
        self._may_read = may_read
        self._take = take
        self._listening = True

    def run_once(self) -> None:
        """Wait until there is something to do, and do it.

        Raises:
            InputEnded: The socket is broken. What `take` and the timers raise is raised as well.
        """
        io = self._io
        io.waker.woken = threading.get_ident()
        listening = self._may_read()
        if listening and not self._listening:
            self._clock.reading_resumed(time.monotonic())
        self._listening = listening
        readable = True
        if not (io.more and listening and not io.queue):
            readable = io.wait(listening, self._due_in(listening))
        if io.queue:
            self._write()
        if readable and listening:
            if self._read():
                self._read_on()
            # What was read may have been answered at once: the selector need not be asked first.
            if io.queue and not io.write_wants_read:
                self._write()
        elif readable and io.write_wants_read:
            self._write()
        now, quiet = time.monotonic(), listening and not readable
        for timer in self._timers:
            timer.check(now, listening, quiet)

    def _due_in(self, listening: bool) -> float | None:
        """Seconds until the next timer is due, None if none is."""
        due = [at for timer in self._timers if (at := timer.due(listening)) is not None]
        return min(max(0.0, min(due) - time.monotonic()), LONGEST_WAIT) if due else None

    def _read_on(self) -> None:
        """Read the answers to what was just sent, as long as there is nothing else to do, for a moment."""
        io, until = self._io, time.monotonic() + MOMENT
        while not (io.queue or io.more) and io.wait(True, MOMENT) and self._read() and time.monotonic() < until:
            pass

    def _read(self) -> bool:
        """Read once; whether it was what `take` tells."""
        try:
            data = self._io.read()
        except OSError as error:
            raise broken(error, self._io.encrypted) from error
        return data is not None and self._take(data)

    def _write(self) -> None:
        try:
            self._io.write()
        except OSError as error:
            # What the broker said before it closed, often why, may still lie unread.
            self._read_what_is_left()
            raise broken(error, self._io.encrypted) from error

    def _read_what_is_left(self) -> None:
        for _ in range(_LAST_READS):
            self._io.more = False
            self._read()
            if not self._io.more:
                return
