"""The text of a body in a binary format, as its view shows it, in pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from stomptui.journal.body import media_type
from stomptui.journal.formats import BinaryFormat, format_of
from stomptui.journal.views.cbor_view import CborLines
from stomptui.journal.views.lines import Lines
from stomptui.journal.views.msgpack_view import MsgpackLines
from stomptui.journal.views.protobuf_view import ProtobufLines

LARGEST_READ = 1 << 20
"""Bytes of a body that are read so: what its view shows of more is not searched."""
_LINES: Mapping[BinaryFormat, Callable[[bytes], Lines]] = {
    "msgpack": MsgpackLines,
    "cbor": CborLines,
    "protobuf": ProtobufLines,
}
PROTOBUF = re.compile(rb"\ncontent-type:[^\n]{0,512}?protobuf")
"""A header that may name the one of these formats whose bytes can be text all the same; arrays and maps of the others
begin with a byte with which no UTF-8 begins."""


def binary_texts(form: BinaryFormat, source: Iterator[bytes]) -> Iterator[str]:
    """What is shown of a body; "" while it is gathered.

    Args:
        form: The format it is in.
        source: Its bytes, in pieces.
    """
    data = bytearray()
    for piece in source:
        data += piece
        if len(data) >= LARGEST_READ:
            break
        yield ""
    lines = _LINES[form](bytes(data[:LARGEST_READ]))
    while not lines.done and not lines.problem:
        chunk = lines.chunk(lines.known)
        yield "\n" + "\n".join("".join(text for text, _ in line) for line in chunk)


@lru_cache(256)
def names_format(content_type: bytes) -> bool:
    """Whether a content-type, as it is on the wire, names one of these formats."""
    return format_of(b"", media_type(content_type.decode("utf-8", "replace"))[0]) is not None
