"""MessagePack as items, and back.

Marks: `u8` to `u64` and `i8` to `i64` of integers, `f32` of floats, and `8`, `16`, `32` for the bits of a length.
"""

from __future__ import annotations

import struct

from stomptui.compose.encoded.items import DEEPEST, Bytes, CodingError, Item

_NUMBERS = {
    0xCC: "u8", 0xCD: "u16", 0xCE: "u32", 0xCF: "u64", 0xD0: "i8", 0xD1: "i16", 0xD2: "i32", 0xD3: "i64",
}  # fmt: skip
_FIRST = {mark: first for first, mark in _NUMBERS.items()}
_WORDS = {0xC0: "null", 0xC2: "false", 0xC3: "true"}
_WORD_FIRST = {word: first for first, word in _WORDS.items()}
_LENGTHS = {
    "text": {"": (0xA0, 32), "8": (0xD9, 1 << 8), "16": (0xDA, 1 << 16), "32": (0xDB, 1 << 32)},
    "bytes": {"8": (0xC4, 1 << 8), "16": (0xC5, 1 << 16), "32": (0xC6, 1 << 32)},
    "array": {"": (0x90, 16), "16": (0xDC, 1 << 16), "32": (0xDD, 1 << 32)},
    "map": {"": (0x80, 16), "16": (0xDE, 1 << 16), "32": (0xDF, 1 << 32)},
    "ext": {"8": (0xC7, 1 << 8), "16": (0xC8, 1 << 16), "32": (0xC9, 1 << 32)},
}
"""By kind and mark: the first byte, and from which length on it is too short; "" is a length in the first byte."""
_SIZED = {first: (kind, mark) for kind, marks in _LENGTHS.items() for mark, (first, _) in marks.items() if mark}


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
    first = source.number(1)
    if first < 0x80 or first >= 0xE0:
        return Item("int", first if first < 0x80 else first - 256)
    if first in _WORDS:
        return Item("word", text=_WORDS[first])
    if first in _NUMBERS:
        mark = _NUMBERS[first]
        number = int.from_bytes(source.take(int(mark[1:]) // 8), "big", signed=mark[0] == "i")
        return Item("int", number, mark=None if mark == _shortest(number) else mark)
    if first in (0xCA, 0xCB):
        return _float(source.take(4 if first == 0xCA else 8))
    if 0xD4 <= first <= 0xD8:
        return _extension(source, 1 << (first - 0xD4), "")
    if first in _SIZED:
        kind, mark = _SIZED[first]
        size = source.number(int(mark) // 8)
    elif first < 0xC0:
        kind, mark = ("map" if first < 0x90 else "array" if first < 0xA0 else "text"), ""
        size = first & (0x1F if kind == "text" else 0x0F)
    else:
        raise CodingError(f"byte {source.at - 1:,}: 0xc1 is never used")
    if kind == "ext":
        return _extension(source, size, mark)
    shown = None if mark == _length_mark(kind, size) else mark
    if kind == "bytes":
        return Item("bytes", data=source.take(size), mark=shown)
    if kind == "text":
        part = source.take(size)
        try:
            return Item("text", text=part.decode("utf-8"), mark=shown)
        except UnicodeDecodeError:
            return Item("raw", data=part, mark=shown)
    inner = tuple(_read(source, depth + 1) for _ in range(size * (2 if kind == "map" else 1)))
    return Item("map" if kind == "map" else "array", inner=inner, mark=shown)


def _float(data: bytes) -> Item:
    packing = ">f" if len(data) == 4 else ">d"
    real = struct.unpack(packing, data)[0]
    if struct.pack(packing, real) != data or (real != real and data != struct.pack(packing, float("nan"))):
        return Item("bits", data=data)
    return Item("float", real=real, mark="f32" if len(data) == 4 else None)


def _extension(source: Bytes, size: int, mark: str) -> Item:
    number = int.from_bytes(source.take(1), "big", signed=True)
    return Item("ext", number, data=source.take(size), mark=None if mark == _length_mark("ext", size) else mark)


def _shortest(number: int) -> str:
    """The mark of the shortest way to write an integer, "" for one byte alone."""
    if -32 <= number < 128:
        return ""
    sign, limits = ("u", (8, 16, 32, 64)) if number > 0 else ("i", (7, 15, 31, 63))
    size = number if number > 0 else ~number
    bits = next((bits for bits in limits if size < 1 << bits), 0)
    return f"{sign}{bits if sign == 'u' else bits + 1}" if bits else "none"


def _length_mark(kind: str, size: int) -> str:
    if kind == "ext" and size in (1, 2, 4, 8, 16):
        return ""
    return next((mark for mark, (_, limit) in _LENGTHS[kind].items() if size < limit), "none")


def to_bytes(items: list[Item]) -> bytes:
    """The bytes of items.

    Raises:
        CodingError: MessagePack has no such item, with its place.
    """
    out = bytearray()
    for item in items:
        _add(out, item)
    return bytes(out)


def _add(out: bytearray, item: Item) -> None:
    match item.kind:
        case "int":
            _add_int(out, item)
        case "float":
            _add_float(out, item)
        case "bits" if len(item.data) in (4, 8) and item.mark is None:
            out += (b"\xca" if len(item.data) == 4 else b"\xcb") + item.data
        case "word" if item.text in _WORD_FIRST:
            out.append(_WORD_FIRST[item.text])
        case "text" | "raw" | "bytes":
            data = item.text.encode("utf-8") if item.kind == "text" else item.data
            _add_head(out, item, "bytes" if item.kind == "bytes" else "text", len(data))
            out += data
        case "array" | "map":
            _add_head(out, item, item.kind, len(item.inner) // (2 if item.kind == "map" else 1))
            for inner in item.inner:
                _add(out, inner)
        case "ext" if -128 <= item.number < 128:
            size = len(item.data)
            if size in (1, 2, 4, 8, 16) and item.mark is None:
                out.append(0xD4 + size.bit_length() - 1)
            else:
                _add_head(out, item, "ext", size)
            out += item.number.to_bytes(1, "big", signed=True) + item.data
        case _:
            raise CodingError("MessagePack has no such value", item.at)


def _add_int(out: bytearray, item: Item) -> None:
    mark = _shortest(item.number) if item.mark is None else item.mark
    if mark == "":
        out += item.number.to_bytes(1, "big", signed=True)
        return
    try:
        out.append(_FIRST[mark])
        out += item.number.to_bytes(int(mark[1:]) // 8, "big", signed=mark[0] == "i")
    except (KeyError, OverflowError):
        raise CodingError(f"{item.number} does not fit{f' into {item.mark}' if item.mark else ''}", item.at) from None


def _add_float(out: bytearray, item: Item) -> None:
    if item.mark not in (None, "f32"):
        raise CodingError(f"no float is _{item.mark}", item.at)
    try:
        out += b"\xca" + struct.pack(">f", item.real) if item.mark else b"\xcb" + struct.pack(">d", item.real)
    except OverflowError:
        raise CodingError(f"{item.real} does not fit into f32", item.at) from None


def _add_head(out: bytearray, item: Item, kind: str, size: int) -> None:
    mark = _length_mark(kind, size) if item.mark is None else item.mark
    first, limit = _LENGTHS[kind].get(mark, (0, 0)) if mark or item.mark is None else (0, 0)
    if size >= limit:
        raise CodingError(f"a length of {size:,} does not fit{f' into {item.mark} bits' if item.mark else ''}", item.at)
    if mark == "":
        out.append(first | size)
    else:
        out.append(first)
        out += size.to_bytes(int(mark) // 8, "big")
