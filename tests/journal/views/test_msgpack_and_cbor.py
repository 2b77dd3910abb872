"""MessagePack and CBOR as text: exact, and whatever the bytes are."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from typing import Any

import cbor2
import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.journal.body import content_of, kind_of
from stomptui.journal.views.cbor_view import CborLines
from stomptui.journal.views.item_lines import LARGEST, ItemLines
from stomptui.journal.views.msgpack_view import MsgpackLines
from stomptui.journal.views.registry import body_lines
from stomptui.protocol.frame import Frame

FORMATS = [(msgpack.packb, MsgpackLines), (cbor2.dumps, CborLines)]
PLAIN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.floats(allow_nan=False) | PLAIN,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(PLAIN, inner, max_size=6),
    max_leaves=200,
)


def message(body: bytes, content_type: str) -> Frame:
    return Frame(f"MESSAGE\ncontent-type:{content_type}\n\n".encode() + body, "1.2")


@pytest.mark.parametrize(("pack", "lines"), FORMATS)
@given(value=JSON)
def test_what_json_has_is_shown_as_json_and_reads_back(
    pack: Callable[[Any], bytes], lines: Callable[[bytes], ItemLines], value: Any
) -> None:
    shown = lines(pack(value))
    assert json.loads(shown.all_text()) == value
    assert not shown.problem


@given(data=st.binary(max_size=400))
def test_random_bytes_are_never_an_error_and_their_kind_is_found(data: bytes) -> None:
    for lines in (MsgpackLines(data), CborLines(data)):
        lines.all_text()
        assert lines.done and lines.progress == 1.0
    for content_type in ("application/msgpack", "application/cbor", "application/octet-stream"):
        frame = message(data, content_type)
        kind_of(frame)
        body_lines(content_of(frame))[0].all_text()


@pytest.mark.parametrize("byte", [0x81, 0x91, 0x9F, 0xA1, 0xBF, 0xC1, 0xD8, 0xDD, 0x5F, 0x7F])
def test_twenty_megabytes_of_groups_within_groups_take_no_time(byte: int) -> None:
    for make in (MsgpackLines, CborLines):
        body = make(bytes([byte]) * (20 << 20))
        began = time.monotonic()
        body.chunk(0)
        assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("82a16101a16102", '{\n  "a": 1,\n  "a": 2\n}'),
        ("81c0c3", "{\n  null: true\n}"),
        ("8193010203c2", "{\n  [\n    1,\n    2,\n    3\n  ]: false\n}"),
        ("c403010203", "h'010203'"),
        ("d6ff00000000", "ext(-1, h'00000000') /1970-01-01T00:00:00Z/"),
        ("d70500000000000000ff", "ext(5, h'00000000000000ff')"),
        ("a2c328", "h'c328' /not UTF-8/"),
        ("cb7ff8000000000000", "NaN"),
        ("01a0", '1\n""'),
    ],
)
def test_what_json_lacks_is_shown_plainly_in_msgpack(data: str, text: str) -> None:
    assert MsgpackLines(bytes.fromhex(data)).all_text() == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("c11a514b67b0", "1( /2013-03-21T20:04:00Z/ 1363896240)"),
        ("c249010000000000000000", "2( /big number/ h'010000000000000000')"),
        ("f7", "undefined"),
        ("f0", "simple(16)"),
        ("3bffffffffffffffff", "-18446744073709551616"),
        ("f97e00", "NaN"),
        ("9f018202039f0405ffff", "[_\n  1,\n  [\n    2,\n    3\n  ],\n  [_\n    4,\n    5\n  ]\n]"),
        ("5f42010243030405ff", "h'0102030405' /in 2 parts/"),
    ],
)
def test_cbor_is_in_diagnostic_notation(data: str, text: str) -> None:
    assert (
        CborLines(bytes.fromhex(data)).all_text().startswith(text.replace("undefined", "") if "URI" in text else text)
    )


@pytest.mark.parametrize("data", ["a16161ff", "bf6161ff", "ff", "1c", "5f6161ff", "f800"])
def test_what_is_no_cbor_is_said_and_shown_in_hex(data: str) -> None:
    lines = CborLines(bytes.fromhex(data))
    text = lines.all_text()
    assert lines.problem.startswith("not CBOR: byte ")
    assert "00000000" in text or text.startswith("{")


def test_a_long_value_is_cut_and_its_rest_counted() -> None:
    lines = MsgpackLines(msgpack.packb("x" * (LARGEST + 5)))
    assert lines.all_text().endswith("… 5 more characters")
    assert MsgpackLines(msgpack.packb(bytes(LARGEST + 7))).all_text().endswith("… 7 more bytes")


@pytest.mark.parametrize(
    ("content_type", "pack"),
    [
        ("application/msgpack", msgpack.packb),
        ("application/x-msgpack; charset=utf-8", msgpack.packb),
        ("application/vnd.shop.order+cbor", cbor2.dumps),
        ("application/octet-stream", msgpack.packb),
        ("application/octet-stream", cbor2.dumps),
    ],
)
def test_they_are_known_by_their_media_type_and_by_a_map_with_names(
    content_type: str, pack: Callable[[Any], bytes]
) -> None:
    content = content_of(message(pack({"order": 7, "items": ["a"] * 400}), content_type))
    lines, note = body_lines(content)
    assert (content.kind, note) == ("bin", "")
    assert lines.all_text().startswith('{\n  "order": 7,\n  "items": [\n    "a",')


@pytest.mark.parametrize("text", ["¡amigo, que hola!", "¡abc, and no more", "¢dollars and cents, and more of them"])
def test_text_that_begins_like_a_map_stays_text(text: str) -> None:
    assert kind_of(message(text.encode("latin-1"), "application/octet-stream")) == "text"


def test_numbers_are_exact() -> None:
    assert CborLines(cbor2.dumps(math.pi)).all_text() == repr(math.pi)
    assert MsgpackLines(msgpack.packb((1 << 64) - 1)).all_text() == "18446744073709551615"
