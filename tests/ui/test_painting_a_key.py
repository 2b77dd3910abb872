"""What a key in a body costs: the rows that it changed are painted, and nothing is laid out anew."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.screen import Screen

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.ui.widgets.compose.frame_preview import FrameText
from stomptui.ui.widgets.text.editor import Editor
from stomptui.ui.widgets.text.folded_row_painter import row_segments
from tests.ui.compose.compose_bench import Hand, bench
from tests.ui.waiting import until

COLOURS = st.sampled_from(["red", "green", "blue", "black on white", "bold", "on yellow"]).map(Style.parse)
BODY = json.dumps([{"orderId": number, "name": "größe"} for number in range(100)], ensure_ascii=False)


def cells(segments: list[Segment]) -> list[tuple[str, Style | None]]:
    return [(character, segment.style) for segment in segments for character in segment.text]


@st.composite
def rows(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, Style]], list[tuple[int, int, Style]]]:
    """A text, tokens one after the other, and what lies over them."""
    text = draw(st.text(st.sampled_from("ab1{\t 日é😀"), min_size=1, max_size=30))
    places = st.integers(0, len(text))
    edges = sorted(draw(st.sets(places, max_size=12)))
    tokens = [(begin, end, draw(COLOURS)) for begin, end in zip(edges[::2], edges[1::2], strict=False)]
    pairs = draw(st.lists(st.tuples(places, places, COLOURS), max_size=3))
    over = [(min(one, other), max(one, other), style) for one, other, style in pairs]
    return text, tokens, over


@given(rows())
def test_a_row_is_painted_as_a_rich_text_would_be(
    row: tuple[str, list[tuple[int, int, Style]], list[tuple[int, int, Style]]],
) -> None:
    text, tokens, over = row
    base = Style.parse("white on blue")
    rich = Text(text, end="")
    for start, stop, style in (*tokens, *over):
        if start < stop:
            rich.stylize(style, start, stop)
    rich.expand_tabs(4)
    wanted = [(character, base + (style or Style())) for character, style in cells(list(rich.render(Console())))]
    assert cells(list(row_segments(text, tuple(tokens), tuple(over), base, 4))) == wanted


async def typing(hand: Hand, at: int) -> None:
    await hand.go("#body")
    editor = hand.pane.query_one("#body", Editor)
    editor.move_cursor((0, at))
    await until(lambda: editor.cursor_location == (0, at))


def preview(hand: Hand) -> list[str]:
    text = hand.pane.query_one(FrameText)
    return [text.render_line(y).text.rstrip() for y in range(text.size.height)]


@pytest.mark.parametrize(
    "headers",
    [
        [HeaderLine("content-type", "application/json")],
        [HeaderLine("content-type", "application/json"), HeaderLine("priority", "eleven"), HeaderLine("", "no name")],
    ],
)
async def test_a_key_in_a_body_lays_out_nothing(headers: list[HeaderLine], monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Screen[object]] = []
    lay_out = Screen._refresh_layout

    def counting(self: Screen[object], *args: object, **named: object) -> None:
        made.append(self)
        lay_out(self, *args, **named)  # type: ignore[arg-type]

    async with bench(Draft(destination="/queue/a", headers=headers, body=BODY), size=(120, 50)) as hand:
        await typing(hand, 5)
        # What keeps a draft from being sent is said, and the cursor goes there.
        await hand.press("ctrl+g")
        await hand.go("#body")
        await hand.press("a")
        await until(lambda: any('[{"ora' in line for line in preview(hand)), lambda: preview(hand))
        heights = [hand.pane.query_one("#body", Editor).virtual_size.height]
        monkeypatch.setattr(Screen, "_refresh_layout", counting)
        for typed in ("ab", "abc", "abcd"):
            await hand.press(typed[-1])
            await until(lambda typed=typed: any('[{"or' + typed in line for line in preview(hand)))  # type: ignore[misc]
            heights.append(hand.pane.query_one("#body", Editor).virtual_size.height)
        # One row more is the only reason.
        assert len(made) <= len(set(heights)) - 1


async def test_the_preview_follows_a_key_a_width_and_a_selection() -> None:
    async with bench(Draft(destination="/queue/a", body="one\ttwo\n" + "größe " * 60), size=(120, 50)) as hand:
        await typing(hand, 3)
        await hand.press("X")
        await until(lambda: any("oneX    two" in line for line in preview(hand)))
        await until(lambda: "content-length:489" in preview(hand))
        width = hand.pane.query_one(FrameText).size.width
        await hand.pilot.resize_terminal(112, 50)
        await until(lambda: hand.pane.query_one(FrameText).size.width < width)
        await until(lambda: any("größe" in line for line in preview(hand)))
        shown = preview(hand)
        hand.pane.query_one(FrameText).text_select_all()
        await until(lambda: hand.pane.query_one(FrameText).text_selection is not None)
        assert preview(hand) == shown
