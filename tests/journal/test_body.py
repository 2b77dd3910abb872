"""What a body is, and what a person gets to read of it."""

from __future__ import annotations

import gzip
import os
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.journal.body import content_of, kind_of, preview, text_of
from stomptui.journal.decompression import open_all, open_start
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import FrameMarker
from tests.captures import captures

EMOJI_NUL_CESU = b"a\xed\xa0\xbd\xed\xb8\x80\xc0\x80b"
JSON = b'{"orderId":12345,\n "status":"created","note":"\x1b[2J"}'


def frame(body: bytes, *headers: str) -> Frame:
    return Frame("".join(f"{line}\n" for line in ("MESSAGE", *headers)).encode() + b"\n" + body)


@pytest.mark.parametrize(
    ("body", "header", "kind"),
    [
        (b"", "", "empty"),
        (JSON, "", "json"),
        (b"[1, 2]", "content-type:text/plain", "json"),
        (b'\xef\xbb\xbf{"a":1}', "", "json"),
        (b"[INFO] started", "", "text"),
        (b'"just a string"', "content-type:application/json;charset=utf-8", "json"),
        (b"<?xml version='1.0'?><a/>", "", "xml"),
        (b"<a>1</a>", "content-type:text/plain", "xml"),
        (b"<- look", "", "text"),
        (b"hello", "content-type:application/octet-stream", "text"),
        ("žluť".encode(), "", "text"),
        (EMOJI_NUL_CESU, "", "text"),
        (b"caf\xe9 au lait", "", "text"),
        (b"caf\xe9", "content-type:text/plain;charset=iso-8859-1", "text"),
        (gzip.compress(JSON, mtime=0), "", "gzip"),
        (zlib.compress(JSON), "content-encoding:deflate", "gzip"),
        (b"\x08\x96\x01\x12\x07order-1", "", "bin"),
        (bytes(48), "content-type:application/json", "bin"),
    ],
)
def test_the_kind_is_seen_from_the_first_bytes(body: bytes, header: str, kind: str) -> None:
    assert kind_of(frame(body, *filter(None, [header]))) == kind


def test_a_preview_is_one_clean_line() -> None:
    assert preview(frame(JSON), 80) == '{"orderId":12345, "status":"created","note":"␛[2J"}'
    assert preview(frame(JSON), 20) == '{"orderId":12345, "…'
    assert preview(frame(gzip.compress(JSON)), 20) == '{"orderId":12345, "…'
    assert preview(frame(b"\x08\x96\x01\x12\x07order\xff\xfe\xfd"), 30) == "⟨13 bytes⟩ 08 96 01 12 07 6f …"
    assert preview(frame("日本".encode("utf-16")), 30) == "日本"
    assert preview(frame(b""), 30) == ""


@given(st.binary(max_size=200), st.sampled_from(["", "text/plain;charset=utf-16", "application/json", "a/b;charset=x"]))
def test_no_body_breaks_anything(body: bytes, content_type: str) -> None:
    odd = frame(body, f"content-type:{content_type}", "content-encoding:gzip")
    for one in (odd, frame(body, f"content-type:{content_type}")):
        content = content_of(one)
        assert (content.text is None) == (content.kind == "bin")
        line = preview(one, 40)
        assert len(line) <= 40
        assert line.isprintable()


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.sampled_from(["utf-8", "utf-16", "utf-32"])
)
def test_the_charset_named_is_the_one_used(text: str, charset: str) -> None:
    assert text_of(frame(text.encode(charset), f"content-type:text/plain;charset={charset}"))[0] == text.removeprefix(
        "\ufeff"
    )


