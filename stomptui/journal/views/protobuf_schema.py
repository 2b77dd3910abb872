"""The messages and enums of a descriptor file: a FileDescriptorSet, as `protoc --descriptor_set_out` writes it.

It is read with the reader of the view, so that the `protobuf` package is not needed (descriptor.proto has the numbers).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType

from stomptui.journal.views.protobuf_wire import BrokenField, WireField, WireType, read_field, read_varint, signed

_DEEPEST = 100


class FieldType(IntEnum):
    """The declared type of a field, as FieldDescriptorProto numbers it."""

    DOUBLE = 1
    FLOAT = 2
    INT64 = 3
    UINT64 = 4
    INT32 = 5
    FIXED64 = 6
    FIXED32 = 7
    BOOL = 8
    STRING = 9
    GROUP = 10
    MESSAGE = 11
    BYTES = 12
    UINT32 = 13
    ENUM = 14
    SFIXED32 = 15
    SFIXED64 = 16
    SINT32 = 17
    SINT64 = 18


_WIRES = {
    WireType.I64: (FieldType.DOUBLE, FieldType.FIXED64, FieldType.SFIXED64),
    WireType.I32: (FieldType.FLOAT, FieldType.FIXED32, FieldType.SFIXED32),
    WireType.LEN: (FieldType.STRING, FieldType.MESSAGE, FieldType.BYTES),
    WireType.SGROUP: (FieldType.GROUP,),
}


@dataclass(frozen=True)
class DeclaredField:
    """A field as its message declares it."""

    name: str
    type: FieldType
    type_name: str
    """The full name of its message or enum, "" for other types."""
    repeated: bool

    @property
    def wire(self) -> WireType:
        """How one value of it is encoded."""
        return next((wire for wire, types in _WIRES.items() if self.type in types), WireType.VARINT)


@dataclass
class Schema:
    """Messages and enums by their full names, such as "shop.Order"."""

    messages: dict[str, Mapping[int, DeclaredField]] = field(default_factory=dict)
    """The fields of each message by number."""
    enums: dict[str, Mapping[int, str]] = field(default_factory=dict)
    """The names of each enum's values."""


def read_schema(data: bytes) -> Schema:
    """The schema in a FileDescriptorSet.

    Raises:
        ValueError: It is none; the message says why.
    """
    schema = Schema()
    try:
        for file in _inside(data, 0, len(data), 1):
            package = next(_texts(data, file, 2), "")
            for message in _inside(data, file.begin, file.end, 4):
                _add_message(schema, data, message, package, 0)
            for enum in _inside(data, file.begin, file.end, 5):
                _add_enum(schema, data, enum, package)
    except (BrokenField, UnicodeDecodeError) as error:
        raise ValueError(f"it is no FileDescriptorSet: {error}") from error
    if not schema.messages:
        raise ValueError("it is no FileDescriptorSet, or it has no messages")
    return schema


def _add_message(schema: Schema, data: bytes, message: WireField, scope: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise BrokenField(f"more than {_DEEPEST} messages within each other")
    name = _scoped(scope, next(_texts(data, message, 1), ""))
    fields: dict[int, DeclaredField] = {}
    for declared in _inside(data, message.begin, message.end, 2):
        numbers = dict(_numbers(data, declared))
        kind = numbers.get(5, 0)
        if kind in FieldType._value2member_map_:
            fields[numbers.get(3, 0)] = DeclaredField(
                next(_texts(data, declared, 1), ""),
                FieldType(kind),
                next(_texts(data, declared, 6), "").removeprefix("."),
                numbers.get(4) == 3,
            )
    schema.messages[name] = MappingProxyType(fields)
    for inner in _inside(data, message.begin, message.end, 3):
        _add_message(schema, data, inner, name, depth + 1)
    for enum in _inside(data, message.begin, message.end, 4):
        _add_enum(schema, data, enum, name)


def _add_enum(schema: Schema, data: bytes, enum: WireField, scope: str) -> None:
    values: dict[int, str] = {}
    for value in _inside(data, enum.begin, enum.end, 2):
        values.setdefault(signed(dict(_numbers(data, value)).get(2, 0), 32), next(_texts(data, value, 1), ""))
    schema.enums[_scoped(scope, next(_texts(data, enum, 1), ""))] = MappingProxyType(values)


def _scoped(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def _fields(data: bytes, begin: int, end: int) -> Iterator[WireField]:
    while begin < end:
        found = read_field(data, begin, end)
        begin = found.end
        yield found


def _inside(data: bytes, begin: int, end: int, number: int) -> Iterator[WireField]:
    """The fields of that number that have a length: messages and texts."""
    return (f for f in _fields(data, begin, end) if f.number == number and f.wire is WireType.LEN)


def _texts(data: bytes, message: WireField, number: int) -> Iterator[str]:
    return (data[f.begin : f.end].decode("utf-8") for f in _inside(data, message.begin, message.end, number))


def _numbers(data: bytes, message: WireField) -> Iterator[tuple[int, int]]:
    """The number and value of each field that is an integer."""
    for found in _fields(data, message.begin, message.end):
        if found.wire is WireType.VARINT:
            yield found.number, read_varint(data, found.begin, found.end)[0]
