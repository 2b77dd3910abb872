"""Encoded frames that wait to be written to the socket: a thread-safe queue, bounded in bytes, that never blocks."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from stomptui.connection.errors import NotConnected, SendQueueFull

JOIN_UP_TO = 64 << 10
"""Bytes up to which small frames are joined into one write."""


class SendQueue:
    """A queue of bytes from any thread to the one that owns the socket.

    Args:
        max_bytes: The most that may wait.
        wake: Called after each `put`.
    """

    def __init__(self, max_bytes: int, wake: Callable[[], None]) -> None:
        self._max_bytes = max_bytes
        self._wake = wake
        self._lock = threading.Lock()
        self._waiting: deque[bytes] = deque()
        self._current: memoryview | None = None
        self._size = 0
        self._open = False

    def open(self) -> None:
        with self._lock:
            self._open = True

    def put(self, data: bytes, announce: Callable[[], None] | None = None) -> None:
        """Queue `data`.

        Args:
            data: The bytes to send.
            announce: Called just before they are queued, under the lock, so in the order in which they are sent; if it
                raises, they are not queued.

        Raises:
            NotConnected: The queue is not open.
            SendQueueFull: The broker does not read what we send.
        """
        with self._lock:
            if not self._open:
                raise NotConnected("not connected")
            if self._size and self._size + len(data) > self._max_bytes:
                raise SendQueueFull(f"the broker is not reading: {self._size:,} bytes are waiting to be sent")
            if announce:
                announce()
            self._waiting.append(data)
            self._size += len(data)
        self._wake()

    def pass_by(self, data: bytes, write: Callable[[bytes], int]) -> bool:
        """Write `data` without queueing it, if nothing waits; only for the thread that owns the socket.

        Args:
            data: The bytes to send.
            write: Writes as much as the system takes, and returns how many bytes; the rest is queued. What it raises is
                raised, and then nothing was written.

        Returns:
            False if something waits or the queue is not open: nothing was done.
        """
        with self._lock:
            if not self._open or self._size:
                return False
            count = write(data)
            if count < len(data):
                self._waiting.append(data[count:])
                self._size = len(data) - count
        return True

    def __bool__(self) -> bool:
        return self._size > 0

    @property
    def unsent(self) -> int:
        """Bytes that wait."""
        return self._size

    def chunk(self) -> memoryview | None:
        """The bytes to write next, the same until they were written; only for the thread that owns the socket."""
        if self._current is None:
            with self._lock:
                if not self._waiting:
                    return None
                parts = [self._waiting.popleft()]
                size = len(parts[0])
                while self._waiting and size + len(self._waiting[0]) <= JOIN_UP_TO:
                    parts.append(self._waiting.popleft())
                    size += len(parts[-1])
            self._current = memoryview(parts[0] if len(parts) == 1 else b"".join(parts))
        return self._current

    def written(self, count: int) -> None:
        """Note that the system took the first `count` bytes of the chunk."""
        if self._current is None:
            return
        self._current = self._current[count:] if count < len(self._current) else None
        with self._lock:
            self._size -= count

    def close(self) -> None:
        """Accept nothing more and drop what waits."""
        with self._lock:
            self._open = False
            self._waiting.clear()
            self._current = None
            self._size = 0
