"""The Protobuf view, in its text format: with names and types by a descriptor, else with numbers and wire types."""

from __future__ import annotations

import codecs
import struct
from collections.abc import Mapping
from typing import NamedTuple

from stomptui.journal.views.hex_view import hex_line
from stomptui.journal.views.item_lines import hexed, number_text, quoted
from stomptui.journal.views.lines import CHUNK, CLOSE, LONGEST, OPEN, Line, Lines, pieces
from stomptui.journal.views.protobuf_schema import DeclaredField, FieldType, Schema
from stomptui.journal.views.protobuf_wire import (
    BrokenField,
    WireField,
    WireType,
    read_field,
    read_varint,
    signed,
    unzigzag,
)

_DEEPEST = 100
"""Messages within each other; Protobuf's own readers take no more."""
_TRIED = 200
"""Fields that bytes must begin with to be taken for a message where nothing says so."""
_SAMPLE = 4096
"""Bytes by which it is seen whether they are text."""
_LINE_BREAKS = dict.fromkeys(map(ord, "\n\r\t"))
_WIDEST_INDENT = 40
_RAW_COLUMNS = 16
_FIXED = {
    FieldType.DOUBLE: "<d", FieldType.FLOAT: "<f", FieldType.FIXED64: "<Q", FieldType.FIXED32: "<I",
    FieldType.SFIXED64: "<q", FieldType.SFIXED32: "<i",
}  # fmt: skip
_WIRE_NAMES = {WireType.VARINT: "varint", WireType.I64: "64 bits", WireType.LEN: "bytes", WireType.I32: "32 bits"}


class _Nested(NamedTuple):
    """A message, group or packed field that is open."""

    end: int
    """Where it ends, -1 for a group, which a field ends."""
    group: int = 0
    """The number of the group, 0 if it is none."""
    message: str = ""
    """The full name of its type, "" where that is not known."""
    packed: DeclaredField | None = None
    """The field whose values lie here one after the other, None if it is no packed field."""


class _ProtobufState(NamedTuple):
    position: int
    stack: tuple[_Nested, ...]
    raw: bool = False
    """The rest is shown in hex."""