def test_what_was_assumed_is_told() -> None:
    assert content_of(frame("café".encode())).notes == ()
    assert text_of(frame(EMOJI_NUL_CESU)) == ("a😀\0b", "CESU-8 (Java's modified UTF-8)")
    assert text_of(frame(b"caf\xe9", "content-type:text/plain;charset=latin-1")) == ("café", "charset latin-1")
    assert text_of(frame(b"au lait, caf\xe9")) == (
        "au lait, caf�",
        "not UTF-8, and no charset is named: 1 byte shown as �",
    )
    assert "unknown charset 'klingon'" in text_of(frame(b"a", "content-type:text/plain;charset=klingon"))[1]
    assert "not utf-8" in text_of(frame(b"caf\xe9 au lait", "content-type:text/plain;charset=utf-8"))[1]
    assert content_of(frame(os.urandom(64) + b"\0")).kind == "bin"


def test_activemqs_emoji_is_read() -> None:
    stream = b"".join(captures()["activemq/java-textmessage-emoji"].from_server)
    batch = FrameMarker().feed(stream)
    assert batch
    texts = [text_of(Frame(raw)) for raw in batch.frames()]
    assert any("😀" in text and "CESU-8" in note for text, note in texts)


def test_gzip_is_opened_and_a_bomb_is_not() -> None:
    content = content_of(frame(gzip.compress(JSON) + gzip.compress(JSON), "content-encoding:gzip"))
    assert (content.kind, content.data) == ("json", JSON * 2)
    assert content.notes[0].startswith("gzip opened")
    bomb = content_of(frame(gzip.compress(bytes(5_000_000))), max_opened=1 << 20)
    assert len(bomb.data) == 1 << 20
    assert bomb.faults == ("compressed: only the first 1 MB were opened",)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(gzip.compress(JSON)), ()),
        (gzip.compress(gzip.compress(JSON)), ("content-encoding:gzip",)),
        (gzip.compress(zlib.compress(JSON)), ("content-encoding:deflate, gzip",)),
        (zlib.compress(JSON), ("content-encoding: Deflate",)),
        (gzip.compress(JSON), ("content-encoding:gzip,gzip",)),
        (JSON, ("content-encoding:identity",)),
    ],
)
def test_what_is_compressed_more_than_once_is_opened_as_often(body: bytes, headers: tuple[str, ...]) -> None:
    message = frame(body, *headers)
    content = content_of(message)
    assert (content.kind, content.data, content.faults) == ("json", JSON, ())
    assert preview(message, 30).startswith(JSON[:8].decode())


def test_a_bomb_within_a_bomb_is_not_opened_for_ever() -> None:
    data = b"deep"
    for _ in range(9):
        data = gzip.compress(data)
    assert content_of(frame(data)).kind == "bin"


def test_broken_compression_shows_what_there_is() -> None:
    whole = gzip.compress(random.Random(1).randbytes(50) + JSON * 2)
    early = content_of(frame(whole[:-12]))
    assert early.faults == ("the compressed data ends too early",)
    letters = bytes(ord("a") + byte % 26 for byte in random.Random(2).randbytes(400_000))
    packed = gzip.compress(letters)
    broken = content_of(frame(packed[:200_000] + b"\xff" * 40 + packed[200_040:]))
    assert letters.startswith(broken.data[:100_000])
    assert len(broken.data) > 100_000
    assert broken.faults[0].startswith("the compressed data is broken")
    behind = content_of(frame(gzip.compress(JSON) + b"\x1f\x8brubbish"))
    assert (behind.data, behind.faults) == (JSON, ("bytes behind the compressed data are left out",))
    assert text_of(frame(b"hello", "content-encoding:gzip")) == (
        "hello",
        "content-encoding says compressed, but it cannot be decompressed",
    )


@given(st.binary(max_size=3000), st.integers(1, 50), st.sampled_from([31, 15, -15]))
def test_whatever_was_compressed_comes_back(data: bytes, times: int, window: int) -> None:
    packer = zlib.compressobj(wbits=window)
    packed = packer.compress(data * times) + packer.flush()
    assert open_all(packed, 1 << 20) == (data * times, "")
    assert (data * times).startswith(open_start(packed[:500], 100))
