"""Where frames begin and end in a stream of bytes."""

from __future__ import annotations

from array import array
from typing import NamedTuple


class FrameError(ValueError):
    """The stream cannot be followed any further: a header or a frame larger than its limit."""


class Batch(NamedTuple):
    """Bytes as read, and where the frames in them begin and end."""

    data: bytes
    marks: array[int]
    odd: dict[int, str]
    others: tuple[int, ...] = ()
