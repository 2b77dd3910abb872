"""Where a drain writes messages: what a file and standard output have in common."""

from __future__ import annotations

import enum
from typing import Protocol


class SinkPlace(enum.Enum):
    """Where written messages are; the value stands in sentences."""

    FILE = "in the file"
    OUTPUT = "on standard output"


class MessageSink(Protocol):
    """Where messages are kept, one line each; `MessageFile` is one. All methods may raise `FileError`."""

    size: int
    """Bytes of what was taken, and of what was there before."""
    place: SinkPlace
    """Where what was written is."""
    note: str | None
    """What had to be done with what was there, in a sentence; None if nothing."""
    spared: bool
    """Whether a file that is to be overwritten is still as it was, because nothing was written yet."""

    def write(self, line: bytes) -> int:
        """Take a whole line; returns the size with it."""

    def sync(self) -> None:
        """All that was taken survives a power cut when this returns."""

    def cut(self, size: int) -> None:
        """Remove all that was taken after that size, whether it was written or not."""

    def tail(self, lines: int, size: int) -> list[bytes]:
        """The last lines of what was there before: so many, and so many bytes, at most."""

    def close(self) -> None: ...
