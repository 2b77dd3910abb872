"""What bytes that a person typed as frames are: each piece up to its NUL, whatever is in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stomptui.protocol.marker import COMMANDS
from stomptui.protocol.numbers import whole_number

_EOL = b"\r\n"
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"\ncontent-length:([^\r\n\0]*)")


@dataclass(frozen=True)
class RawPiece:
    """Bytes between two ends of frames."""

    raw: bytes
    """Without its NUL, and without line breaks before it."""
    ended: bool
    """Whether a NUL is at its end."""

    @property
    def announced(self) -> int | None:
        """How many bytes its body has by its content-length, None if that says none."""
        head = _head(self.raw, 0, len(self.raw))
        return _announced(self.raw, 0, head.start()) if head is not None else None

    @property
    def body_size(self) -> int:
        """How many it has."""
        head = _head(self.raw, 0, len(self.raw))
        return len(self.raw) - head.end() if head is not None else 0

    @property
    def waits(self) -> bool:
        """Whether a broker has to wait for more of it."""
        return not self.ended or (self.announced or 0) > self.body_size

    @property
    def known(self) -> bool:
        """Whether it begins with a command of STOMP."""
        return self.raw.partition(b"\n")[0].rstrip(b"\r") in COMMANDS


def raw_pieces(data: bytes) -> list[RawPiece]:
    """The frames in bytes that are about to be sent.

    A frame ends at the first NUL, or where its content-length says if a NUL is there.
    """
    pieces: list[RawPiece] = []
    at = 0
    while (at := _begin(data, at)) < len(data):
        end = _end(data, at)
        pieces.append(RawPiece(data[at : len(data) if end < 0 else end], end >= 0))
        if end < 0:
            break
        at = end + 1
    return pieces


def _begin(data: bytes, at: int) -> int:
    while at < len(data) and data[at] in _EOL:
        at += 1
    return at


def _end(data: bytes, at: int) -> int:
    """Where the NUL of a frame is that begins there, -1 without one."""
    nul = data.find(b"\0", at)
    blank = _head(data, at, nul if nul >= 0 else len(data))
    if blank is None or nul < 0:
        return nul
    size = _announced(data, at, blank.start())
    if size is not None and data[blank.end() + size : blank.end() + size + 1] == b"\0":
        return blank.end() + size
    return nul


def _head(data: bytes, at: int, end: int) -> re.Match[bytes] | None:
    """The empty line behind the headers."""
    return _EMPTY_LINE.search(data, at, end)


def _announced(data: bytes, at: int, blank: int) -> int | None:
    length = _LENGTH.search(data, at, blank + 1)
    return whole_number(length[1].decode("ascii", "replace")) if length is not None else None
