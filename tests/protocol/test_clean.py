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
    for before, character in zip(" " + shown, shown, strict=False):
        if character in "\u200c\u200d" or "\U000e0020" <= character <= "\U000e007f":
            # Seen in what it joins or parts; never at the beginning, and never on ASCII.
            assert not before.isascii()
        elif not "\U0001f000" <= character <= "\U0001faff":
            assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


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
        ("k\ufe0f", "k"),
        ("a\u200db\u200cc", "a�b�c"),
        ("\u200d👨 👨\u200d", "�👨 👨�"),
        ("k\u200d👨", "k�👨"),
        ("می\u200c\u200cخ", "می\u200c�خ"),
        ("سلام\u200f \u202eabc\u202c", "سلام� �abc�"),
        ("ภาษา\u200bไทย", "ภาษาไทย"),
        ("e" + "\u0301" * 800 + "x", "e" + "\u0301" * 6 + "�x"),
        ("ก" + "\u0e4a" * 50 + "ข", "ก" + "\u0e4a" * 6 + "�ข"),
        ("\u1100" + "\u1161" * 50, "\u1100" + "\u1161" * 6 + "�"),
        ("\u0301 on nothing", "\u25cc\u0301 on nothing"),
        ("────────────", "────────────"),
    ],
)
def test_what_is_shown_instead(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧",
        "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏻",
        "🏳\ufe0f\u200d🌈 👁\ufe0f\u200d🗨\ufe0f",
        "👍🏽 ❤\ufe0f ⌚\ufe0e",
        "🇩🇪🇫🇷",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "1\ufe0f\u20e3",
        "می\u200cخواهم",
        "क्षि क्\u200dष क्\u200cष",
        "ශ්\u200dරී ලංකා",
        "葛\U000e0100城",
        "ᠮᠣᠩᠭᠣᠯ\u180b",
        "Tiếng Việt, שָׁלוֹם, རྒྱུད",
        "\U0001fae9 of a newer Unicode than Python's",
    ],
)
def test_what_is_drawn_as_one_stays_whole(text: str) -> None:
    assert clean(text) == text
    assert clean(f'{{"x":"{text}"}}') == f'{{"x":"{text}"}}'


def test_a_chain_of_joined_emoji_ends() -> None:
    chain = clean("👨" + "\u200d👨" * 800)
    assert all(part.count("\u200d") <= 5 for part in chain.split("�"))
