"""Copying one part of a frame: the body, headers, the whole frame, or a value of a JSON body, as text or Base64."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from stomptui.journal.body import Content
from stomptui.journal.clipboard_text import Copied, copied_frame, copied_headers
from stomptui.journal.json_path import value_at
from stomptui.protocol.frame import Frame


class PartKind(Enum):
    """What of a frame is copied."""

    BODY = "body"
    HEADER = "header"
    """The value of one header."""
    HEADERS = "headers"
    FRAME = "frame"
    JSON_VALUE = "json value"
    """A value of a JSON body, by its path."""


@dataclass(frozen=True)
class FramePart:
    """A part of a frame, and how it is copied."""

    kind: PartKind
    header: int = 0
    """Which header, counted from 0; names can repeat."""
    path: str = ""
    """The path of a JSON value."""
    base64: bool = False
    """Whether its bytes are copied as Base64."""


def copied_part(part: FramePart, frame: Frame, content: Content, body: Callable[[], Copied]) -> Copied:
    """What is copied of a part. As Base64 it is the bytes that crossed the wire; of headers, of their text.

    Args:
        part: The part.
        frame: The frame.
        content: Its body, made ready to be shown.
        body: Makes what is copied of the body as text.

    Raises:
        NoSuchValue: There is no JSON value at the path.
    """
    if part.base64 and part.kind in (PartKind.BODY, PartKind.FRAME):
        return _encoded(frame.body if part.kind is PartKind.BODY else frame.raw)
    match part.kind:
        case PartKind.BODY:
            return body()
        case PartKind.HEADER:
            copied = Copied(frame.headers[part.header][1])
        case PartKind.HEADERS:
            copied = copied_headers(frame)
        case PartKind.FRAME:
            return copied_frame(frame)
        case PartKind.JSON_VALUE:
            copied = Copied(value_at(content.text or "", part.path))
    return _encoded(copied.text.encode("utf-8", "surrogateescape")) if part.base64 else copied


def _encoded(data: bytes) -> Copied:
    return Copied(base64.b64encode(data).decode("ascii"), (f"{len(data):,} bytes as Base64",))
