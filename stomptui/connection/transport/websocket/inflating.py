"""Reading messages of a server that compresses them though nobody asked it to (permessage-deflate, RFC 7692).

We never offer it: what we send is not compressed, which the extension allows for each message (section 6).
"""

from __future__ import annotations

import re
import zlib

DEFLATE = "permessage-deflate"
_TAIL = b"\0\0\xff\xff"
"""What a sender leaves out at the end of a message (section 7.2.1)."""
_SHOWN = 80
_PART = 16 << 10
"""Bytes decompressed at once."""
_MOST_STREAMS = 1000
"""Streams of a message, each ended with a final block; senders make one, and each costs memory and time to begin."""


class InflateError(ValueError):
    """A message that cannot be decompressed.

    Args:
        text: Why, in words.
        too_large: Whether it would be larger than allowed.
    """

    def __init__(self, text: str, too_large: bool = False) -> None:
        super().__init__(text)
        self.too_large = too_large


class Inflater:
    """Decompresses the messages of one connection in their order; what one refers to may be in those before.

    Args:
        max_message: Bytes allowed in a message, checked while it is decompressed.
    """

    def __init__(self, max_message: int) -> None:
        self._max = max_message
        self._stream = _begin()

    def message(self, payload: bytes) -> bytes:
        """The message whose compressed bytes these are.

        Raises:
            InflateError: They are not, or there is more in them than allowed.
        """
        found = bytearray()
        data, place, ended = memoryview(payload + _TAIL), 0, 0
        try:
            while place < len(data):
                # What a stream leaves unread is copied, so that it gets little at a time.
                part = data[place : place + _PART]
                found += self._stream.decompress(part, self._max + 1 - len(found))
                if len(found) > self._max:
                    raise InflateError(f"the server sent a message larger than {self._max:,} bytes", too_large=True)
                place += len(part) - len(self._stream.unconsumed_tail)
                if self._stream.eof:
                    # A sender may end its stream with a message; the tail then stands behind it.
                    place -= len(self._stream.unused_data)
                    self._stream = _begin()
                    rest = data[place : place + len(_TAIL) + 1].tobytes()
                    if _TAIL.startswith(rest) or _TAIL.endswith(rest):
                        break
                    ended += 1
                    if ended > _MOST_STREAMS:
                        text = f"the server sent a message of more than {_MOST_STREAMS:,} {DEFLATE} streams"
                        raise InflateError(text)
        except zlib.error as error:
            raise InflateError(f"the server sent a message that is not compressed as {DEFLATE} says") from error
        return bytes(found)


def extensions(announced: str) -> list[str]:
    """The names in a Sec-WebSocket-Extensions header, without their parameters."""
    names = (part.partition(";")[0].strip() for part in announced.split(","))
    return [name for name in names if name]


def unasked(announced: str) -> str:
    """What to tell of extensions that a server announces though none was offered, "" without any."""
    names = extensions(announced)
    if DEFLATE in names:
        return f"the server compresses its WebSocket messages ({DEFLATE}) though it was not asked to; they are read"
    if not names:
        return ""
    shown = re.sub(r"[^!-~ ]", "?", ", ".join(names))[:_SHOWN]
    return f"the server announces a WebSocket extension that was not asked for: {shown}"


def _begin() -> zlib._Decompress:
    return zlib.decompressobj(-zlib.MAX_WBITS)
