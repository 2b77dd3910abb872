"""No text off the wire can do anything to a terminal but be read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.protocol.clean import clean

ANY = st.text(st.characters() | st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]))


@given(ANY)
def test_nothing_that_acts_on_a_terminal_comes_through(text: str) -> None:
    shown = clean(text)
    assert len(shown) == len(text) - text.count("\ufe0f")
    for character in shown:
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        assert not 0xFE00 <= ord(character) <= 0xFE0F


@given(ANY)
def test_only_what_is_asked_for_is_kept(text: str) -> None:
    assert clean(text, keep="\n\t").replace("\n", "␊").replace("\t", "␉") == clean(text)
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [/b] text", "plain [/b] text"),
        ("žluť € 😀 日本", "žluť € 😀 日本"),
        ("\x1b[2J\x00\r\n\t\x7f", "␛[2J␀␍␊␉␡"),
        ("\x9b2J\x85", "�2J�"),
        ("a\u202eb\u2066c\u200bd\ufeffe\u00adf", "a�b�c�d�e�f"),
        ("\udcff\ud800", "��"),
        ("e\u0301 \u00a0\u3000", "e\u0301 \u00a0\u3000"),
        ("\u3164\ufe01\U000e0041", "���"),
        ("❤\ufe0f", "❤"),
    ],
)
def test_what_is_shown_instead(text: str, shown: str) -> None:
    assert clean(text) == shown
