"""How a frame is written in raw mode, and what bytes it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from stomptui.compose.kept_raw_frame import KeptRawFrame, without_secrets
from stomptui.compose.raw_frame import facts_of, to_bytes, to_text
from stomptui.config.secret_names import MASK
from stomptui.protocol.raw_pieces import raw_pieces

ALL = bytes(range(256)) + "ü😀\u202e\u200b\u0085^x41^@".encode()


def test_every_byte_can_be_written_and_comes_back() -> None:
    text = to_text(ALL)
    assert to_bytes(text) == ALL
    assert all(char == "\n" or char.isprintable() for char in text)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("SEND\na:\\t\\c\n\nü^@", b"SEND\na:\\t\\c\n\n\xc3\xbc\0"),
        ("^M\n^I^[^?^xff^xC3", b"\r\n\t\x1b\x7f\xff\xc3"),
        ("^^@ ^^ 2^8 ^x4 ^m", b"^@ ^ 2^8 ^x4 ^m"),
    ],
)
def test_what_is_typed_is_what_goes_out(text: str, data: bytes) -> None:
    assert to_bytes(text) == data


@pytest.mark.parametrize(
    ("data", "said", "warned"),
    [
        (b"SEND\ndestination:/queue/a\n\nhi\0", "30 bytes, 1 frame", ""),
        (b"SEND\ndestination:/queue/a\n\nhi", "29 bytes, 1 frame", "no NUL (^@) at the end"),
        (b"SEND\ncontent-length:3\n\na\0b\0\n\nACK\n\n\0", "35 bytes, 2 frames", ""),
        (b"SEND\ncontent-length:9\n\nhi\0", "26 bytes, 1 frame", "content-length says 9, the body has 2"),
        (b"FOO\n\n\0", "6 bytes, 1 frame", "'FOO' is no command of STOMP"),
        (b"", "0 bytes, no frame", "there is nothing to send"),
        (b"\n\r\n", "3 bytes, no frame", ""),
    ],
)
def test_what_is_about_to_be_sent_is_said(data: bytes, said: str, warned: str) -> None:
    facts = facts_of(data)
    assert facts.text == said
    assert facts.warning.startswith(warned)
    assert bool(facts.warning) == bool(warned)


def test_a_length_that_is_wrong_ends_no_frame() -> None:
    assert [piece.raw[-1:] for piece in raw_pieces(b"SEND\ncontent-length:99\n\na\0SEND\n\nb\0")] == [b"a", b"b"]
    assert [piece.ended for piece in raw_pieces(b"SEND\n\na\0SEND\n\nb")] == [True, False]


def test_what_was_typed_is_there_again_with_its_secrets_masked(tmp_path: Path) -> None:
    text = "SEND\ntoken:hush\na:1\n\ntoken:in the body^@\nSEND\npasscode:hush\n\nx"
    masked = "SEND\ntoken:••••••\na:1\n\ntoken:in the body^@\nSEND\npasscode:••••••\n\nx"
    assert without_secrets(text) == masked
    assert "body" not in without_secrets(text, bodies=False)
    first, second = KeptRawFrame(tmp_path), KeptRawFrame(tmp_path)
    assert first.keep(text) is None
    [file] = tmp_path.glob("raw-*.txt")
    assert (file.stat().st_mode & 0o777, file.read_text(encoding="utf-8")) == (0o600, masked)
    # A console that lives keeps its own.
    assert second.take_up() == ""
    first.close()
    assert second.take_up() == masked
    second.keep("")
    second.close()
    assert KeptRawFrame(tmp_path).take_up() == ""
    third = KeptRawFrame(tmp_path, lambda: "not at all")
    third.keep(text)
    assert not list(tmp_path.glob("raw-*.txt"))


@pytest.mark.parametrize(
    "line",
    ["x-api-key\\c:S3CR3T", "pass^x77ord:S3CR3T", "a^x0apassword:S3CR3T", "a:^x42earer S3CR3T", "a:b^x00token:S3CR3T"],
)
def test_a_secret_is_one_however_its_name_is_typed(line: str) -> None:
    assert without_secrets(f"SEND\n{line}\nb:c\n\nx^@") == f"SEND\n{line.partition(':')[0]}:{MASK}\nb:c\n\nx^@"


def test_bodies_that_are_not_kept_end_where_the_next_frame_begins() -> None:
    assert without_secrets("SEND\n\none^x00SEND\ntoken:S3CR3T\n\ntwo^@", bodies=False) == (
        f"SEND\n\n^x00SEND\ntoken:{MASK}\n\n^@"
    )
