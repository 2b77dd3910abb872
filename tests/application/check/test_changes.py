"""What became of a body or a value is said in words, without bytes literals."""

from __future__ import annotations

import base64

import pytest

from stomptui.application.check.changes import as_sent, how_changed

ALL = bytes(range(256))


@pytest.mark.parametrize(
    ("came", "words"),
    [
        (ALL.decode("utf-8", "replace").encode(), "bytes that are no UTF-8 were replaced"),
        (ALL.decode("latin-1").encode(), "each byte was taken for a character of Latin-1"),
        (ALL[:128] + b"?" * 128, "bytes that are no ASCII became question marks"),
        (base64.b64encode(ALL), "as Base64"),
        (ALL[1:], "NULs are gone"),
        (ALL[:128], "bytes that are no UTF-8 are gone"),
        (ALL[:5], "it is cut after 5 bytes"),
        (b"", "the body is gone"),
        (ALL + b"\n", "something was added at the end"),
        (ALL[:7] + b"x" + ALL[8:], "they differ from byte 8 on"),
        (b"x\xef\xbf\xbdy", "bytes were replaced"),
    ],
)
def test_what_became_of_all_bytes_is_said_in_words(came: bytes, words: str) -> None:
    assert how_changed(ALL, came) == words


def test_a_body_is_cut_at_a_nul() -> None:
    assert how_changed(b"ab\0cd", b"ab") == "it is cut before a NUL"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a\nb", r"a\nb"), ("a\\cb", r"a\\cb"), ("", "an empty value"), (None, "none: the header is gone"), ("é:", "é:")],
)
def test_a_value_is_shown_as_it_stands_on_the_wire(value: str | None, shown: str) -> None:
    assert as_sent(value) == shown
