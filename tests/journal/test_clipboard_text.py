"""What is copied of a frame is its data; where text cannot be the data, that is said."""

from __future__ import annotations

import codecs
import gzip

import pytest

from stomptui.journal.body import content_of
from stomptui.journal.clipboard_text import (
    MOST_PAINTED,
    Copied,
    copied_body,
    copied_frame,
    copied_headers,
    copied_lines,
)
from stomptui.journal.views.hex_view import HexLines
from stomptui.protocol.frame import Frame


def frame(body: bytes, *lines: str) -> Frame:
    return Frame("\n".join(["MESSAGE", *lines, "", ""]).encode() + body)


def body(data: bytes, *lines: str) -> Copied:
    content = content_of(frame(data, *lines))
    return copied_body(content, lambda: HexLines(content.data))


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧",
        "soft\u00adhyphen",
        "می\u200cخواهم",
        "a\x00b\x1b[2J\x9b",
        "one\r\ntwo\rthree\n",
        "\u202eturned\u202c round\u2066",
        "\ufeffwith a byte order mark",
        "\u2028\u2029\x85\x0b",
        "\U0010f005 private \ue000",
        "e" + "\u0301" * 800,
        " \t trailing blanks \n\n",
    ],
)
def test_text_is_copied_character_for_character(text: str) -> None:
    assert body(text.encode()).text == text


def test_json_is_copied_as_it_came_and_not_as_it_is_laid_out() -> None:
    text = '{"a" :1,"b":[ 1,\t2]}'
    assert body(text.encode(), "content-type:application/json").text == text


def test_what_was_opened_or_decoded_says_so() -> None:
    opened = body(gzip.compress("größe".encode()))
    assert opened.text == "größe"
    assert any("gzip" in note for note in opened.notes)
    decoded = body("größe".encode("latin-1"), "content-type:text/plain;charset=latin-1")
    assert decoded.text == "größe"
    assert decoded.notes == ("charset latin-1",)


def test_bytes_that_are_no_text_are_told_as_such() -> None:
    some = body(b"mostly text \xff and more of it")
    assert some.text == "mostly text \ufffd and more of it"
    assert any("1 byte shown as" in note for note in some.notes)
    none = body(bytes(range(128, 192)))
    assert none.text.startswith("00000000  80 81")
    assert "a hex dump, because the body is not text" in none.notes


def test_a_binary_format_is_copied_as_it_is_shown() -> None:
    copied = body(b"\x81\xa1a\x01", "content-type:application/msgpack")
    assert copied.text == '{\n  "a": 1\n}'
    assert copied.notes == ("the MessagePack body as it is shown",)
    broken = body(b"\x81\xa1\xff\xc1\xfe", "content-type:application/msgpack")
    assert broken.text.startswith("00000000  81 a1 ff")


def test_headers_are_copied_as_they_are_meant() -> None:
    copied = copied_headers(frame(b"", "url:https\\c//shop", "path:C\\\\temp", "x:\u200d\u00ad", "x:2"))
    assert copied.text == "url:https://shop\npath:C:\\temp\nx:\u200d\u00ad\nx:2".replace("C:\\", "C\\")


def test_a_whole_frame_is_copied_as_it_crossed_the_wire() -> None:
    raw = "MESSAGE\r\nurl:https\\c//shop\r\n\r\nbo\0dy\x1b\u200d".encode()
    assert copied_frame(Frame(raw)).text.encode() == raw
    odd = copied_frame(Frame(b"MESSAGE\n\n\xff\xfe ok"))
    assert odd.text == "MESSAGE\n\n\\xff\\xfe ok"
    assert "2 bytes that are not UTF-8 are written as \\xNN" in odd.notes


def test_a_long_dump_is_cut_and_says_where() -> None:
    dump = copied_lines(HexLines(bytes(2 << 20)))
    assert MOST_PAINTED <= len(dump.text) < MOST_PAINTED + 128 * 80
    lines = dump.text.count("\n") + 1
    assert dump.notes == (f"only the first {lines:,} of 131,072 lines of the dump",)
    short = copied_lines(HexLines(codecs.BOM_UTF8))
    assert short == Copied("00000000  ef bb bf                                          ...", short.notes)
    assert not short.notes
