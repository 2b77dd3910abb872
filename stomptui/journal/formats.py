"""Which binary format a body is in: by its media type, or by first bytes that are that of one format only."""

from __future__ import annotations

from typing import Literal

from stomptui.journal.views.cbor_view import read_cbor
from stomptui.journal.views.item_lines import well_formed_start
from stomptui.journal.views.msgpack_view import read_msgpack

BinaryFormat = Literal["msgpack", "cbor", "protobuf"]

SAMPLE = 512
"""The first bytes of a body, by which it is guessed what it is."""
NAMES: dict[BinaryFormat, str] = {"msgpack": "MessagePack", "cbor": "CBOR", "protobuf": "Protobuf"}
"""What a person calls them."""
_SUBTYPES: dict[str, BinaryFormat] = {
    "msgpack": "msgpack",
    "x-msgpack": "msgpack",
    "vnd.msgpack": "msgpack",
    "cbor": "cbor",
    "cbor-seq": "cbor",
    "senml-exi+cbor": "cbor",
    "protobuf": "protobuf",
    "x-protobuf": "protobuf",
    "vnd.google.protobuf": "protobuf",
    "x-google-protobuf": "protobuf",
}
UNNAMED = ("", "application/octet-stream", "application/binary")
"""Media types that say nothing of the bytes."""
_SELF_DESCRIBED_CBOR = b"\xd9\xd9\xf7"
"""The tag that says of what follows that it is CBOR (RFC 8949, 3.4.6)."""


def format_of(start: bytes, media_type: str) -> BinaryFormat | None:
    """The format of what begins so, None if it is none that is known.

    Args:
        start: Its first bytes.
        media_type: Its media type in lower case, "" without one.
    """
    subtype = media_type.rpartition("/")[2]
    named = _SUBTYPES.get(subtype) or _SUBTYPES.get(subtype.rpartition("+")[2])
    if named or media_type not in UNNAMED:
        return named
    if start.startswith(_SELF_DESCRIBED_CBOR):
        return "cbor"
    if len(start) > 3 and _is_map_with_names(start):
        guess: BinaryFormat = "cbor" if 0xA0 <= start[0] < 0xC0 else "msgpack"
        read = read_cbor if guess == "cbor" else read_msgpack
        if well_formed_start(read, start, whole=len(start) < SAMPLE):
            return guess
    return None


def _is_map_with_names(start: bytes) -> bool:
    """Whether it begins as a map whose first key is a name, in MessagePack or in CBOR: no text begins so."""
    first, key = start[0], start[1:]
    if 0x81 <= first <= 0x8F or first == 0xDE:
        key = start[3:] if first == 0xDE else key
        long_key = key[:1] == b"\xd9"
        size, name = (key[1], key[2:]) if long_key and len(key) > 1 else (key[0] & 0x1F, key[1:]) if key else (0, b"")
        is_text = long_key or (bool(key) and 0xA1 <= key[0] <= 0xBF)
    elif 0xA1 <= first <= 0xB8 or first == 0xBF:
        key = start[2:] if first == 0xB8 else key
        size, name = (key[0] & 0x1F, key[1:]) if key else (0, b"")
        is_text = bool(key) and 0x61 <= key[0] <= 0x77
    else:
        return False
    name = name[:size]
    return is_text and len(name) == size > 0 and name.isascii() and name.decode("ascii").isprintable()
