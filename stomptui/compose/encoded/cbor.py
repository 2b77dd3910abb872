"""CBOR as items, and back (RFC 8949).

Marks: `0` to `3` for a number or a length in 1, 2, 4 or 8 bytes of its own, and of floats `1` for half and `2` for
single precision; an empty one for what has no length.
"""

from __future__ import annotations

import struct

from stomptui.compose.encoded.items import DEEPEST, Bytes, CodingError, Item

_WORDS = {20: "false", 21: "true", 22: "null", 23: "undefined"}
_WORD_NUMBERS = {word: number for number, word in _WORDS.items()}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_MAJOR = {"bytes": 2, "text": 3, "raw": 3, "array": 4, "map": 5}
_BREAK = b"\xff"


def from_bytes(data: bytes) -> list[Item]:
    """The items in bytes.

    Raises:
        CodingError: They are none.
    """
    source = Bytes(data)
    items = []
    while source.at < len(data):
        items.append(_read(source, 0))
    return items


def _read(source: Bytes, depth: int) -> Item:
    if depth > DEEPEST:
        raise CodingError(f"more than {DEEPEST} values within each other")
    begin = source.at
    first = source.number(1)
    major, short = first >> 5, first & 0x1F
    if major == 7:
        return _simple(source, short, begin)
    if 28 <= short < 31 or (short == 31 and major not in (2, 3, 4, 5)):
        raise CodingError(f"byte {begin:,}: 0x{first:02x} is no item")
    if short == 31:
        return _endless(source, major, depth)
    number = short if short < 24 else source.number(1 << (short - 24))
    width = None if short < 24 else str(short - 24)
    mark = None if width == _width(number) else width
    if major < 2:
        return Item("int", number if major == 0 else -1 - number, mark=mark)
    if major < 4:
        return _string(source.take(number), major, mark)
    if major == 6:
        return Item("tag", number, inner=(_read(source, depth + 1),), mark=mark)
    inner = tuple(_read(source, depth + 1) for _ in range(number * (major - 3)))
    return Item("map" if major == 5 else "array", inner=inner, mark=mark)


def _string(data: bytes, major: int, mark: str | None) -> Item:
    if major == 2:
        return Item("bytes", data=data, mark=mark)
    try:
        return Item("text", text=data.decode("utf-8"), mark=mark)
    except UnicodeDecodeError:
        return Item("raw", data=data, mark=mark)


def _endless(source: Bytes, major: int, depth: int) -> Item:
    inner = []
    begin = source.at
    while source.data[source.at : source.at + 1] != _BREAK:
        item = _read(source, depth + 1)
        if major < 4 and (item.kind not in (("bytes",) if major == 2 else ("text", "raw")) or item.mark == ""):
            raise CodingError(f"byte {begin:,}: a part of a string that is no string of its kind")
        inner.append(item)
    source.take(1)
    if major == 5 and len(inner) % 2:
        raise CodingError(f"byte {source.at - 1:,}: a key without a value")
    if major < 4:
        return Item("parts", inner=tuple(inner)) if inner else _string(b"", major, "")
    return Item("map" if major == 5 else "array", inner=tuple(inner), mark="")


def _simple(source: Bytes, short: int, begin: int) -> Item:
    if short in _FLOATS:
        data = source.take(1 << (short - 24))
        real = struct.unpack(_FLOATS[short], data)[0]
        if real != real and data != struct.pack(_FLOATS[short], float("nan")):
            return Item("bits", data=data)
        return Item("float", real=real, mark={25: "1", 26: "2"}.get(short))
    number = source.number(1) if short == 24 else short
    if short > 24 or (short == 24 and number < 32):
        raise CodingError(f"byte {begin:,}: a break that ends nothing" if short == 31 else f"byte {begin:,}: no item")
    return Item("word", text=_WORDS[number]) if number in _WORDS else Item("simple", number)


def _width(number: int) -> str | None:
    """The mark of the shortest way to write a number, None for one within the first byte."""
    if number < 24:
        return None
    return next((str(width) for width in range(4) if number < 1 << (8 << width)), "none")


def to_bytes(items: list[Item]) -> bytes:
    """The bytes of items.

    Raises:
        CodingError: CBOR has no such item, with its place.
    """
    out = bytearray()
    for item in items:
        _add(out, item)
    return bytes(out)


def _add(out: bytearray, item: Item) -> None:
    match item.kind:
        case "int":
            number = item.number
            _add_head(out, item, 0 if number >= 0 else 1, number if number >= 0 else -1 - number)
        case "float":
            _add_float(out, item)
        case "bits" if len(item.data) in (2, 4, 8) and item.mark is None:
            out.append(0xE0 | {2: 25, 4: 26, 8: 27}[len(item.data)])
            out += item.data
        case "word":
            out.append(0xE0 | _WORD_NUMBERS[item.text])
        case "simple" if item.mark is None and (0 <= item.number < 20 or 32 <= item.number < 256):
            out += bytes((0xE0 | item.number,)) if item.number < 24 else bytes((0xF8, item.number))
        case "text" | "raw" | "bytes":
            data = item.text.encode("utf-8") if item.kind == "text" else item.data
            if item.mark == "" and data:
                raise CodingError('a string without a length is written in parts: (_ "a", "b")', item.at)
            _add_head(out, item, _MAJOR[item.kind], len(data))
            out += data + (_BREAK if item.mark == "" else b"")
        case "array" | "map":
            _add_head(out, item, _MAJOR[item.kind], len(item.inner) // (2 if item.kind == "map" else 1))
            for inner in item.inner:
                _add(out, inner)
            out += _BREAK if item.mark == "" else b""
        case "tag" if item.number >= 0:
            _add_head(out, item, 6, item.number)
            _add(out, item.inner[0])
        case "parts":
            _add_parts(out, item)
        case _:
            raise CodingError("CBOR has no such value", item.at)


def _add_parts(out: bytearray, item: Item) -> None:
    majors = {_MAJOR.get(part.kind, 0) for part in item.inner}
    if len(majors) != 1 or not majors <= {2, 3} or any(part.mark == "" for part in item.inner):
        raise CodingError("the parts of a string are all texts, or all bytes", item.at)
    out.append(majors.pop() << 5 | 31)
    for part in item.inner:
        _add(out, part)
    out += _BREAK


def _add_float(out: bytearray, item: Item) -> None:
    short = {None: 27, "1": 25, "2": 26, "3": 27}.get(item.mark)
    if short is None:
        raise CodingError(f"no float is _{item.mark}", item.at)
    try:
        out += bytes((0xE0 | short,)) + struct.pack(_FLOATS[short], item.real)
    except (OverflowError, struct.error):
        raise CodingError(f"{item.real} does not fit into {2 << (short - 25)} bytes", item.at) from None


def _add_head(out: bytearray, item: Item, major: int, number: int) -> None:
    if item.mark == "" and major in (2, 3, 4, 5):
        out.append(major << 5 | 31)
        return
    mark = _width(number) if item.mark is None else item.mark
    if mark is None:
        out.append(major << 5 | number)
    elif mark in ("0", "1", "2", "3") and number < 1 << (8 << int(mark)):
        out.append(major << 5 | 24 + int(mark))
        out += number.to_bytes(1 << int(mark), "big")
    elif item.mark is None:
        raise CodingError("more than 64 bits: a big number is written as 2(h'…')", item.at)
    else:
        raise CodingError(f"{number} does not fit into _{item.mark}", item.at)
