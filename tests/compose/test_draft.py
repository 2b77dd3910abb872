"""A draft says what is wrong with it, and what validates can be sent and read back exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.compose.checks import Problem, first_error, problems
from stomptui.compose.draft import Draft, HeaderLine, from_frame
from stomptui.config.secret_names import MASK
from stomptui.protocol.codec import VERSIONS
from stomptui.protocol.frame import Frame

CHARS = st.characters(codec=None) | st.sampled_from("\0\r\n\\:\t \x1b\u2028\ud800\udc80é日😀\u0301")
TEXTS = st.text(CHARS, max_size=12)
LINES = st.builds(
    HeaderLine,
    TEXTS | st.sampled_from(["receipt", "content-length", "destination", "content-type"]),
    TEXTS | st.sampled_from(["0", "5", "application/json"]),
    st.booleans(),
)
DRAFTS = st.builds(
    Draft,
    destination=TEXTS,
    headers=st.lists(LINES, max_size=5),
    body=TEXTS | st.binary(max_size=12),
    receipt=st.booleans(),
    content_length=st.booleans(),
)


def told(draft: Draft, version: str = "1.2", **limits: Any) -> list[tuple[str, int | None, str, str]]:
    return [(p.field, p.index, p.part, p.severity) for p in problems(draft, version, **limits)]


def only(draft: Draft, version: str = "1.2", **limits: Any) -> Problem:
    [problem] = problems(draft, version, **limits)
    return problem


@given(draft=DRAFTS, version=st.sampled_from(VERSIONS))
def test_what_validates_is_sent_and_read_back(draft: Draft, version: str) -> None:
    found = problems(draft, version)
    preview = draft.preview(version)
    if first_error(found):
        return
    raw = draft.encode(version, "1")
    assert raw == preview
    assert draft.size(version) == len(raw)
    frame = Frame(raw[:-1], version)
    headers, body = draft.build("1")
    assert frame.command == "SEND"
    assert list(frame.headers) == headers
    assert frame.body == body


@given(draft=DRAFTS, version=st.sampled_from(VERSIONS))
def test_an_error_is_really_an_error(draft: Draft, version: str) -> None:
    """A draft is refused for no other reason than that STOMP cannot carry it or it contradicts itself."""
    errors = [p for p in problems(draft, version) if p.severity == "error"]
    if not errors or any("switch" in p.text or "destination" in p.text for p in errors):
        return
    with pytest.raises(ValueError):
        draft.encode(version, "1")


def test_the_frame_the_lua_script_sends() -> None:
    draft = Draft("/queue/test", [HeaderLine("app-id", "APP")], "say hi!\n", receipt=False, content_length=False)
    assert problems(draft, "1.2") == []
    assert draft.encode("1.2") == b"SEND\ndestination:/queue/test\napp-id:APP\n\nsay hi!\n\0"


def test_lines_keep_their_order_and_repeats_and_the_switches_come_last() -> None:
    lines = [HeaderLine("b", "1"), HeaderLine("off", "x", False), HeaderLine("a", "2"), HeaderLine("b", "3")]
    draft = Draft("/q", lines, "é")
    assert draft.encode("1.2", "7") == (
        "SEND\ndestination:/q\nb:1\na:2\nb:3\nreceipt:7\ncontent-length:2\n\né\0".encode()
    )
    problem = only(draft)
    assert (problem.index, problem.part, problem.severity) == (3, "name", "warning")
    assert "only the first counts" in problem.text


def test_an_empty_destination_is_an_error() -> None:
    assert told(Draft("")) == [("destination", None, "", "error")]


@pytest.mark.parametrize(
    ("version", "name", "value", "part"),
    [
        ("1.0", "a:b", "v", "name"),
        ("1.0", "a\nb", "v", "name"),
        ("1.0", "a", "v\nevil:1", "value"),
        ("1.0", "a", "v\revil", "value"),
        ("1.1", "a\r", "v", "name"),
        ("1.1", "a", "v\r", "value"),
        ("1.2", "", "v", "name"),
        ("1.2", "a\0", "v", "name"),
        ("1.2", "a", "v\0\nSEND\n", "value"),
        ("1.2", "a", "\ud800", "value"),
    ],
)
def test_injection_is_refused_where_it_is(version: str, name: str, value: str, part: str) -> None:
    draft = Draft("/q", [HeaderLine("fine", "1"), HeaderLine(name, value)])
    assert told(draft, version) == [("header", 1, part, "error")]
    with pytest.raises(ValueError):
        draft.encode(version, "1")
    draft.headers[1].enabled = False
    assert problems(draft, version) == []


@pytest.mark.parametrize(
    ("version", "destination"), [("1.0", "/q\nevil:1"), ("1.1", "/q\r"), ("1.2", "/q\0"), ("1.2", "/q\ud800")]
)
def test_injection_by_the_destination_is_refused(version: str, destination: str) -> None:
    draft = Draft(destination)
    assert told(draft, version) == [("destination", None, "", "error")]
    with pytest.raises(ValueError):
        draft.encode(version, "1")


def test_a_line_still_empty_is_not_sent() -> None:
    draft = Draft("/q", [HeaderLine("a", "1"), HeaderLine()], receipt=False, content_length=False)
    assert problems(draft, "1.2") == []
    assert draft.encode("1.2") == b"SEND\ndestination:/q\na:1\n\n\0"


def test_a_line_break_in_a_value_is_escaped_and_said() -> None:
    draft = Draft("/q", [HeaderLine("a", "one\nb:two")], receipt=False, content_length=False)
    problem = only(draft)
    assert problem.severity == "warning" and "\\n" in problem.text
    assert draft.encode("1.2") == b"SEND\ndestination:/q\na:one\\nb\\ctwo\n\n\0"


def test_lines_that_contradict_the_switches() -> None:
    draft = Draft("/q", [HeaderLine("receipt", "mine"), HeaderLine("content-length", "5")], "12345")
    assert told(draft) == [("header", 0, "name", "error"), ("header", 1, "name", "error")]
    draft.receipt = draft.content_length = False
    assert problems(draft, "1.2") == []
    draft.body = "1234"
    assert told(draft) == [("header", 1, "value", "error")]


def test_a_nul_needs_content_length() -> None:
    for body in ("a\0b", b"a\0b"):
        draft = Draft("/q", body=body, content_length=False)
        assert told(draft) == [("body", None, "", "error")]
        draft.content_length = True
        assert problems(draft, "1.2") == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ('{\n  "a": 1,\n}', "a name in double quotes is expected, line 3 column 1"),
        ("[1, ]", "a value is expected, line 1 column 5"),
        ("", "empty"),
        ("[NaN]", "NaN"),
        (b"\xff", "UTF-8"),
        ("[" * 100_000, "deeply"),
    ],
)
def test_bad_json_is_a_warning_with_its_place(body: str | bytes, where: str) -> None:
    problem = only(Draft("/q", [HeaderLine("content-type", "application/json; charset=utf-8")], body))
    assert (problem.field, problem.severity) == ("body", "warning")
    assert where in problem.text


@pytest.mark.parametrize("body", ['{"a": 1e400}', "9" * 6000, '"\\ud800"', b" [1] "])
def test_odd_json_is_json(body: str | bytes) -> None:
    assert problems(Draft("/q", [HeaderLine("content-type", "application/vnd.x+json")], body), "1.2") == []


def test_half_a_character_in_the_body_is_an_error_with_its_place() -> None:
    draft = Draft("/q", body="é\n a\ud83d")
    problem = only(draft)
    assert problem.severity == "error" and "line 2 column 3" in problem.text
    draft.preview("1.2")


def test_a_frame_over_the_limit_is_a_warning() -> None:
    draft = Draft("/q", receipt=False, content_length=False)
    draft.body = "x" * (100 - draft.size("1.2"))
    assert draft.size("1.2") == 100
    assert problems(draft, "1.2", limit=100) == []
    draft.body += "x"
    problem = only(draft, limit=100)
    assert (problem.field, problem.severity) == ("frame", "warning")
    assert "without a word" in problem.text


def test_too_many_headers_counts_names_once() -> None:
    draft = Draft("/q", [HeaderLine(f"h{n}", "") for n in range(97)])
    assert problems(draft, "1.2", header_limit=100) == []
    draft.headers.append(HeaderLine("one-more", ""))
    assert told(draft, header_limit=100) == [("frame", None, "", "warning")]


def test_a_body_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "body.bin"
    draft = Draft("/q", body="kept", body_file=file, receipt=False)
    assert told(draft) == [("body", None, "", "error")]
    draft.preview("1.2")
    file.write_bytes(b"\0\xff")
    assert problems(draft, "1.2") == []
    assert draft.encode("1.2") == b"SEND\ndestination:/q\ncontent-length:2\n\n\0\xff\0"
    draft.content_length = False
    assert told(draft) == [("body", None, "", "error")]
    draft.body_file = tmp_path
    assert "not a file" in only(draft).text
    draft.body_file = Path("a\0b")
    assert told(draft) == [("body", None, "", "error")]
    draft.preview("1.2")


def test_a_masked_secret_is_not_sent() -> None:
    assert told(Draft("/q", [HeaderLine("x-token", MASK)])) == [("header", 0, "value", "error")]


def test_a_copy_shares_nothing_that_changes() -> None:
    draft = Draft("/q", [HeaderLine("a", "1")])
    copy = draft.copy()
    copy.headers[0].value = "2"
    copy.headers.append(HeaderLine())
    assert draft == Draft("/q", [HeaderLine("a", "1")])


def test_a_received_message_becomes_a_draft_without_its_delivery() -> None:
    raw = (
        b"MESSAGE\nsubscription:1\nmessage-id:7\nack:7\ndestination:/queue/a\ncontent-length:3\nredelivered:false\n"
        b"b:2\na:1\nb:3\nbad:\xff\n\n\xc3\xa9!"
    )
    draft = from_frame(Frame(raw))
    assert draft.destination == "/queue/a"
    kept = [(line.name, line.value) for line in draft.headers]
    assert kept == [("b", "2"), ("a", "1"), ("b", "3"), ("bad", "\udcff")]
    assert draft.body == "é!"
    assert draft.receipt and draft.content_length
    assert b"bad:\xff\n" in draft.encode("1.2", "1")


@given(draft=DRAFTS)
def test_a_sent_frame_becomes_the_draft_it_was(draft: Draft) -> None:
    if first_error(problems(draft, "1.2")) or any(line.name in ("receipt", "content-length") for line in draft.headers):
        return
    raw = draft.encode("1.2", "1")
    again = from_frame(Frame(raw[:-1]))
    assert again.encode("1.2", "1") == raw or "destination" in [line.name for line in draft.headers]
