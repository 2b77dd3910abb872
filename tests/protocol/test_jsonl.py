"""A message that was written as a line is read again as it was, and no line does more harm than being refused."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stomptui.protocol.codec import VERSIONS, encode, name_problem, value_problem
from stomptui.protocol.frame import Frame
from stomptui.protocol.jsonl import FileMessage, JsonlError, MessageLine, lines

NASTY = st.text(st.sampled_from('ab\\cnr:\r\n\t "{}[]é😀\x1b\x85\u2028\u202e'), max_size=8)
TEXT = NASTY | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BYTES = st.binary(min_size=1, max_size=6).map(lambda data: data.decode("utf-8", "surrogateescape"))
NAMES = (TEXT | BYTES).filter(lambda name: name != "content-length")
BODY = st.binary(max_size=80) | TEXT.map(str.encode)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(("MESSAGE", "SEND")),
    st.lists(st.tuples(NAMES, TEXT | BYTES), max_size=6),
    BODY,
    st.sampled_from(VERSIONS),
)
def test_every_frame_that_stomp_carries_comes_back_from_its_line(
    command: str, headers: list[tuple[str, str]], body: bytes, version: str
) -> None:
    headers = [
        (name, value)
        for name, value in headers
        if not name_problem(name, command, version) and not value_problem(value, command, version)
    ]
    raw = encode(command, [*headers, ("content-length", str(len(body)))], body, version)[:-1]
    message = FileMessage.from_frame(Frame(raw, version), "/queue/x")
    assert message.headers == Frame(raw, version).headers
    line = message.line()
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert FileMessage.from_line(line) == message
    again = message.frame()
    assert (again.headers, again.body) == (message.headers, message.body)


@given(st.binary(max_size=60))
def test_a_line_is_plain_json_that_other_programs_read(body: bytes) -> None:
    line = FileMessage("/queue/é", (("n\x9b", "\udcff"), ("plain", "a:b\nc")), body).line()
    text = line.decode()
    found = json.loads(text)
    assert list(found)[:2] == ["destination", "headers"]
    assert found["headers"] == [["n\x9b", {"base64": "/w=="}], ["plain", "a:b\nc"]]
    assert "\x9b" not in text


KEYS = st.sampled_from(("destination", "headers", "body", "body_base64", "base64"))
SOME_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("base64"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_message_or_an_error(line: bytes) -> None:
    judge(line)


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(KEYS, SOME_JSON, max_size=4))
def test_any_json_is_a_message_or_an_error(value: dict[str, object]) -> None:
    judge(json.dumps(value).encode())


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 200), st.binary(max_size=3))
def test_a_damaged_line_is_a_message_or_an_error(where: int, damage: bytes) -> None:
    line = FileMessage("/queue/x", (("a", "é"), ("b", "\udcff")), b"\0\xff").line()
    judge(line[:where] + damage + line[where:])
    judge(line[:where])


def judge(line: bytes) -> None:
    refused: JsonlError | None = None
    try:
        message = FileMessage.from_line(line, 7)
    except JsonlError as error:
        refused = error
    if refused is None:
        assert FileMessage.from_line(message.line()) == message
    else:
        assert str(refused).startswith("line 7") and refused.reason
        assert str(refused).isprintable()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"body": "x"', "line 3, column 13: the line is cut off"),
        (b'{"destination": "/queue/x", "bo', "column 29: the line is cut off"),
        (b'{"body" "x"}', "column 9: not JSON: a colon is expected"),
        (b"hello", "column 1: not JSON: a value is expected"),
        (b'{"body": "\xff"}', "column 11: not UTF-8"),
        (b'{"body": "\xc3\xa9\xff"}', "column 12: not UTF-8"),
        (b'["body"]', "a message is an object, {...}, not a list"),
        (b"null", "not null"),
        (b"{}", "one of body and body_base64 is needed"),
        (b'{"body": "", "body_base64": ""}', "two bodies"),
        (b'{"body": "", "body": "x"}', 'the key "body" is there twice'),
        (b'{"body": "", "header": []}', 'there is no key "header": a message has destination, headers, body'),
        (b'{"body": 5}', "body is text, not a number"),
        (b'{"body": "\\ud800"}', "body: half a character"),
        (b'{"body": "", "destination": false}', "destination: text or"),
        (b'{"body": "", "headers": {}}', "headers is a list of pairs, not an object"),
        (b'{"body": "", "headers": [["a", "b"], ["c"]]}', "header 2: a header is a pair"),
        (b'{"body": "", "headers": [["a", 5]]}', "header 1: text or"),
        (b'{"body": "", "headers": [["a", {"base64": "!"}]]}', "header 1: not base64"),
        (b'{"body_base64": "abc"}', "body_base64: not base64"),
        (b'{"body_base64": 5}', "body_base64: not base64"),
        (b'{"body": "x",}', "column 14: not JSON: a name in double quotes is expected"),
        (b'{"a":' * 200_000, "brackets in brackets"),
        (b"1" * 5000, "a message is an object, {...}, not a number"),
        (b'{"body": 1' + b"0" * 5000 + b"}", "body is text, not a number"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(line: bytes, words: str) -> None:
    with pytest.raises(JsonlError) as caught:
        FileMessage.from_line(line, 3)
    assert words in str(caught.value)
    assert caught.value.line == 3


def test_the_least_a_line_can_say() -> None:
    assert FileMessage.from_line(b' {"body": "x"} \r\n') == FileMessage("", (), b"x")


def test_text_stays_readable_and_binary_does_not_swell() -> None:
    assert '"body": "é {\\"a\\": 1}\\n"' in FileMessage("", (), 'é {"a": 1}\n'.encode()).line().decode()
    assert '"body": "\\u0000"' in FileMessage("", (), b"\0").line().decode()
    assert '"body_base64": "AAAA' in FileMessage("", (), bytes(1000)).line().decode()
    assert len(FileMessage("", (), bytes(30_000)).line()) < 41_000


def test_a_message_says_where_it_goes_again() -> None:
    frame = Frame(b"MESSAGE\ndestination:/exchange/x/y\n\nbody")
    assert FileMessage.from_frame(frame).destination == "/exchange/x/y"
    message = FileMessage.from_frame(frame, "/queue/x")
    assert (message.destination, message.headers) == ("/queue/x", (("destination", "/exchange/x/y"),))


def test_half_a_character_cannot_be_written() -> None:
    with pytest.raises(JsonlError, match="half a character"):
        FileMessage("", (("a", "\ud800"),), b"").line()


def test_lines_are_numbered_and_bounded() -> None:
    data = b'{"body": "1"}\n\n  \n' + b"x" * 5000 + b'\n{"body": "2"}'
    found = list(lines(io.BytesIO(data), longest=100))
    assert [(line.number, line.end, line.too_long) for line in found] == [
        (1, 14, False),
        (4, 18 + 5001, True),
        (5, len(data), False),
    ]
    assert len(found[1].raw) < 100
    assert found[0].message().body == b"1" and found[2].message().body == b"2"
    with pytest.raises(JsonlError, match="line 4: the line is longer than"):
        found[1].message()
    assert list(lines(io.BytesIO(b""))) == []
    assert list(lines(io.BytesIO(b"x" * 99 + b"\n"), longest=100)) == [MessageLine(1, b"x" * 99 + b"\n", 100, False)]
