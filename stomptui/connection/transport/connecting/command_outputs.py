"""What commands printed for the header values of sessions, kept in memory a moment for the side connections beside."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from stomptui.config.connection import Connection

KEPT = 30.0
"""Seconds for which other sessions may use the output of a command; hardly a token expires that soon."""

_Key = tuple[str, int, tuple[str, ...]]


class CommandOutputs:
    """The outputs of one process, apart for each address. All methods may be called from any thread.

    What was refused is run anew from then on, as it may be good for one session only.

    Args:
        clock: Seconds that pass, as `time.monotonic`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[_Key, tuple[bytes, float]] = {}
        self._once: set[_Key] = set()
        """What is good for one session only."""

    def get(self, connection: Connection, words: list[str]) -> bytes | None:
        """What a command printed a moment ago, None if it has to be run."""
        with self._lock:
            output, when = self._kept.get(_key(connection, words), (b"", 0.0))
            return output if output and self._clock() - when < KEPT else None

    def put(self, connection: Connection, words: list[str], output: bytes) -> None:
        """Keep what a command has printed."""
        now, key = self._clock(), _key(connection, words)
        with self._lock:
            self._kept = {each: kept for each, kept in self._kept.items() if now - kept[1] < KEPT}
            if key not in self._once:
                self._kept[key] = (output, now)

    def forget(self, connection: Connection) -> None:
        """The server takes what was sent to it no longer."""
        with self._lock:
            for key in [key for key in self._kept if key[:2] == (connection.host, connection.port)]:
                del self._kept[key]

    def refused(self, connection: Connection, shared: Iterable[list[str]]) -> bool:
        """The server refused what was sent to it.

        Args:
            connection: To whom.
            shared: The commands whose output was got here.

        Returns:
            Whether there were any, so that another attempt, which runs them, may help.
        """
        self.forget(connection)
        keys = {_key(connection, words) for words in shared}
        with self._lock:
            self._once |= keys
        return bool(keys)


def _key(connection: Connection, words: list[str]) -> _Key:
    return connection.host, connection.port, tuple(words)


OUTPUTS = CommandOutputs()
