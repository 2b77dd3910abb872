"""What a terminal draws wider or narrower than was counted stays in its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyte
import pytest
from pyte import modes
from rich import cells

from stomptui.journal.views.lines import TextLines
from stomptui.protocol.clean import clean
from stomptui.ui.terminal.cell_widths import contained
from stomptui.ui.widgets.lines.wrapping import WrappedRows
from stomptui.ui.widgets.text.cells import clusters, count_spacing_marks

HARD = [
    "👨\u200d👩\u200d👧",
    "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏻",
    "👍🏽",
    "❤\ufe0f",
    "🇩🇪",
    "1\ufe0f\u20e3",
    "می\u200cخواهم",
    "कि क्षि",
    "\u1100\u1161\u11a8",
    "葛\U000e0100",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\U0001fae9",
    "e" + "\u0301" * 800,
]


UNCHANGED = getattr(cells, "load_cell_table")  # noqa: B009


def forget_widths() -> None:
    cells.get_character_cell_size.cache_clear()
    cells.cached_cell_len.cache_clear()


@pytest.fixture(autouse=True)
def widths(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rich's own widths, which an app that ran in this process has changed; afterwards they are what they were."""
    monkeypatch.setattr(cells, "load_cell_table", UNCHANGED)
    forget_widths()
    yield
    monkeypatch.undo()
    forget_widths()


def no_zero_width(text: str) -> str:
    """A terminal that knows no joining: every code point that joins or modifies takes a cell of its own."""
    return "".join("@" if char in "\u200d\u200c\ufe0f\u20e3" or 0x900 <= ord(char) <= 0xD7F else char for char in text)


@pytest.mark.parametrize("drawn_as", [str, no_zero_width], ids=["a terminal that drops", "a terminal that widens"])
@pytest.mark.parametrize("text", HARD)
def test_what_stands_beside_it_stays_where_it_is(text: str, drawn_as: Callable[[str], str]) -> None:
    cells = sum(size for _, _, size in clusters(text))
    painted = f"\x1b[3;1H│\x1b[1m{text}\x1b[0m{' ' * (20 - cells)}│tail"
    screen = pyte.Screen(40, 5)
    screen.reset_mode(modes.DECAWM)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[3;30Hright")
    stream.feed(drawn_as(contained(painted)))
    line = screen.buffer[2]
    assert "".join(line[x].data for x in range(21, 26)) == "│tail"
    assert "".join(line[x].data for x in range(29, 34)) == "right"
    assert line[0].data == "│"


@pytest.mark.parametrize("text", HARD)
def test_at_the_end_of_a_part_it_does_not_reach_over_the_next(text: str) -> None:
    cells = sum(size for _, _, size in clusters(text))
    screen = pyte.Screen(40, 5)
    screen.reset_mode(modes.DECAWM)
    stream = pyte.Stream(screen)
    stream.feed(f"\x1b[3;{10 + cells}H│next")
    stream.feed(no_zero_width(contained(f"\x1b[3;10H{text}")))
    line = screen.buffer[2]
    assert "".join(line[x].data for x in range(9 + cells, 14 + cells)) == "│next"


def test_marks_are_limited_and_never_drawn_on_what_stands_before() -> None:
    assert contained("\x1b[1;1He" + "\u0301" * 800 + "x") == "\x1b[1;1He" + "\u0301" * 6 + "x"
    assert contained("\x1b[1;1H\x1b[1m\u0301abc") == "\x1b[1;1H\x1b[1mabc"


def test_what_every_terminal_draws_alike_is_written_as_it_is() -> None:
    for text in ("plain", "╭────────────╮", "žluť 日本 😀 e\u0301", "привет", "\x1b[?2004h", "שלום"):
        data = f"\x1b[2;2H\x1b[38;2;1;2;3m{text}\x1b[0m"
        assert contained(data) == data


def test_no_sequence_is_folded_in_two() -> None:
    text = clean("👨\u200d👩\u200d👧" * 30 + "🇩🇪" * 30 + "कि" * 30)
    for width in (2, 3, 5, 7, 11):
        rows = WrappedRows(TextLines(text), width)
        rows.look_ahead(1000, 1.0)
        folded = ["".join(part for part, _ in rows.row(number)) for number in range(rows.count)]
        assert "".join(folded) == text
        for row in folded:
            assert sum(size for _, _, size in clusters(row)) <= width
            assert not row.startswith(("\u200d", "👩", "👧", "\u093f"))
            assert row.count("🇩") == row.count("🇪")


@pytest.mark.parametrize(
    ("environment", "size"),
    [
        ({"TERM": "xterm-256color"}, 2),
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}, 1),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "TMUX": "/tmp/tmux-0/default,1,0"}, 2),
    ],
)
def test_vowel_signs_that_stand_beside_their_letter_have_a_cell_where_the_terminal_gives_them_one(
    environment: dict[str, str], size: int
) -> None:
    count_spacing_marks(environment)
    assert cells.cell_len("कि") == size
    assert list(clusters("किं")) == [(0, 3, size)]
    assert cells.cell_len("e\u0301 日 👨\u200d👩\u200d👧 ❤\ufe0f") == 1 + 1 + 2 + 1 + 2 + 1 + 2
    rest = f"\x1b[1;1Hकि{' ' * (4 - size)}│"
    assert contained(rest).endswith(f"कि\x1b[1;{1 + size}H{' ' * (4 - size)}│")
