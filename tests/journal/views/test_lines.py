"""Bodies as lines: exact, safe to paint, and quick to open however large."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stomptui.journal.body import content_of
from stomptui.journal.views.hex_view import HexLines, columns_for, width_for
from stomptui.journal.views.json_view import JsonLines
from stomptui.journal.views.lines import LONGEST, Lines, TextLines
from stomptui.journal.views.registry import body_lines
from stomptui.journal.views.wire_view import WireLines
from stomptui.journal.views.xml_view import XmlLines
from stomptui.protocol.clean import clean
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import FrameMarker
from tests.captures import captures

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=60,
)


def styles(lines: Lines) -> dict[str, str]:
    return {text.strip(): style for line in lines.all_lines() for text, style in line}


@settings(max_examples=200, deadline=None)
@given(st.lists(ANY_JSON, min_size=1, max_size=3), st.sampled_from([None, 1]), st.booleans())
def test_formatted_json_means_the_same(values: list[object], indent: int | None, as_ascii: bool) -> None:
    text = "\n".join(json.dumps(value, indent=indent, ensure_ascii=as_ascii) for value in values)
    lines = JsonLines(text)
    shown = lines.all_text()
    assert lines.problem == ""
    # What has no width or is not printable is painted otherwise than it is.
    if text.isascii():
        decoder, at, read = json.JSONDecoder(), 0, []
        while at < len(shown):
            value, at = decoder.raw_decode(shown, at)
            read.append(value)
            at += len(shown[at:]) - len(shown[at:].lstrip())
        assert read == values


def test_json_keeps_what_a_parser_would_lose() -> None:
    lines = JsonLines('{"b": 1.00, "a":1e400,"b":12345678901234567890123,"u":"\\u00e9","e":[ ], "o":{}}')
    assert lines.all_text() == (
        '{\n  "b": 1.00,\n  "a": 1e400,\n  "b": 12345678901234567890123,\n  "u": "\\u00e9",\n  "e": [],\n  "o": {}\n}'
    )


def test_json_is_coloured_by_what_it_is() -> None:
    found = styles(JsonLines('{"key": ["text", -1.5e3, true]}'))
    assert (found['"key"'], found['"text"'], found["-1.5e3"], found["true"]) == ("key", "string", "number", "literal")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a":1,\n b:2}', "not JSON: line 2, column 2 is not a key"),
        ("[1 2]", "not JSON: line 1, column 4 is not a comma or the end of the group"),
        ("[1,]", "not JSON: line 1, column 4 is not a value"),
        ('{"a"', "not JSON: line 1, column 5 is not a colon"),
        ('["x', "not JSON: line 1, column 2 is not a value or ]"),
        ("[01]", "not JSON: line 1, column 2 is not a value or ]"),
        ("[1}", "not JSON: line 1, column 3 is not a comma or the end of the group"),
    ],
)
def test_what_is_not_json_is_shown_as_it_came(text: str, problem: str) -> None:
    lines, note = body_lines(content_of(Frame(b"MESSAGE\ncontent-type:application/json\n\n" + text.encode())))
    assert note == problem
    assert lines.all_text().replace("\n", "") == text.replace("\n", "")


def test_json_nested_too_deep_is_complete_and_says_so() -> None:
    lines, note = body_lines(content_of(Frame(b"MESSAGE\ncontent-type:application/json\n\n" + b"[" * 5000)))
    # How far it is read at once is a matter of time: what comes later is told by the lines.
    assert "".join(lines.all_text().split()) == "[" * 5000
    assert (note or lines.problem) == "not JSON: line 1, column 1,001 is not a value or ]"


def test_json_that_breaks_far_inside_is_complete_all_the_same() -> None:
    text = "[" + "1,\n" * 30_000 + "oops]"
    lines = JsonLines(text)
    assert "".join(lines.all_text().split()) == "".join(text.split())
    assert lines.problem.startswith("not JSON: line 30,001")


@given(st.integers(1, 3 * LONGEST), st.sampled_from(["x", "é", "\\\\", '\\"']))
def test_long_strings_are_cut_not_lost(size: int, unit: str) -> None:
    text = f'{{"{unit * size}":"{unit * size}"}}'
    lines = JsonLines(text)
    assert lines.all_text().replace("\n", "").replace("  ", "").replace(": ", ":") == text
    assert max(len(part) for line in lines.all_lines() for part, _ in line) <= LONGEST
    assert lines.problem == ""


def test_xml_is_indented_and_no_entity_is_expanded() -> None:
    text = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "boom">]>'
        "<a n='1'  m=\"a>b\"><b>t &x;</b><c/><d>\n<e>1</e> tail</d><!-- no --><![CDATA[<raw> & ]]></a>"
    )
    lines = XmlLines(text)
    assert lines.all_text() == (
        '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x "boom">]>\n<a n=\'1\' m="a>b">\n  <b>t &x;</b>\n  <c/>\n  <d>\n'
        "    <e>1</e>\n    tail\n  </d>\n  <!-- no -->\n  <![CDATA[<raw> & ]]>\n</a>"
    )
    assert lines.problem == ""
    found = styles(lines)
    assert (found["n"], found["'1'"], found["c"]) == ("attribute", "string", "tag")


@pytest.mark.parametrize("text", ["<a><b></a>", "<a>", "</a>", "<a b=1></a>", "<a><!-- </a>", "<a <b/>"])
def test_what_is_not_xml_is_shown_as_it_came(text: str) -> None:
    lines, note = body_lines(content_of(Frame(b"MESSAGE\ncontent-type:text/xml\n\n" + text.encode())))
    assert note.startswith("not well-formed XML: line 1")
    assert lines.all_text() == text


@given(st.text(max_size=400), st.sampled_from([JsonLines, XmlLines, TextLines]))
def test_no_text_brings_anything_unsafe_to_the_screen(text: str, kind: type[JsonLines | XmlLines | TextLines]) -> None:
    for line in kind(text).all_lines():
        for part, _ in line:
            assert clean(part) == part


def test_text_keeps_its_lines() -> None:
    assert TextLines("a\r\nb\n\n\tc").all_text() == "a\nb\n\n    c"


def test_hex_is_what_it_always_was() -> None:
    lines = HexLines(bytes(range(0x18, 0x2C)))
    assert lines.all_text() == (
        "00000000  18 19 1a 1b 1c 1d 1e 1f  20 21 22 23 24 25 26 27  ........ !\"#$%&'\n"
        "00000010  28 29 2a 2b" + " " * 39 + "()*+"
    )
    assert lines.total == 2
    assert len("".join(part for part, _ in lines.line(0))) == width_for(16) == 76
    assert (columns_for(200), columns_for(75), columns_for(30)) == (16, 8, 4)


def test_the_wire_shows_every_byte() -> None:
    frame = Frame(b"MESSAGE\r\na:b\xe9\n\nbo\x00dy\xff\n\tx \x1b[2J")
    assert WireLines(frame).all_text() == "MESSAGE␍␊\na:b\\xe9␊\n␊\nbo␀dy\\xff␊\n␉x ␛[2J␀"
    assert WireLines(frame, ended=False).all_text().endswith("x ␛[2J")


def test_what_the_wire_shows_can_be_read_back() -> None:
    pictures = {0x2400 + code: chr(code) for code in range(32)}
    for capture in captures().values():
        if not capture.speaks_stomp or capture.websocket:
            continue
        batch = FrameMarker().feed(b"".join(capture.from_server))
        for raw in batch.frames() if batch else ():
            text = raw.decode("utf-8", "backslashreplace")
            shown = WireLines(Frame(raw)).all_text().replace("\n", "").translate(pictures)
            assert len(shown) == len(text) + 1
            assert shown == clean(text, keep="".join(pictures.values())) + "\0"


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([{"id": number, "name": "x" * 20, "v": [number, None]} for number in range(200_000)]).encode(),
        b'{"file":"' + b"QUJD" * 2_500_000 + b'"}',
        b"<a>" + b"<b c='1'>text</b>" * 600_000 + b"</a>",
        b"a line of text\n" * 700_000,
        bytes(range(256)) * 40_000,
        b"[" + b'"\\\\' * 3_000_000,
    ],
    ids=["json", "one string", "xml", "text", "binary", "not json"],
)
def test_a_large_body_opens(body: bytes) -> None:
    frame = Frame(b"MESSAGE\n\n" + body)
    lines, _ = body_lines(content_of(frame))
    assert lines.chunk(0)
    assert WireLines(frame).chunk(0)
