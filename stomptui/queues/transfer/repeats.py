"""Messages that a second drain delivers again, recognised by the last lines of the file.

A drain that breaks off leaves its last messages in the file and perhaps in the queue. Some brokers give a message
another id with each delivery, so it is known again by all the rest of it. Two messages that are alike in all of that
cannot be distinguished, and are counted too.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from stomptui.protocol.delivery_headers import OF_ONE_DELIVERY
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.jsonl import FileMessage, JsonlError

LINES = 2_000
"""Lines at the end of a file that are compared: more than a drain leaves in doubt."""
SIZE = 16 << 20
"""Bytes of them at most."""
_NOT_COMPARED = OF_ONE_DELIVERY | {"x-delivery-count", "content-length", "destination"}


class Repeats:
    """Counts them.

    Args:
        lines: The last lines of the file, as they are in it.
    """

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._known = Counter(key for line in lines if (key := _key_of_line(line)))
        self.count = 0
        """How many of them are in the file once more."""

    def knows(self, frame: Frame) -> bool:
        """Whether there is a line of a message like that one; each line counts once."""
        key = _key(frame.headers, bytes(frame.body)) if self._known else b""
        if self._known[key] <= 0:
            return False
        self._known[key] -= 1
        return True

    @property
    def note(self) -> str | None:
        """What to say of them, in a sentence; None without any."""
        if not self.count:
            return None
        them = "1 of the messages is" if self.count == 1 else f"{self.count:,} of the messages are"
        twice = "it is in it twice" if self.count == 1 else "they are in it twice"
        return f"{them} equal to lines that the file ended with: after a drain that broke off, {twice} now."


def _key(headers: Headers, body: bytes) -> bytes:
    found = hashlib.blake2b(body, digest_size=16)
    for name, value in sorted(line for line in headers if line[0] not in _NOT_COMPARED):
        found.update(f"\0{name}\0{value}".encode("utf-8", "surrogateescape"))
    return found.digest()


def _key_of_line(line: bytes) -> bytes:
    try:
        message = FileMessage.from_line(line)
    except JsonlError:
        return b""
    return _key(message.headers, message.body)
