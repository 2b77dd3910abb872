"""What is written of a frame, and what a terminal shows then: the same as if all of every frame were written."""

from __future__ import annotations

import random
from typing import Any

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from pyte import modes
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from stomptui.ui.terminal.cell_widths import contained
from stomptui.ui.terminal.frames import Frames
from stomptui.ui.terminal.sgr import change
from tests.ui.terminal.test_cell_widths import HARD

CONSOLE = Console(color_system="truecolor", force_terminal=True, width=200)
STYLES = [
    None,
    Style(),
    Style(bold=True),
    Style(bold=True, italic=True),
    Style(underline=True, color=Color.from_rgb(1, 2, 3)),
    Style(reverse=True, bgcolor=Color.from_rgb(200, 20, 2)),
    Style(color=Color.from_rgb(1, 2, 3), bgcolor=Color.from_rgb(200, 20, 2)),
    Style(color=Color.parse("red"), bgcolor=Color.parse("bright_blue")),
    Style(color=Color.parse("color(123)"), strike=True),
    Style(bgcolor=Color.parse("default"), color=Color.parse("default")),
]
TEXTS = ["a", "b", " ", "   ", "queue", "12,345", "─", "│", "●", "漢", "字漢字", "あ", "é", "▼ x", "…"]

Row = list[tuple[str, "Style | None"]]


