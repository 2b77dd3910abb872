"""Reading fields of Protobuf (the "Encoding" page of its documentation), for the view and for descriptors."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

_LONGEST_VARINT = 10
_LARGEST_NUMBER = (1 << 29) - 1
MASK = (1 << 64) - 1


class WireType(IntEnum):
    """How the value of a field is encoded."""

    VARINT = 0
    I64 = 1
    LEN = 2
    SGROUP = 3
    EGROUP = 4
    I32 = 5


class BrokenField(ValueError):
    """There is no field; the message says why."""


class WireField(NamedTuple):
    """One field of a message, its value not read yet."""

    number: int
    wire: WireType
    begin: int
    """Where its value begins; for `LEN` behind the length."""
    end: int
    """Where its value ends."""


def read_field(data: bytes, position: int, end: int) -> WireField:
    """The field that begins at a position.

    Args:
        data: The bytes.
        position: Where it begins.
        end: Where the message that it belongs to ends.

    Raises:
        BrokenField: There is none.
    """
    tag, position = read_varint(data, position, end)
    number, kind = tag >> 3, tag & 7
    if not 1 <= number <= _LARGEST_NUMBER:
        raise BrokenField(f"{number:,} is no number of a field")
    if kind > WireType.I32:
        raise BrokenField(f"{kind} is no wire type")
    wire = WireType(kind)
    size = 0
    if wire is WireType.VARINT:
        _, after = read_varint(data, position, end)
        size = after - position
    elif wire is WireType.LEN:
        size, position = read_varint(data, position, end)
    elif wire in (WireType.I64, WireType.I32):
        size = 8 if wire is WireType.I64 else 4
    if position + size > end:
        raise BrokenField(f"it ends too early: {size:,} bytes needed, {end - position:,} there")
    return WireField(number, wire, position, position + size)


def read_varint(data: bytes, position: int, end: int) -> tuple[int, int]:
    """An integer of variable length, and where it ends; more than 64 bits are cut, as Protobuf does.

    Raises:
        BrokenField: There is none.
    """
    value = 0
    for count in range(_LONGEST_VARINT):
        if position + count >= end:
            raise BrokenField("it ends within a number")
        byte = data[position + count]
        value |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            return value & MASK, position + count + 1
    raise BrokenField("a number of more than 10 bytes")


def signed(value: int, bits: int = 64) -> int:
    """The value of a number in two's complement."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def unzigzag(value: int) -> int:
    """The value of a number in zigzag encoding, that of sint32 and sint64."""
    return value >> 1 if not value & 1 else -(value >> 1) - 1
