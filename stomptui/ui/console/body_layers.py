"""How the bytes of a body can be edited as text: what they are packed and encoded as."""

from __future__ import annotations

from stomptui.compose.draft import Draft
from stomptui.compose.encoded.coding import Layer
from stomptui.compose.encoded.items import CodingError
from stomptui.compose.encoded.protobuf import FieldHint, FieldKind, Hints
from stomptui.journal import decompression
from stomptui.journal.body import kind_of_start, media_type
from stomptui.journal.formats import SAMPLE, format_of
from stomptui.journal.views.protobuf_schema import FieldType, Schema
from stomptui.journal.views.protobuf_wire import WireType

_WINDOWS: dict[int, Layer] = {31: "gzip", 15: "deflate"}
_KINDS: dict[FieldType, FieldKind] = {
    FieldType.BOOL: "bool",
    FieldType.UINT32: "uint",
    FieldType.UINT64: "uint",
    FieldType.SINT32: "zigzag",
    FieldType.SINT64: "zigzag",
    FieldType.DOUBLE: "float",
    FieldType.FLOAT: "float",
    FieldType.FIXED32: "fixed",
    FieldType.FIXED64: "fixed",
    FieldType.SFIXED32: "signed fixed",
    FieldType.SFIXED64: "signed fixed",
    FieldType.STRING: "text",
    FieldType.BYTES: "bytes",
    FieldType.MESSAGE: "message",
}
"""All others are plain integers."""


def guessed(draft: Draft, data: bytes, has_type: bool = False) -> tuple[Layer, ...]:
    """What the body is packed and encoded as, by its headers and its bytes; () if that cannot be told.

    Args:
        draft: The draft.
        data: Its body.
        has_type: Whether messages to its destination have a type in Protobuf.

    Raises:
        CodingError: It is something that is not encoded here, said in words.
    """
    declared = decompression.layers(draft.get("content-encoding") or "")
    layers: list[Layer] = []
    start = data[: 1 << 16]
    while start and decompression.is_packed(start[:SAMPLE], len(layers), declared):
        if decompression.packing_of(start) == "zstd":
            raise CodingError("zstd is not packed again here")
        window = _WINDOWS.get(decompression.window_of(start))
        if window is None:
            raise CodingError("deflate without its header is not packed again here")
        layers.append(window)
        start = decompression.open_start(start, SAMPLE)
    found = format_of(start[:SAMPLE], media_type(draft.content_type)[0])
    if found is None and has_type and kind_of_start(start[:SAMPLE], draft.content_type) not in ("json", "xml"):
        found = "protobuf"
    if found is not None:
        layers.append(found)
    return tuple(layers)


def hints_of(schema: Schema) -> Hints:
    """What the types of a descriptor say of fields."""

    def hint(message: str, number: int) -> FieldHint | None:
        declared = schema.messages.get(message, {}).get(number)
        if declared is None:
            return None
        wire = declared.wire
        packs = wire.value if declared.repeated and wire in (WireType.VARINT, WireType.I64, WireType.I32) else None
        words = schema.enums.get(declared.type_name, {})
        return FieldHint(
            declared.name,
            _KINDS.get(declared.type, "int"),
            declared.type_name,
            packs,
            lambda value: words.get(value, ""),
        )

    return hint