class ProtobufLines(Lines):
    """One message of Protobuf, a field on a line.

    `problem` is set where the bytes are no fields; the rest is shown in hex.

    Args:
        data: The bytes.
        schema: The types, None without a descriptor.
        message: The full name of the message's type, "" without one.
    """

    foldable = True

    def __init__(self, data: bytes, schema: Schema | None = None, message: str = "") -> None:
        super().__init__(_ProtobufState(0, (_Nested(len(data), message=message),)))
        self._data = data
        self._schema = schema or Schema()

    @property
    def progress(self) -> float:
        return 1.0 if self.done else self._states[-1].position / max(1, len(self._data))

    def _make(self, state: _ProtobufState) -> tuple[list[Line], _ProtobufState | None]:
        position, stack = state.position, list(state.stack)
        if state.raw:
            return self._rest(position)
        lines: list[Line] = []
        # Some steps make no line, as that into a field without values.
        for _ in range(CHUNK):
            top = stack[-1]
            if position == top.end:
                stack.pop()
                if not stack:
                    return lines, None
                if top.packed is None:
                    lines.append([CLOSE, *_indent(stack), ("}", "punctuation")])
                continue
            try:
                position = self._step(lines, position, stack)
            except BrokenField as broken:
                self.problem = f"not Protobuf: byte {position:,}: {broken}"
                return lines, _ProtobufState(position, (), raw=True)
        return lines, _ProtobufState(position, tuple(stack))

    def _step(self, lines: list[Line], position: int, stack: list[_Nested]) -> int:
        """Add the line of what is next; returns where to go on."""
        data, top = self._data, stack[-1]
        end = _end(stack)
        if top.packed is not None:
            field = _packed_value(data, position, end, top.packed)
            self._add(lines, stack, top.packed.name, *self._declared_value(top.packed, field))
            return field.end
        field = read_field(data, position, end)
        if field.wire is WireType.EGROUP:
            if field.number != top.group:
                raise BrokenField(f"a group {field.number} ends that did not begin")
            stack.pop()
            lines.append([CLOSE, *_indent(stack), ("}", "punctuation")])
            return field.end
        declared = self._fields_of(top.message).get(field.number)
        if declared is not None and declared.wire is field.wire:
            if declared.type in (FieldType.MESSAGE, FieldType.GROUP):
                self._open(lines, stack, field, declared.name, declared.type_name)
                return field.begin
            self._add(lines, stack, declared.name, *self._declared_value(declared, field))
            return field.end
        if declared is not None and declared.repeated and field.wire is WireType.LEN:
            stack.append(_Nested(field.end, message=top.message, packed=declared))
            return field.begin
        comment = f"declared as {declared.name}, {declared.type.name.lower()}" if declared is not None else ""
        if field.wire is WireType.SGROUP or (field.wire is WireType.LEN and self._like_message(field)):
            self._open(lines, stack, field, str(field.number), "")
            return field.begin
        self._add(lines, stack, str(field.number), *self._unknown_value(field), comment)
        return field.end

    def _fields_of(self, message: str) -> Mapping[int, DeclaredField]:
        return self._schema.messages.get(message, {})

    def _open(self, lines: list[Line], stack: list[_Nested], field: WireField, name: str, message: str) -> None:
        if len(stack) > _DEEPEST:
            raise BrokenField(f"more than {_DEEPEST} messages within each other")
        kind = "group " if field.wire is WireType.SGROUP else ""
        lines.append([*_indent(stack), *pieces(name, "key"), (f" {kind}{{", "punctuation"), OPEN])
        if field.wire is WireType.SGROUP:
            stack.append(_Nested(-1, field.number, message))
        else:
            stack.append(_Nested(field.end, message=message))

    def _add(
        self,
        lines: list[Line],
        stack: list[_Nested],
        name: str,
        text: str,
        style: str,
        wire: str,
        comment: str = "",
    ) -> None:
        first, *others = pieces(text, style)
        line: Line = [*_indent(stack), *pieces(name, "key"), (": ", "punctuation")]
        line += [(f"{wire} ", "comment")] if wire else []
        lines.append([*line, first])
        lines += [[other] for other in others]
        if comment:
            lines[-1].append((f" # {comment}"[:LONGEST], "comment"))

    def _declared_value(self, declared: DeclaredField, field: WireField) -> tuple[str, str, str]:
        """The value of a field whose type is known: its text, style, and nothing to say of its wire type."""
        part = self._data[field.begin : field.end]
        kind = declared.type
        if kind in _FIXED:
            number = struct.unpack(_FIXED[kind], part)[0]
            return number_text(number) if isinstance(number, float) else str(number), "number", ""
        if kind is FieldType.STRING:
            try:
                return quoted(part.decode("utf-8")), "string", ""
            except UnicodeDecodeError:
                return hexed(part, 0, len(part)), "mark", "not UTF-8"
        if kind is FieldType.BYTES:
            return hexed(part, 0, len(part)), "mark", ""
        value, _ = read_varint(part, 0, len(part))
        if kind is FieldType.BOOL:
            return "true" if value else "false", "literal", ""
        if kind is FieldType.ENUM:
            number = signed(value, 32)
            name = self._schema.enums.get(declared.type_name, {}).get(number)
            return (name, "literal", "") if name else (str(number), "number", "")
        if kind in (FieldType.SINT32, FieldType.SINT64):
            return str(unzigzag(value)), "number", ""
        if kind in (FieldType.INT32, FieldType.INT64):
            return str(signed(value, 32 if kind is FieldType.INT32 else 64)), "number", ""
        return str(value & 0xFFFFFFFF if kind is FieldType.UINT32 else value), "number", ""

    def _unknown_value(self, field: WireField) -> tuple[str, str, str]:
        """The value of a field of which only the wire type is known: its text, style and wire type."""
        part, wire = self._data[field.begin : field.end], _WIRE_NAMES[field.wire]
        if field.wire is WireType.VARINT:
            value, _ = read_varint(part, 0, len(part))
            also = f" (or {signed(value)})" if value >> 63 else ""
            return f"{value}{also}", "number", wire
        if field.wire is WireType.LEN and _is_text(self._data, field):
            return quoted(part.decode("utf-8", "replace")), "string", "text"
        if field.wire is WireType.LEN:
            return hexed(part, 0, len(part)), "mark", wire
        small = field.wire is WireType.I32
        whole = int.from_bytes(part, "little")
        number = number_text(struct.unpack("<f" if small else "<d", part)[0])
        return f"0x{whole:0{8 if small else 16}x} ({number})", "number", wire

    def _like_message(self, field: WireField) -> bool:
        """Whether bytes of which nothing is known are a message: they are no text, and begin with fields."""
        if field.begin == field.end or _is_text(self._data, field):
            return False
        position = field.begin
        groups: list[int] = []
        for _ in range(_TRIED):
            if position == field.end:
                break
            try:
                inner = read_field(self._data, position, field.end)
            except BrokenField:
                return False
            if inner.wire is WireType.SGROUP:
                groups.append(inner.number)
            elif inner.wire is WireType.EGROUP and (not groups or groups.pop() != inner.number):
                return False
            position = inner.end
        return position < field.end or not groups

    def _rest(self, position: int) -> tuple[list[Line], _ProtobufState | None]:
        lines: list[Line] = []
        while position < len(self._data) and len(lines) < CHUNK:
            lines.append(hex_line(self._data, position, _RAW_COLUMNS))
            position += _RAW_COLUMNS
        return lines, None if position >= len(self._data) else _ProtobufState(position, (), raw=True)


def _packed_value(data: bytes, position: int, end: int, declared: DeclaredField) -> WireField:
    """One of the values that a packed field has one after the other."""
    if declared.wire is WireType.VARINT:
        _, after = read_varint(data, position, end)
        return WireField(0, declared.wire, position, after)
    size = 8 if declared.wire is WireType.I64 else 4
    if position + size > end:
        raise BrokenField("it ends within a number")
    return WireField(0, declared.wire, position, position + size)


def _is_text(data: bytes, field: WireField) -> bool:
    """Whether bytes begin as text that a person could read."""
    end = min(field.end, field.begin + _SAMPLE)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(data[field.begin : end], end == field.end)
    except UnicodeDecodeError:
        return False
    return text.translate(_LINE_BREAKS).isprintable()


def _end(stack: list[_Nested]) -> int:
    """Where the innermost message with a length ends."""
    return next(level.end for level in reversed(stack) if level.end >= 0)


def _indent(stack: list[_Nested]) -> Line:
    depth = sum(level.packed is None for level in stack) - 1
    return [("  " * min(depth, _WIDEST_INDENT), "plain")] if depth > 0 else []
