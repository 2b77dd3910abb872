"""Protobuf as text: by a descriptor and without one."""

from __future__ import annotations

import contextlib
import time

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from stomptui.journal.views.protobuf_schema import Schema, read_schema
from stomptui.journal.views.protobuf_view import ProtobufLines

FIELDS = (
    ("id", "INT64", ""), ("customer", "STRING", ""), ("state", "ENUM", ".shop.State"),
    ("lines", "MESSAGE", ".shop.Order.Line"), ("scores", "SINT32", ""), ("total", "DOUBLE", ""), ("paid", "BOOL", ""),
    ("seal", "FIXED32", ""),
)  # fmt: skip
"""Name, type and name of the type of each field of an order; their numbers are 1, 2, 3, ..."""


def descriptors() -> descriptor_pb2.FileDescriptorSet:
    made = descriptor_pb2.FileDescriptorSet()
    file = made.file.add(name="shop.proto", package="shop")
    message = file.message_type.add(name="Order")
    for number, (name, kind, of) in enumerate(FIELDS, 1):
        label = "LABEL_REPEATED" if name in ("lines", "scores") else "LABEL_OPTIONAL"
        field = message.field.add(name=name, number=number, type=f"TYPE_{kind}", label=label, type_name=of or None)
        if name == "scores":
            field.options.packed = True
    message.nested_type.add(name="Line").field.add(name="sku", number=1, type="TYPE_STRING", label="LABEL_OPTIONAL")
    state = file.enum_type.add(name="State")
    state.value.add(name="NEW", number=0)
    state.value.add(name="SENT", number=1)
    return made


def schema() -> Schema:
    return read_schema(descriptors().SerializeToString())


def order(**values: object) -> Message:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptors().file:
        pool.Add(file)
    made: Message = message_factory.GetMessageClass(pool.FindMessageTypeByName("shop.Order"))(**values)
    return made


FULL = {
    "id": -5, "customer": "Ada", "state": 1, "lines": [{"sku": "a"}, {"sku": "b"}], "scores": [1, -1, 300],
    "total": 59.9, "paid": True, "seal": 7,
}  # fmt: skip


def test_with_a_descriptor_it_is_the_text_format_of_protobuf() -> None:
    made = order(**FULL)
    lines = ProtobufLines(made.SerializeToString(), schema(), "shop.Order")
    assert lines.all_text() == text_format.MessageToString(made).rstrip()
    assert not lines.problem


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "id": st.integers(-(1 << 63), (1 << 63) - 1),
            "customer": st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="'\"\\")),
            "scores": st.lists(st.integers(-(1 << 31), (1 << 31) - 1)),
            "seal": st.integers(0, (1 << 32) - 1),
        },
    )
)
def test_what_is_shown_reads_back(values: dict[str, object]) -> None:
    made = order(**values)
    text = ProtobufLines(made.SerializeToString(), schema(), "shop.Order").all_text()
    assert text_format.Parse(text, order()).SerializeToString() == made.SerializeToString()


def test_without_a_descriptor_there_are_numbers_and_wire_types() -> None:
    text = ProtobufLines(order(**FULL).SerializeToString()).all_text()
    assert text.split("\n") == [
        "1: varint 18446744073709551611 (or -5)",
        '2: text "Ada"',
        "3: varint 1",
        "4 {",
        '  1: text "a"',
        "}",
        "4 {",
        '  1: text "b"',
        "}",
        "5: bytes h'0201d804'",
        "6: 64 bits 0x404df33333333333 (59.9)",
        "7: varint 1",
        "8: 32 bits 0x00000007 (9.80908925027372e-45)",
    ]


def test_a_field_that_is_not_as_declared_is_shown_as_it_is() -> None:
    text = ProtobufLines(b"\x08\x01\x10\x02\x78\x03", schema(), "shop.Order").all_text()
    assert text.split("\n") == ["id: 1", "2: varint 2 # declared as customer, string", "15: varint 3"]


@given(st.binary(max_size=400))
def test_random_bytes_are_never_an_error(data: bytes) -> None:
    for lines in (ProtobufLines(data), ProtobufLines(data, schema(), "shop.Order")):
        lines.all_text()
        assert lines.done
    with contextlib.suppress(ValueError):
        read_schema(data)


def test_what_is_no_descriptor_file_is_said() -> None:
    for data in (b"", b"hello", bytes(9)):
        with pytest.raises(ValueError, match="it is no FileDescriptorSet"):
            read_schema(data)


@pytest.mark.parametrize("piece", [b"\x0a\x00", b"\x0b", b"\x2a\x00", b"\x08", b"\xff", b"\x0a\x7f"])
def test_twenty_megabytes_of_anything_take_no_time(piece: bytes) -> None:
    body = ProtobufLines(piece * (10 << 20), schema(), "shop.Order")
    began = time.monotonic()
    body.chunk(0)
    assert time.monotonic() - began < 2


def test_messages_within_messages_are_shown_to_a_depth() -> None:
    data = b"\x08\x01"
    for _ in range(300):
        size = len(data)
        data = b"\x0a" + (bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])) + data
    lines = ProtobufLines(data)
    lines.all_text()
    assert "messages within each other" in lines.problem
