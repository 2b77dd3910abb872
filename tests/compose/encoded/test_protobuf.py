"""Protobuf as a map of field numbers, and the same bytes again."""

from __future__ import annotations

import pytest

from stomptui.compose.encoded import protobuf
from stomptui.compose.encoded.coding import decoded
from stomptui.compose.encoded.items import CodingError
from stomptui.compose.encoded.notation import read, written
from stomptui.compose.encoded.protobuf import FieldHint

MESSAGE = bytes.fromhex(
    "089601120774657374696e671a03089601250000803f29000000000000f83f30fbffffffffffffffff013a03ff0102"
)
TEXT = "{\n  1: 150,\n  2: \"testing\",\n  3: {\n    1: 150\n  },\n  4: 1.0_32,\n  5: 1.5,\n  6: -5,\n  7: h'ff0102'\n}"


def test_fields_are_read_by_their_numbers_and_are_the_same_bytes_again() -> None:
    assert written(protobuf.from_bytes(MESSAGE)) == TEXT
    assert protobuf.to_bytes(read(TEXT)) == MESSAGE
    # A field may come again, and one message lies in another.
    changed = protobuf.to_bytes(read('{1: -1_z, 1: 7_64, 9: {2: ""}, 10: [1, 300], 11: true}'))
    assert changed.hex() == "0801" + "090700000000000000" + "4a021200" + "520301ac02" + "5801"


def test_what_a_descriptor_says_is_a_comment_and_decides_what_is_read() -> None:
    hints = {
        1: FieldHint("id", "zigzag"),
        2: FieldHint("name", "text"),
        3: FieldHint("raw", "bytes"),
        7: FieldHint("numbers", "uint", packs=0),
        6: FieldHint("state", "int", words=lambda number: "BROKEN" if number == -5 else ""),
    }
    packed = protobuf.from_bytes(b"\x3a\x03\x01\xac\x02", lambda _, number: hints.get(number))
    assert written(packed) == "{\n  7 /numbers/: [\n    1,\n    300\n  ]\n}"
    items = protobuf.from_bytes(MESSAGE, lambda _, number: hints.get(number) if number != 7 else None)
    text = written(items)
    assert "1 /id/: 75_z,\n" in text and "3 /raw/: h'089601'" in text and "6 /state/: -5 /BROKEN/" in text
    assert protobuf.to_bytes(read(text)) == MESSAGE


@pytest.mark.parametrize(
    ("text", "why", "at"),
    [
        ('{"id": 1}', "a field's number is expected", 1),
        ("[1]", "one {…} of field numbers", 0),
        ("{1: null}", "no such value", 4),
        ('{1: ["a"]}', "repeat the field instead", 4),
        ("{1: 5000000000_32}", "does not fit", 4),
    ],
)
def test_what_is_no_message_has_a_place(text: str, why: str, at: int) -> None:
    with pytest.raises(CodingError) as raised:
        protobuf.to_bytes(read(text))
    assert why in str(raised.value) and raised.value.at == at


def test_what_cannot_be_said_exactly_is_refused() -> None:
    with pytest.raises(CodingError, match="exactly"):
        decoded(b"\x08\x81\x00", ("protobuf",))
    with pytest.raises(CodingError, match="groups"):
        decoded(b"\x0b\x0c", ("protobuf",))
