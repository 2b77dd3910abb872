"""Waking a thread that waits in a selector."""

from __future__ import annotations

import socket


class Waker:
    """Something a selector can wait for and any thread can set off. Setting it off often costs one byte."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._set = False

    def fileno(self) -> int:
        return self._reader.fileno()

    def wake(self) -> None:
        """From any thread, at any time, after `close` too."""
        if self._set:
            return
        self._set = True
        try:
            self._writer.send(b"x")
        except (BlockingIOError, OSError):
            pass  # full means it is set off already, closed means that nobody waits

    def clear(self) -> None:
        """Be ready for the next wake; whoever clears looks at what may have changed afterwards, not before."""
        try:
            self._reader.recv(4096)
        except (BlockingIOError, OSError):
            pass
        # Last: a wake until here is answered by that look. The other order could leave the flag set with no byte
        # behind it, and then nothing would wake any more.
        self._set = False

    def close(self) -> None:
        self._reader.close()
        self._writer.close()
