"""zstd, and gzip in Base64: opened like gzip, within a limit, and said."""

from __future__ import annotations

import base64
import gzip
import os
import time

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from stomptui.journal import decompression, zstd
from stomptui.journal.body import content_of, kind_of, preview
from stomptui.journal.decompression import open_all, open_start
from stomptui.journal.search.shown_text import frame_texts, small_text
from stomptui.protocol.frame import Frame

JSON = b'{"order": 7, "state": "sent"}'


def packed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def frame(body: bytes, *headers: str) -> Frame:
    return Frame("".join(f"{line}\n" for line in ("MESSAGE", *headers)).encode() + b"\n" + body)


def shown(raw: bytes) -> str:
    return "".join(frame_texts(raw, 0, len(raw), "1.2"))


@pytest.mark.parametrize("headers", [(), ("content-encoding:zstd",), ("content-type:application/json",)])
def test_zstd_is_opened_by_its_first_bytes(headers: tuple[str, ...]) -> None:
    message = frame(packed(JSON), *headers)
    content = content_of(message)
    assert (kind_of(message), content.kind, content.data) == ("zstd", "json", JSON)
    assert "zstd opened" in content.notes[0] and not content.faults
    assert preview(message, 12) == '{"order": 7…'
    assert JSON.decode() in shown(message.raw)


def test_a_large_one_has_its_preview_too() -> None:
    message = frame(packed(JSON + os.urandom(200_000).hex().encode()))
    assert preview(message, 20) == '{"order": 7, "state…'


def test_frames_one_after_the_other_are_opened_and_what_is_wrong_is_said() -> None:
    both = packed(b"one") + packed(b"two")
    assert open_all(both, 100) == (b"onetwo", "")
    assert open_all(both[:-3], 100).problem == "the compressed data ends too early"
    assert open_all(both + b"junk", 100) == (b"onetwo", "the compressed data is broken: this is what could be opened")
    assert open_start(both, 2) == b"on"


@given(data=st.binary(max_size=3000), cut=st.integers(0, 3000))
def test_what_was_packed_comes_out_and_what_is_cut_is_never_an_error(data: bytes, cut: int) -> None:
    whole = packed(data)
    assert open_all(whole, 1 << 20) == (data, "")
    for broken in (whole[:cut], whole[:8] + data, zstd.ZSTD_MAGIC + data):
        opened = open_all(broken, 1 << 20)
        assert data.startswith(opened.data) or broken != whole[:cut]
        content_of(frame(broken))


def test_a_bomb_is_opened_as_far_as_the_limit() -> None:
    began = time.monotonic()
    opened = open_all(packed(bytes(1 << 30)), 1 << 20)
    assert (len(opened.data), opened.problem) == (1 << 20, "compressed: only the first 1 MB were opened")
    assert time.monotonic() - began < 5


def test_without_the_library_a_line_says_which_extra_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zstd, "zstd_library", lambda: None)
    monkeypatch.setattr(decompression, "zstd_library", lambda: None)
    message = frame(packed(JSON), "content-encoding:zstd")
    content = content_of(message)
    assert (content.text, content.data, content.faults) == (None, packed(JSON), (zstd.NEEDED,))
    assert "stomptui[views]" in zstd.NEEDED
    assert preview(message, 30).startswith("⟨")
    assert shown(message.raw)


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", ""])
def test_gzip_in_base64_is_opened(content_type: str) -> None:
    body = base64.encodebytes(gzip.compress(JSON * 40, mtime=0))
    message = frame(body, f"content-type:{content_type}")
    content = content_of(message)
    assert (content.kind, content.data) == ("json", JSON * 40)
    assert content.notes[0].startswith("Base64 of gzip opened")
    if content_type != "application/json":
        assert preview(message, 12) == '{"order": 7…'
    assert small_text(message.raw, 0, len(message.raw), "1.2") is None
    assert JSON.decode() in shown(message.raw)


@pytest.mark.parametrize("body", [b"H4sI", b"H4sI hello", b"H4sIAAAA", b"H4sI====", b"H4sIA"])
def test_what_only_begins_like_it_stays_text(body: bytes) -> None:
    assert content_of(frame(body)).data == body
    assert preview(frame(body), 20) == body.decode()
    assert shown(frame(body).raw).endswith(body.decode())
