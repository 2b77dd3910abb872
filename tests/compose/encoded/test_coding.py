"""Bodies that are edited as text and encoded when they are sent."""

from __future__ import annotations

import gzip
import json
import zlib

import msgpack
import pytest

from stomptui.compose.checks import problems
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.draft_json import draft_line, draft_of
from stomptui.compose.draft_model import DraftModel
from stomptui.compose.encoded.coding import BodyCoding, Layer, decoded
from stomptui.compose.encoded.items import CodingError
from stomptui.compose.variables.fill import fill
from stomptui.compose.variables.sources import example_sources

DATA = msgpack.packb({"id": 7, "name": "é"})


@pytest.mark.parametrize(
    ("data", "layers", "text"),
    [
        (gzip.compress(b'{"a": 1}', 1), ("gzip",), '{"a": 1}'),
        (zlib.compress(b"x") + zlib.compress(b"y"), ("deflate",), "xy"),
        (gzip.compress(DATA), ("gzip", "msgpack"), '{\n  "id": 7,\n  "name": "é"\n}'),
    ],
)
def test_what_is_not_changed_is_the_same_bytes(data: bytes, layers: tuple[Layer, ...], text: str) -> None:
    coding = decoded(data, layers)
    assert coding.text == text and coding.encode(text) == data
    changed = coding.encode(text.replace("1", "22").replace("7", "8"))
    assert decoded(changed, layers).text == text.replace("1", "22").replace("7", "8")


@pytest.mark.parametrize(
    ("data", "layers", "why"),
    [
        (b"no gzip", ("gzip",), "this is no gzip"),
        (gzip.compress(b"x" * 100)[:-9], ("gzip",), "ends too early"),
        (gzip.compress(b"\xff\xfe"), ("gzip",), "not UTF-8"),
        (gzip.compress(bytes(5 << 20)), ("gzip",), "more than"),
        (b"\x81\xa1a", ("msgpack",), "ends too early"),
        (b"\xc1", ("msgpack",), "0xc1 is never used"),
        (msgpack.packb(["x" * 60_000]), ("msgpack",), "are edited here"),
        (b"\xff", ("cbor",), "ends nothing"),
    ],
)
def test_what_cannot_be_edited_is_refused_in_plain_words(data: bytes, layers: tuple[Layer, ...], why: str) -> None:
    with pytest.raises(CodingError, match=why):
        decoded(data, layers)


def test_a_draft_is_sent_as_what_its_text_stands_for() -> None:
    model = DraftModel(Draft("/queue/x", [HeaderLine("content-type", "application/json")], DATA, content_length=False))
    model.set_coding(decoded(DATA, ("msgpack",)))
    draft = model.draft
    assert draft.body_bytes() == DATA and draft.body_size() == len(DATA) and draft.body_start(3) == DATA[:3]
    assert problems(draft, "1.2") == []
    draft.body = str(draft.body).replace("7", "0")
    assert msgpack.unpackb(draft.body_bytes())["id"] == 0
    # A NUL is in the bytes alone.
    assert "content-length" in problems(draft, "1.2")[0].text
    draft.body = '{\n  "id": 7,\n}'
    (problem,) = problems(draft, "1.2")
    assert problem.severity == "error" and problem.text == "not MessagePack: a value is expected, line 3 column 1"
    assert draft.body_start(9) == b"" and draft.head("1.2")


def test_variables_are_filled_in_before_it_is_encoded() -> None:
    draft = Draft("/queue/x", [], '{"n": "{{counter}}"}', variables=True, coding=BodyCoding(("cbor",)))
    assert fill(draft, example_sources(5)).body_bytes() == b"\xa1an a5".replace(b" ", b"")


def test_it_is_the_same_after_it_was_kept_on_disk() -> None:
    draft = Draft("/queue/x", [], "", coding=decoded(DATA, ("msgpack",)))
    assert draft.coding is not None
    draft.body = draft.coding.text or ""
    again = draft_of(json.loads(draft_line(draft)))
    assert again == draft and again.body_bytes() == DATA
    draft.body = "[1]"
    assert draft_of(json.loads(draft_line(draft))).body_bytes() == b"\x91\x01"
    assert draft.with_bytes() == Draft("/queue/x", [], b"\x91\x01")