class Painted:
    """A terminal, as far as it is painted on."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.screen.reset_mode(modes.DECAWM)
        self._stream = pyte.Stream(self.screen)
        self.written = 0

    def write(self, text: str) -> None:
        self.written += len(text)
        self._stream.feed(contained(text))

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)

    def scribble(self) -> None:
        """Another program writes."""
        self._stream.feed("\x1b[3;2Hanother program\x1b[0m")

    @property
    def cells(self) -> list[Any]:
        screen = self.screen
        return [screen.buffer[y][x] for y in range(screen.lines) for x in range(screen.columns)]


def strip_of(row: Row, width: int) -> Strip:
    return Strip([Segment(text, style) for text, style in row]).adjust_cell_length(width)


def some_row(chance: random.Random, width: int, texts: list[str]) -> Strip:
    return strip_of([(chance.choice(texts), chance.choice(STYLES)) for _ in range(chance.randint(1, width))], width)


def changed_row(chance: random.Random, strip: Strip, texts: list[str], cut: bool) -> Strip:
    """The same but for a few cells, or from one of its segments on."""
    width = strip.cell_length
    if not cut:
        kept = list(strip)[: chance.randrange(len(list(strip)) + 1)]
        return Strip([*kept, *some_row(chance, width, texts)]).crop(0, width)
    at = chance.randrange(width)
    new = some_row(chance, chance.randint(1, max(1, width - at)), texts)
    return Strip.join([strip.crop(0, at), new, strip.crop(at + new.cell_length, width)]).crop(0, width)


def whole(strips: list[Strip], cut: int) -> LayoutUpdate:
    width = strips[0].cell_length
    lines = [[strip.crop(0, cut), strip.crop(cut, width)] if 0 < cut < width else [strip] for strip in strips]
    return LayoutUpdate(lines, Region(0, 0, width, len(strips)))  # type: ignore[arg-type]


def part(strips: list[Strip], cut: int, spans: list[tuple[int, int, int]]) -> ChopsUpdate:
    """As the compositor makes it: rows that are not painted have no strips."""
    width = strips[0].cell_length
    ends = [cut, width] if 0 < cut < width else [width]
    begins = [0, *ends[:-1]]
    painted = {y for y, _, _ in spans}
    chops = [
        {begin: strip.crop(begin, end) if y in painted else None for begin, end in zip(begins, ends, strict=True)}
        for y, strip in enumerate(strips)
    ]
    return ChopsUpdate(chops, spans, [ends for _ in strips])


def written(frames: Frames, update: CompositorUpdate) -> str:
    return frames.changes(update).render_segments(CONSOLE)


def run(seed: int, texts: list[str], cut_anywhere: bool = True) -> None:
    """Paint a screen that changes, is resized and scribbled on; after each step both terminals show the same.

    Args:
        seed: Of what is painted.
        texts: What rows are made of.
        cut_anywhere: Whether they are cut inside a text.
    """
    chance = random.Random(seed)
    width, height = chance.randint(1, 40), chance.randint(1, 8)
    frames, ours, theirs = Frames(), Painted(width, height), Painted(width, height)
    strips = [some_row(chance, width, texts) for _ in range(height)]
    full = True
    for _ in range(12):
        match chance.randrange(8):
            case 0:
                width, height = chance.randint(1, 40), chance.randint(1, 8)
                for terminal in (ours, theirs):
                    terminal.resize(width, height)
                frames.forget()
                strips = [some_row(chance, width, texts) for _ in range(height)]
                full = True
            case 1:
                for terminal in (ours, theirs):
                    terminal.scribble()
                frames.forget()
                full = True
            case 2:
                strips = [*strips[1:], some_row(chance, width, texts)]
            case _:
                for _ in range(chance.randint(0, 4)):
                    y = chance.randrange(height)
                    strips[y] = changed_row(chance, strips[y], texts, cut_anywhere)
        cut = chance.randrange(width) if cut_anywhere else 0
        everything = whole(strips, cut)
        if full or chance.random() < 0.5:
            ours.write(written(frames, everything))
        else:
            ours.write(written(frames, part(strips, cut, [(y, 0, width) for y in range(height)])))
        full = False
        theirs.write(everything.render_segments(CONSOLE))
        assert ours.cells == theirs.cells


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1 << 32))
def test_shows_the_same_as_whole_frames(seed: int) -> None:
    run(seed, TEXTS)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 1 << 32))
def test_shows_the_same_with_text_that_is_drawn_in_different_widths(seed: int) -> None:
    run(seed, TEXTS + [text[:12] for text in HARD], cut_anywhere=False)


def test_a_number_that_changes_costs_a_few_bytes() -> None:
    frames = Frames()
    style = Style(color=Color.from_rgb(1, 2, 3))

    def row(number: int) -> Strip:
        return strip_of([("● connected  guest@127.0.0.1", style), (f" {number} messages", None)], 80)

    first = written(frames, whole([row(1234)], 0))
    assert len(first) > 80
    assert written(frames, whole([row(1234)], 0)) == ""
    assert written(frames, whole([row(1239)], 0)) == "\x1b[1;33H9"
    frames.forget()
    assert written(frames, whole([row(1239)], 0)) == first.replace("1234", "1239")


def test_a_wide_character_is_written_with_what_it_covers() -> None:
    frames = Frames()
    written(frames, whole([strip_of([("ab漢d", None)], 6)], 0))
    assert written(frames, whole([strip_of([("ab字d", None)], 6)], 0)) == "\x1b[1;3H字"
    assert written(frames, whole([strip_of([("a漢cd", None)], 6)], 0)) == "\x1b[1;2H漢c"


def test_links_are_begun_and_ended() -> None:
    link = Style(link="https://example.org/", bold=True)
    text = written(Frames(), whole([strip_of([("see ", None), ("there", link), (" or not", None)], 16)], 0))
    begin = f"\x1b]8;id={link.link_id};https://example.org/\x1b\\"
    assert text == f"\x1b[1;1Hsee \x1b[1m{begin}there\x1b[0m\x1b]8;;\x1b\\ or not"


def test_a_style_is_changed_by_what_differs() -> None:
    assert change("", "1;38;2;1;2;3") == "\x1b[1;38;2;1;2;3m"
    assert change("38;2;1;2;3;48;5;9", "38;2;1;2;4;48;5;9") == "\x1b[38;2;1;2;4m"
    assert change("31;48;5;9", "48;5;9") == "\x1b[39m"
    assert change("1;31;44", "31;44") == "\x1b[0;31;44m"
    assert change("1;31", "1;4;31") == "\x1b[4m"
    assert change("1;31", "") == "\x1b[0m"
    assert change("1;31", "1;31") == ""


def test_what_is_held_back_is_painted_as_it_is_then() -> None:
    frames = Frames()
    strips = [strip_of([("one", None)], 5), strip_of([("two", None)], 5)]
    frames.hold(part(strips, 0, [(1, 2, 5)]))
    frames.hold(part(strips, 0, [(0, 0, 5)]))
    assert frames.release() == [Region(2, 1, 3, 1), Region(0, 0, 5, 1)]
    assert frames.release() == []
    frames.hold(part(strips, 0, [(1, 2, 5)]))
    frames.hold(whole(strips, 0))
    assert frames.release() == [Region(0, 0, 5, 2)]


def test_a_terminal_that_is_stopped_for_hours_costs_no_memory() -> None:
    strips = [Strip.blank(10) for _ in range(4)]
    frames = Frames()
    for frame in range(5_000):
        frames.hold(part(strips, 0, [(1 + frame % 2, 2, 5)]))
    held = frames.release()
    assert len(held) < 1_000
    assert Region.from_union(held) == Region(2, 1, 3, 2)
    assert frames.release() == []
