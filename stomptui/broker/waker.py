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
        # The flag first: a wake in between leaves a byte too many, the other order would lose one.
        self._set = False
        try:
            self._reader.recv(4096)
        except (BlockingIOError, OSError):
            pass

    def close(self) -> None:
        self._reader.close()
        self._writer.close()
