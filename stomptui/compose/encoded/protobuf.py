"""Protobuf as items, and back: a map of field numbers, which may repeat, with names as comments where they are known.

Marks: `z` of a zigzag number (sint32, sint64), `64` and `32` of numbers in 8 and 4 bytes. Without one an integer is a
varint, a float a double, and an array the values of a packed field.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Literal, NamedTuple

from stomptui.compose.encoded.items import DEEPEST, Bytes, CodingError, Item

_VARINT, _I64, _LEN, _I32 = 0, 1, 2, 5
_LARGEST_NUMBER = (1 << 29) - 1
_ALL = 1 << 64

FieldKind = Literal["bool", "int", "uint", "zigzag", "float", "fixed", "signed fixed", "text", "bytes", "message"]


class FieldHint(NamedTuple):
    """What a descriptor says of a field."""

    name: str
    kind: FieldKind
    message: str = ""
    """The full name of its message."""
    packs: int | None = None
    """How one value of a field that can be packed is encoded, by its wire type; None for one that cannot."""
    words: Callable[[int], str] = lambda number: ""
    """The name of an enum's value."""


Hints = Callable[[str, int], "FieldHint | None"]
"""Asked with the full name of a message and a field's number."""


def from_bytes(data: bytes, hints: Hints = lambda message, number: None, message: str = "") -> list[Item]:
    """The one map in the bytes of a message.

    Raises:
        CodingError: They are none, or have groups.
    """
    return [_message(data, hints, message, 0)]


def _message(data: bytes, hints: Hints, message: str, depth: int) -> Item:
    if depth > DEEPEST:
        raise CodingError(f"more than {DEEPEST} messages within each other")
    source = Bytes(data)
    inner: list[Item] = []
    while source.at < len(data):
        tag = _varint(source)
        number, wire = tag >> 3, tag & 7
        if not 1 <= number <= _LARGEST_NUMBER or wire not in (_VARINT, _I64, _LEN, _I32):
            raise CodingError("groups are not edited as text" if wire in (3, 4) else "these are no fields of Protobuf")
        hint = hints(message, number)
        inner.append(Item("int", number, note=hint.name if hint else ""))
        if wire == _LEN:
            inner.append(_with_length(source.take(_varint(source)), hint, hints, depth))
        else:
            inner.append(_scalar(source, wire, hint))
    return Item("map", inner=tuple(inner))


def _varint(source: Bytes) -> int:
    value = shift = 0
    while True:
        byte = source.number(1)
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 or shift > 63:
            return value & (_ALL - 1)


def _scalar(source: Bytes, wire: int, hint: FieldHint | None) -> Item:
    kind = hint.kind if hint else ""
    if wire == _VARINT:
        value = _varint(source)
        if kind == "bool" and value < 2:
            return Item("word", text="true" if value else "false")
        if kind == "zigzag":
            return Item("int", value >> 1 if not value & 1 else ~(value >> 1), mark="z")
        signed = value - _ALL if value >> 63 and kind != "uint" else value
        return Item("int", signed, note=hint.words(signed) if hint else "")
    size = 8 if wire == _I64 else 4
    data = source.take(size)
    mark = str(size * 8)
    real = struct.unpack("<d" if size == 8 else "<f", data)[0]
    if kind == "float" or (hint is None and (not any(data) or 1e-9 < abs(real) < 1e15)):
        if real != real:
            return Item("bits", data=data[::-1])
        return Item("float", real=real, mark=None if size == 8 else mark)
    return Item("int", int.from_bytes(data, "little", signed=kind == "signed fixed"), mark=mark)


def _with_length(data: bytes, hint: FieldHint | None, hints: Hints, depth: int) -> Item:
    if hint is not None and hint.packs is not None:
        source = Bytes(data)
        values = []
        while source.at < len(data):
            values.append(_scalar(source, hint.packs, hint))
        return Item("array", inner=tuple(values))
    if hint is not None and hint.kind == "bytes":
        return Item("bytes", data=data)
    text = _text(data)
    if text is not None and (hint is None or hint.kind == "text") and (hint or text.isprintable() or not text):
        return Item("text", text=text)
    if hint is None or hint.kind == "message":
        try:
            return _message(data, hints, hint.message if hint else "", depth + 1)
        except CodingError:
            if hint is None and text is not None:
                return Item("text", text=text)
    return Item("bytes", data=data)


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def to_bytes(items: list[Item]) -> bytes:
    """The bytes of the one message.

    Raises:
        CodingError: It is no message, with the place.
    """
    if len(items) != 1 or items[0].kind != "map":
        raise CodingError("a message of Protobuf is one {…} of field numbers", items[1].at if len(items) > 1 else 0)
    return _fields(items[0])


def _fields(item: Item) -> bytes:
    if item.mark is not None:
        raise CodingError(f"no message is _{item.mark}", item.at)
    out = bytearray()
    for key, value in zip(item.inner[::2], item.inner[1::2], strict=True):
        if key.kind != "int" or key.mark is not None or not 1 <= key.number <= _LARGEST_NUMBER:
            raise CodingError("a field's number is expected", key.at)
        wire, data = _value(value)
        out += _as_varint(key.number << 3 | wire)
        out += (_as_varint(len(data)) if wire == _LEN else b"") + data
    return bytes(out)


def _value(item: Item) -> tuple[int, bytes]:
    """How a value is encoded, and its bytes."""
    match item.kind, item.mark:
        case "int", None if -(_ALL >> 1) <= item.number < _ALL:
            return _VARINT, _as_varint(item.number % _ALL)
        case "int", "z" if -(_ALL >> 1) <= item.number < _ALL >> 1:
            return _VARINT, _as_varint(item.number << 1 if item.number >= 0 else (~item.number << 1) + 1)
        case "int", "64" | "32":
            return _fixed(item)
        case "float", None | "64" | "32":
            return _real(item)
        case "bits", None if len(item.data) in (4, 8):
            return (_I64 if len(item.data) == 8 else _I32), item.data[::-1]
        case "word", None if item.text in ("true", "false"):
            return _VARINT, b"\1" if item.text == "true" else b"\0"
        case "text", None:
            return _LEN, item.text.encode("utf-8")
        case "bytes", None:
            return _LEN, item.data
        case "map", _:
            return _LEN, _fields(item)
        case "array", None:
            values = [_value(inner) for inner in item.inner]
            if len({wire for wire, _ in values}) <= 1 and not any(wire == _LEN for wire, _ in values):
                return _LEN, b"".join(data for _, data in values)
            raise CodingError("a packed field has numbers of one kind alone: repeat the field instead", item.at)
    raise CodingError("Protobuf has no such value", item.at)


def _fixed(item: Item) -> tuple[int, bytes]:
    size = int(item.mark or 64) // 8
    try:
        return (_I64 if size == 8 else _I32), item.number.to_bytes(size, "little", signed=item.number < 0)
    except OverflowError:
        raise CodingError(f"{item.number} does not fit into {item.mark} bits", item.at) from None


def _real(item: Item) -> tuple[int, bytes]:
    try:
        return (_I32, struct.pack("<f", item.real)) if item.mark == "32" else (_I64, struct.pack("<d", item.real))
    except OverflowError:
        raise CodingError(f"{item.real} does not fit into 32 bits", item.at) from None


def _as_varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
