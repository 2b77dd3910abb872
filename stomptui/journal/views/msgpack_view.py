"""The MessagePack view: order, repeated keys and keys of any kind stay, as the specification has them.

The format is read here and not by a library, because a library makes a dict of a map: repeated keys are lost in it, and
a body has to be read to its end before its first line is shown.
"""

from __future__ import annotations

import struct
from datetime import datetime, timedelta, timezone

from stomptui.journal.views.item_lines import BrokenItem, Item, ItemLines, hexed, number_text, quoted, taken

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_NUMBERS = {
    0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
    0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q",
}  # fmt: skip
_LITERALS = {0xC0: "null", 0xC2: "false", 0xC3: "true"}
_SIZED = {
    0xC4: ("bin", 1), 0xC5: ("bin", 2), 0xC6: ("bin", 4), 0xC7: ("ext", 1), 0xC8: ("ext", 2), 0xC9: ("ext", 4),
    0xD9: ("str", 1), 0xDA: ("str", 2), 0xDB: ("str", 4), 0xDC: ("array", 2), 0xDD: ("array", 4), 0xDE: ("map", 2),
    0xDF: ("map", 4),
}  # fmt: skip
"""What the first byte says follows, and how many bytes have its size."""
_TIMESTAMP = 255
"""The type -1 of an extension, as a byte."""


class MsgpackLines(ItemLines):
    """A MessagePack body, or several values one after the other."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data, read_msgpack, "MessagePack")


def read_msgpack(data: bytes, position: int) -> Item:
    """One MessagePack item.

    Raises:
        BrokenItem: There is none at this position.
    """
    first = taken(data, position, 1)[0]
    position += 1
    if first < 0x80:
        return Item("value", position, str(first), "number")
    if first < 0x90:
        return Item("map", position, size=first & 0x0F)
    if first < 0xA0:
        return Item("array", position, size=first & 0x0F)
    if first < 0xC0:
        return _text(data, position, first & 0x1F)
    if first >= 0xE0:
        return Item("value", position, str(first - 256), "number")
    if first in _LITERALS:
        return Item("value", position, _LITERALS[first], "literal")
    if first in _NUMBERS:
        packing = struct.Struct(_NUMBERS[first])
        number = packing.unpack(taken(data, position, packing.size))[0]
        text = number_text(number) if isinstance(number, float) else str(number)
        return Item("value", position + packing.size, text, "number")
    if 0xD4 <= first <= 0xD8:
        return _extension(data, position, 1 << (first - 0xD4))
    if first not in _SIZED:
        raise BrokenItem("0xc1 is never used")
    kind, width = _SIZED[first]
    size = int.from_bytes(taken(data, position, width), "big")
    position += width
    if kind == "str":
        return _text(data, position, size)
    if kind == "ext":
        return _extension(data, position, size)
    if kind == "bin":
        return Item("value", position + size, hexed(taken(data, position, size), 0, size), "mark")
    return Item("map" if kind == "map" else "array", position, size=size)


def _text(data: bytes, position: int, size: int) -> Item:
    part = taken(data, position, size)
    try:
        return Item("value", position + size, quoted(part.decode("utf-8")), "string")
    except UnicodeDecodeError:
        # Writers before 2013 put bytes into strings.
        return Item("value", position + size, hexed(part, 0, size), "mark", comment="not UTF-8")


def _extension(data: bytes, position: int, size: int) -> Item:
    """An extension: its type in one byte, and its bytes; -1 is a time."""
    kind = taken(data, position, 1)[0]
    position += 1
    inside = taken(data, position, size)
    text = f"ext({kind - 256 if kind > 127 else kind}, {hexed(inside, 0, size)})"
    comment = _time(inside) if kind == _TIMESTAMP and size in (4, 8, 12) else ""
    return Item("value", position + size, text, "mark", comment=comment)


def _time(data: bytes) -> str:
    """A timestamp in words, "" if no calendar has it."""
    nanoseconds, seconds = 0, int.from_bytes(data, "big")
    if len(data) == 8:
        nanoseconds, seconds = seconds >> 34, seconds & ((1 << 34) - 1)
    elif len(data) == 12:
        nanoseconds, seconds = struct.unpack(">Iq", data)
    return date_text(seconds, nanoseconds)


def date_text(seconds: int, nanoseconds: int = 0) -> str:
    """Seconds since 1970 as a date, "" if no calendar has it."""
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return ""
    fraction = f".{nanoseconds:09}".rstrip("0") if nanoseconds else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"
