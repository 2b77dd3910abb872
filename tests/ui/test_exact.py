"""Text in fields: every character is kept, and what is painted is safe and can be seen."""

from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from stomptui.ui.widgets.text.exact import exact, painted, substitute
from stomptui.ui.widgets.text.fields import ExactField, Field

pytestmark = pytest.mark.timeless

CODES = (*range(0xD800), *range(0xDC80, 0xDD00), *range(0xE000, 0x110000))
"""All there are, bytes that are not UTF-8 included."""
UNSEEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u3164\ufe00\uffa0\U000e0100"


def test_every_character_is_kept_and_none_is_painted_that_is_obeyed_or_hides() -> None:
    text = "a".join(map(chr, CODES))
    held = substitute(text)
    assert exact(held) == text
    shown = painted(held)
    assert len(shown) == len(held) == len(text)
    assert not [char for char in shown if unicodedata.category(char) in UNSEEN or char in FILLERS]
    pictures = zip(text, shown, strict=True)
    odd = "".join(char for char, picture in pictures if char != picture and unicodedata.category(char) != "Cn")
    assert cell_len(painted(substitute(odd))) == cell_len(substitute(odd)), "the cursor is where it seems to be"


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧‍👦",
        "☺️",
        "1️⃣",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "خانه‌ها",
        "क्‍ष",
        "葛\U000e0100",
        "e\u0301",
    ],
)
def test_what_joins_or_shapes_what_is_seen_is_left(text: str) -> None:
    assert painted(substitute(text)) == text


def test_what_joins_nothing_is_shown() -> None:
    assert painted(substitute("pass\u200dword\ufe0f \u200c")) == "pass�word� �"


def test_marks_do_not_leave_their_line() -> None:
    shown = painted(substitute("e" + "\u0301" * 800 + "x"))
    assert len(shown) == 802
    assert shown.count("\u0301") < 10


async def test_fields_of_both_kinds_paint_it_alike() -> None:
    class Two(App[None]):
        def compose(self) -> ComposeResult:
            yield from (kind("a\u3164b\ue000c\U000e0041\u200d\x9b") for kind in (Field, ExactField))

    app = Two()
    async with app.run_test():
        assert app.export_screenshot().count("a�b�c���") == 2
