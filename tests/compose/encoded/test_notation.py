"""MessagePack and CBOR as text, and the same bytes again."""

from __future__ import annotations

import cbor2
import msgpack as msgpack_library
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stomptui.compose.encoded import cbor, msgpack
from stomptui.compose.encoded.items import CodingError
from stomptui.compose.encoded.notation import read, written

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(-(2**63), 2**64 - 1), inner),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(_VALUES, st.binary(max_size=24))
def test_the_same_bytes_come_out_again(value: object, any_bytes: bytes) -> None:
    # What a library writes; and what nobody may have written, as far as it can be read.
    for codec, data in ((cbor, cbor2.dumps(value)), (msgpack, msgpack_library.packb(value))):
        assert codec.to_bytes(read(written(codec.from_bytes(data)))) == data
        try:
            items = codec.from_bytes(any_bytes)
        except CodingError:
            continue
        assert codec.to_bytes(read(written(items))) == any_bytes


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("82a16101a162cb3ff8000000000000", '{\n  "a": 1,\n  "b": 1.5\n}'),
        ("93cd0005ca3fc00000c4020aff", "[\n  5_u16,\n  1.5_f32,\n  h'0aff'\n]"),
        ("81059200c0", "{\n  5: [\n    0,\n    null\n  ]\n}"),
        ("d6ff00000000", "ext(-1, h'00000000')"),
        ("d90161dc0000a1ff", "\"a\"_8\n[_16]\nt'ff'"),
        ("cb7ff8000000000001", "float'7ff8000000000001'"),
    ],
)
def test_messagepack_is_written_so(data: str, text: str) -> None:
    assert written(msgpack.from_bytes(bytes.fromhex(data))) == text
    assert msgpack.to_bytes(read(text)).hex() == data


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("a1616118ff", '{\n  "a": 255\n}'),
        ("bf61610102f6ff", '{_\n  "a": 1,\n  2: null\n}'),
        ("9f18051903e8ff", "[_\n  5_0,\n  1000\n]"),
        ("c249010000000000000000", "2(h'010000000000000000')"),
        ("c1fb41d452d9ec200000", "1(1363896240.5)"),
        ("7f61616162ff5f42010240ff", "(_ \"a\", \"b\")\n(_ h'0102', h'')"),
        ("f93c00f97e00fa7fc00001f7f8ff", "1.0_1\nNaN_1\nfloat'7fc00001'\nundefined\nsimple(255)"),
        ("80bfff", "[]\n{_}"),
    ],
)
def test_cbor_is_written_so(data: str, text: str) -> None:
    assert written(cbor.from_bytes(bytes.fromhex(data))) == text
    assert cbor.to_bytes(read(text)).hex() == data


@pytest.mark.parametrize(
    ("text", "wrong", "at"),
    [
        ('{"a": 1,}', "a value is expected", 8),
        ('{"a" 1}', "a colon is expected", 5),
        ("[1 2]", "a comma or ']' is expected", 3),
        ("[abc]", "texts are written in double quotes", 1),
        ('["abc]', "a text without its closing quote", 1),
        ("[1, h'0']", "pairs of hexadecimal digits", 4),
        ("[18446744073709551616]", "", 1),
        ("300_u8", "does not fit into u8", 0),
        ('"a\nb"', "a line end", 2),
        ("undefined", "MessagePack has no such value", 0),
        ("1(2)", "MessagePack has no such value", 0),
        ("[" * 300, "within each other", 201),
    ],
)
def test_what_is_wrong_has_a_place(text: str, wrong: str, at: int) -> None:
    with pytest.raises(CodingError) as raised:
        msgpack.to_bytes(read(text))
    assert wrong in str(raised.value) and raised.value.at == at


def test_a_number_of_more_than_64_bits_has_its_own_notation_in_cbor() -> None:
    with pytest.raises(CodingError, match="2\\(h'…'\\)"):
        cbor.to_bytes(read("18446744073709551616"))
