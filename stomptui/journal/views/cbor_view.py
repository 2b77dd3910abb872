"""The CBOR view, in diagnostic notation (RFC 8949, section 8): tags, bytes, undefined and repeated keys stay.

The format is read here and not by a library for the reasons that the MessagePack view has.
"""

from __future__ import annotations

import struct

from stomptui.journal.views.item_lines import BrokenItem, Item, ItemLines, hexed, number_text, quoted, taken
from stomptui.journal.views.msgpack_view import date_text

_SIMPLE = {20: "false", 21: "true", 22: "null", 23: "undefined"}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_TAGS = {
    0: "date and time", 1: "seconds since 1970", 2: "big number", 3: "negative big number", 4: "decimal fraction",
    5: "bigfloat", 24: "CBOR in bytes", 32: "URI", 33: "Base64 for URLs", 34: "Base64", 37: "UUID", 55799: "CBOR",
}  # fmt: skip
"""What tags mean (RFC 8949, 3.4, and the registry of tags)."""
_BREAK = 0xFF
_MOST_PARTS = 10_000
_EXACT_DATES = range(-(1 << 38), 1 << 38)


class CborLines(ItemLines):
    """A CBOR body, or a sequence of items (RFC 8742)."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data, read_cbor, "CBOR")


def read_cbor(data: bytes, position: int) -> Item:
    """One CBOR item.

    Raises:
        BrokenItem: There is none at this position.
    """
    first = taken(data, position, 1)[0]
    if first == _BREAK:
        return Item("break", position + 1)
    major, short = first >> 5, first & 0x1F
    argument, end = _argument(data, position + 1, short, major)
    if argument is None:
        if major in (2, 3):
            return _in_parts(data, end, major)
        return Item("map" if major == 5 else "array", end, size=None)
    if major == 0:
        return Item("value", end, str(argument), "number")
    if major == 1:
        return Item("value", end, str(-1 - argument), "number")
    if major in (2, 3):
        return _string(taken(data, end, argument), end + argument, major)
    if major in (4, 5):
        return Item("map" if major == 5 else "array", end, size=argument)
    if major == 6:
        return Item("tag", end, str(argument), comment=_tag_comment(data, argument, end))
    if short in _FLOATS:
        return Item("value", end, number_text(struct.unpack(_FLOATS[short], data[position + 1 : end])[0]), "number")
    if short == 24 and argument < 32:
        raise BrokenItem("a simple value below 32 in two bytes")
    return Item("value", end, _SIMPLE.get(argument, f"simple({argument})"), "literal")


def _argument(data: bytes, position: int, short: int, major: int) -> tuple[int | None, int]:
    """The argument of an item and where it ends; None for a length that is not known."""
    if short < 24:
        return short, position
    if short < 28:
        width = 1 << (short - 24)
        return int.from_bytes(taken(data, position, width), "big"), position + width
    if short == 31 and major in (2, 3, 4, 5):
        return None, position
    raise BrokenItem(f"0x{(major << 5) | short:02x} is no item")


def _string(part: bytes, end: int, major: int) -> Item:
    if major == 3:
        try:
            return Item("value", end, quoted(part.decode("utf-8")), "string")
        except UnicodeDecodeError:
            return Item("value", end, hexed(part, 0, len(part)), "mark", comment="text that is not UTF-8")
    return Item("value", end, hexed(part, 0, len(part)), "mark")


def _in_parts(data: bytes, position: int, major: int) -> Item:
    """A string of unknown length: strings of known length up to a break (3.2.3)."""
    parts: list[bytes] = []
    while (first := taken(data, position, 1)[0]) != _BREAK:
        if first >> 5 != major or first & 0x1F == 31:
            raise BrokenItem("a part of a string that is no string of its kind")
        if len(parts) >= _MOST_PARTS:
            raise BrokenItem(f"a string of more than {_MOST_PARTS:,} parts")
        size, position = _argument(data, position + 1, first & 0x1F, major)
        parts.append(taken(data, position, size or 0))
        position += size or 0
    item = _string(b"".join(parts), position + 1, major)
    return item._replace(comment=item.comment or f"in {len(parts):,} part{'' if len(parts) == 1 else 's'}")


def _tag_comment(data: bytes, tag: int, end: int) -> str:
    """What a tag means, and for a time which."""
    meaning = _TAGS.get(tag, "")
    if tag == 1 and end < len(data) and data[end] >> 5 in (0, 1):
        try:
            argument, _ = _argument(data, end + 1, data[end] & 0x1F, 0)
        except BrokenItem:
            return meaning
        seconds = argument if data[end] >> 5 == 0 else -1 - (argument or 0)
        return (date_text(seconds) if seconds in _EXACT_DATES else "") or meaning if seconds is not None else meaning
    return meaning
