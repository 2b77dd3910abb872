"""What is hard to see in a name is shown and said; nothing else is."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from stomptui.protocol.clean import clean, clean_name
from stomptui.protocol.names import hidden_characters, lookalike_warning, shown, without_hidden


@pytest.mark.parametrize(
    "name", ["/queue/orders", "orders", "/queue/my orders", "/topic/a.#", "a::b", "é日本", "A%20b%2Fc", ""]
)
def test_a_name_that_can_be_read_is_left_alone(name: str) -> None:
    assert (shown(name), hidden_characters(name), without_hidden(name), lookalike_warning(name)) == (
        name,
        None,
        name,
        None,
    )


@pytest.mark.parametrize(
    ("name", "painted", "words", "meant"),
    [
        ("/queue/x ", "/queue/x·", "ends in a blank", "/queue/x"),
        ("/queue/x   ", "/queue/x···", "ends in 3 blanks", "/queue/x"),
        (" /queue/x", "·/queue/x", "begins with a blank", "/queue/x"),
        ("/queue/ x", "/queue/·x", "has a blank beside a slash or colon", "/queue/x"),
        ("a ::b", "a·::b", "has a blank beside a slash or colon", "a::b"),
        ("/queue/x\t", "/queue/x␉", "ends in a tab", "/queue/x"),
        ("/queue/x\r\n", "/queue/x␍␊", "ends in a carriage return and a line feed", "/queue/x"),
        ("/queue/x\u00a0", "/queue/x·", "ends in a no-break space (U+00A0)", "/queue/x"),
        ("/queue/x\u3000", "/queue/x·", "ends in an ideographic space (U+3000)", "/queue/x"),
        ("/queue/x\u200b", "/queue/x�", "ends in a zero width space (U+200B)", "/queue/x"),
        ("x\ufeff", "x�", "ends in a zero width no-break space (U+FEFF)", "x"),
        ("x\u00ad", "x�", "ends in a soft hyphen (U+00AD)", "x"),
        ("x\u2028", "x�", "ends in a line separator (U+2028)", "x"),
        ("a\u00a0b", "a·b", "holds a no-break space (U+00A0)", "a b"),
        ("a\u2060b", "a�b", "holds a word joiner (U+2060)", "ab"),
        (" ", "·", "begins with a blank", ""),
    ],
)
def test_what_would_not_be_seen_is_shown_and_said(name: str, painted: str, words: str, meant: str) -> None:
    assert (shown(name), hidden_characters(name), without_hidden(name)) == (painted, words, meant)
    assert lookalike_warning(name) == f"“{painted}” {words}"


def test_every_character_that_leaves_no_mark_is_shown_at_both_ends() -> None:
    """Whatever Unicode calls white space, a control or a format character."""
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        hidden = char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp")
        if hidden:
            for name in (f"/queue/x{char}", f"{char}/queue/x", f"/queue/{char}x"):
                assert clean_name(name) not in ("/queue/x", clean(name) if char == " " else "/queue/x"), ascii(name)
                assert hidden_characters(name), ascii(name)
                assert without_hidden(name) == "/queue/x", ascii(name)


def test_letters_that_look_alike_are_mentioned_and_kept() -> None:
    assert hidden_characters("cafe\u0301") is None
    assert "another name may look the same" in (lookalike_warning("cafe\u0301") or "")
    assert shown("cafe\u0301") == "cafe\u0301"
