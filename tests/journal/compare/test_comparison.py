"""Comparing two frames: what counts as a difference, and what is only said."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence

import pytest

from stomptui.journal.compare import json_values
from stomptui.journal.compare.comparison import ComparedMessage, Comparison, compare
from stomptui.journal.compare.rows import MOST, Difference
from stomptui.protocol.frame import Frame


def side(body: str | bytes = "", *headers: str, sent: bool = False) -> ComparedMessage:
    """One side with that body and these header lines."""
    data = body if isinstance(body, bytes) else body.encode()
    return ComparedMessage("it", Frame("\n".join(["MESSAGE", *headers, "", ""]).encode() + data), sent)


def compared(left: str | bytes, right: str | bytes) -> Comparison:
    """Two bodies without headers."""
    return compare(side(left), side(right))


def told(found: Comparison) -> list[tuple[str, str | None, str | None]]:
    """What differs in the bodies."""
    return [(row.label, row.left, row.right) for row in found.body.rows if row.difference is not Difference.SAME]


def test_values_of_json_are_compared_by_their_paths() -> None:
    found = compared(
        '{"items": [{"sku": "a", "price": 1}, {"sku": "b", "price": 4}], "n": 1.0, "gone": null, "a b": true}',
        '{"items": [{"sku": "a", "price": 1}, {"sku": "b", "price": 9}], "n": 1, "new": {"x": []}, "a b": "true"}',
    )
    assert told(found) == [
        ("items[1].price", "4", "9"),
        ("n", "1.0", "1"),
        ("gone", "null", None),
        ('["a b"]', "true", '"true"'),
        ("new", None, '{"x": []}'),
    ]
    assert found.how == "by value"
    assert found.summary == "5 values of the body differ"


@pytest.mark.parametrize(
    ("right", "note"),
    [
        ('{"b": {"d": [2], "c": 1}, "a": "é"}', "keys are in another order, first in b: not counted"),
        ('{"a": "é", "b": {"c": 1, "d": [2]}}', "white space is otherwise: not counted"),
        ('{"a":"\\u00e9","b":{"c":1,"d":[2]}}', "white space or escapes in strings are otherwise: not counted"),
    ],
)
def test_order_of_keys_and_white_space_are_said_and_not_counted(right: str, note: str) -> None:
    left = '{"a":"é","b":{"c":1,"d":[2]}}'
    if "first in b" in note:
        right = '{"a":"é","b":{"d":[2],"c":1}}'
    found = compared(left, right)
    assert (found.summary, found.notes) == ("no difference that counts", [note])


def test_an_item_put_into_an_array_moves_the_others_and_changes_none() -> None:
    found = compared("[1, 2, 3, 4, 5]", "[0, 1, 2, 7, 3, 4, 5]")
    assert told(found) == [("[0]", None, "0"), ("[3]", None, "7")]
    found = compared('[{"a": 1, "b": 1}, 2]', '[0, {"a": 1, "b": 1}, 2]')
    assert told(found) == [("[0]", None, "0")]


def test_keys_that_repeat_are_told_apart() -> None:
    assert told(compared('{"a": 1, "a": 2}', '{"a": 1, "a": 3}')) == [("a (the 2. of that name)", "2", "3")]


def test_large_numbers_are_not_rounded() -> None:
    left, right = '{"n": 12345678901234567890.1}', '{"n": 12345678901234567890.2}'
    assert told(compared(left, right)) == [("n", "12345678901234567890.1", "12345678901234567890.2")]


@pytest.mark.parametrize("bad", ['{"a": 1', "[" * 20_000 + "1" + "]" * 20_000])
def test_what_is_no_json_is_compared_by_line(bad: str) -> None:
    found = compared('{"a": 1}', bad)
    assert found.how == "by line"
    assert "no proper JSON" in found.notes[0]
    assert found.body.differences == 1


def test_what_takes_too_long_by_value_is_compared_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "PATIENCE", -1.0)
    found = compared("[1, 2]", "[1, 3]")
    assert (found.how, found.body.differences) == ("by line", 1)
    assert "takes too long" in found.notes[0]


def test_text_is_compared_by_line() -> None:
    found = compared("one\ntwo\nthree\n", "one\nnew\ntwo\nTHREE\n")
    assert told(found) == [("2", None, "new"), ("3→4", "three", "THREE")]
    assert found.summary == "2 lines of the body differ"
    found = compared("a\r\nb\r\n", "a\nb\n")
    assert "only the ends of lines differ" in found.notes[0]


def test_bytes_are_compared_from_the_first_that_differs() -> None:
    left = b"\xfe\x01\x00\x80" * 50_000
    right = bytearray(left)
    right[123_456] ^= 1
    found = compared(left, bytes(right))
    assert found.how == "by byte"
    assert "the first byte that differs is at 123,456 (0x1e240)" in found.notes
    assert [row.label for row in found.body.rows] == ["0001e238", "0001e240", "0001e248"]
    assert "the first byte that differs is at 200,000 (0x30d40)" in compared(left, left + b"\0").notes


def test_what_was_compressed_is_compared_inside() -> None:
    left = gzip.compress(b'{"a": 1}')
    found = compare(side(left, "content-type:application/json"), side('{"a": 2}', "content-type:application/json"))
    assert told(found) == [("a", "1", "2")]
    found = compared(left, gzip.compress(b'{"a": 1}', 1))
    assert found.body.differences == 0
    assert "packed otherwise" in " ".join(found.notes) or found.same_bytes


def test_headers_are_compared_by_name_and_secrets_are_masked() -> None:
    left = side("", "a:1", "b:1", "a:2", "token:first", "message-id:1", "gone:x")
    right = side("", "b:1", "a:1", "a:3", "token:second", "message-id:2", "new:y")
    found = compare(left, right)
    rows = [(row.label, *row.sides(False)) for row in found.headers if row.difference is not Difference.SAME]
    assert rows == [
        ("a", "2", "3"),
        ("token", "••••••", "••••••"),
        ("new", None, "y"),
        ("gone", "x", None),
        ("message-id", "1", "2"),
    ]
    assert found.summary == "4 headers differ"
    assert found.notes == ["the headers are in another order: not counted"]
    assert [row.sides(True) for row in found.headers if row.label == "token"] == [("first", "second")]


def test_a_length_counts_where_only_one_has_it() -> None:
    assert compare(side("a", "content-length:1"), side("a")).summary == "1 header differs"
    found = compare(side("a", "content-length:1"), side("bc", "content-length:2"))
    assert found.summary == "1 line of the body differs"


def test_what_is_the_same_is_said_to_be() -> None:
    assert compare(side("x", "a:1"), side("x", "a:1")).summary == "the same, byte for byte"


def test_what_is_kept_of_large_bodies_is_bounded() -> None:
    values = json.dumps([{"n": number} for number in range(MOST + 500)])
    found = compared(values, values.replace('"n"', '"m"'))
    assert len(found.body.rows) <= MOST + 1
    assert any("more differences are not listed" in note for note in found.notes)
    lines = "\n".join(map(str, range(30_000)))
    found = compared(lines, lines.replace("5", "6"))
    assert any("too many lines" in note for note in found.notes)


def test_of_long_lines_that_part_is_kept_that_differs() -> None:
    [(_, left, right)] = told(compared("a" * 50_000 + "left" + "b" * 50_000, "a" * 50_000 + "right" + "b" * 50_000))
    assert left is not None and right is not None
    assert left.startswith("(after 49,900 characters) …aaaa")
    assert ("aleftb" in left, "arightb" in right) == (True, True)
    assert left.endswith("… (100,004 characters)")


def test_empty_bodies_have_no_difference() -> None:
    empty: Sequence[object] = told(compared("", ""))
    assert not empty
    assert told(compared("", "x")) == [("1", "", "x")]
