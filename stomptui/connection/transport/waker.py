"""A socket pair that wakes a thread out of its selector from any other thread."""

from __future__ import annotations

import socket
import threading


class Waker:
    """Registered in a selector as readable; `wake` from any thread makes it so. Repeated wakes cost one byte.

    Attributes:
        woken: The thread that waits in the selector, 0 while none does. It need not wake itself.
    """

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._set = False
        self.woken = 0

    def fileno(self) -> int:
        return self._reader.fileno()

    def wake(self) -> None:
        """From any thread, at any time, after `close` too."""
        if self._set or self.woken == threading.get_ident():
            return
        self._set = True
        try:
            self._writer.send(b"x")
        except (BlockingIOError, OSError):
            pass  # full means that it is set already, closed that nobody waits

    def clear(self) -> None:
        """Reset it; the caller checks what may have changed after this call, not before."""
        try:
            self._reader.recv(4096)
        except (BlockingIOError, OSError):
            pass
        # Last: the caller's check covers every wake until here. The other order could leave the flag set without a
        # byte in the pair, and then nothing would wake any more.
        self._set = False

    def close(self) -> None:
        self._reader.close()
        self._writer.close()
