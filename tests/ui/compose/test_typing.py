"""What is typed or pasted into the compose pane's fields is kept to the character."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.ui.widgets.compose.frame_preview import frame_content
from stomptui.ui.widgets.text.editor import Editor
from stomptui.ui.widgets.text.exact import painted
from stomptui.ui.widgets.text.fields import ExactField, Field
from tests.ui.compose.compose_bench import Bench, Hand, bench
from tests.ui.waiting import until

TEXT = "é日本\u3000\u00a0😀👩‍👩‍👧e\u0301"


@pytest.mark.parametrize("selector", ["#destination", "#body", "HeaderRow #name", "HeaderRow #value", "#path"])
async def test_any_character_can_be_typed_and_erased(selector: str) -> None:
    async with bench(Draft("", [HeaderLine()])) as hand:
        if selector == "#path":
            await hand.press("f3")
        await hand.go(selector)
        await hand.feed(TEXT)
        await until(lambda: isinstance(hand.pane.query(selector).first(), (ExactField, Editor)))
        field = hand.pane.query(selector).first()
        assert isinstance(field, (ExactField, Editor))
        assert field.exact == TEXT
        await hand.feed("\x7f\x08")
        await until(lambda: field.exact == TEXT[:-2])
        await hand.press("home", "delete", "right", "x")
        await until(lambda: field.exact == "日x" + TEXT[2:-2])


async def test_a_paste_of_many_lines_is_text_and_never_a_command() -> None:
    pasted = "q\rs\r\nx\nquit\n"
    async with bench(Draft("/q", [HeaderLine("a", "")])) as hand:
        await hand.go("#body")
        await hand.paste(pasted)
        await until(lambda: hand.draft.body == "q\ns\nx\nquit\n")
        await hand.go("HeaderRow #value")
        await hand.paste(pasted)
        await until(lambda: hand.lines == [("a", "q\ns\nx\nquit", True)])
        await until(lambda: "\\n" in hand.shown("HeaderRow #note"))
        await hand.go("#destination")
        await hand.paste("\n\n")
        await until(lambda: hand.draft.destination == "/q\n")
        await until(lambda: hand.sent() == [])
        await until(lambda: isinstance(hand.pilot.app, Bench) and hand.pilot.app.shouts == 0)
        app = hand.pilot.app
        assert isinstance(app, Bench) and app.shouts == 0


HOSTILE = "\x1b[2J\x9b31m\u202eevil\u202c\x07[/red]\u2028\r\x00\ttail\x85\ufeff"


async def test_hostile_text_is_kept_exactly_and_painted_harmlessly() -> None:
    draft = Draft(HOSTILE, [HeaderLine(HOSTILE, HOSTILE + "\udcff\n")], HOSTILE + "\nnext")
    async with bench(draft.copy(), size=(160, 40)) as hand:
        assert hand.draft == draft
        for selector in ("#body", "#destination", "HeaderRow #value"):
            await hand.go(selector)
            await hand.press("end", "a", "backspace")
        assert hand.draft == draft
        screen = hand.pilot.app.export_screenshot()
        for char in "\x1b\x9b\u202e\x07\u2028\x00\x85":
            assert char not in screen
        assert "\x1b" not in frame_content(draft, "1.2", "1").plain
        assert not any(ch in painted(HOSTILE) for ch in "\x1b\u202e\u2028\x85")


@pytest.mark.parametrize("body", ["a\r\nb\r\n", "a\nb\r\n", "a\rb", "a\u2028b\x0bc\x1cd", "\n", "\r\n\r\n", ""])
async def test_line_ends_survive_an_edit(body: str) -> None:
    async with bench(Draft("/q", body=body)) as hand:
        await hand.go("#body")
        await hand.press("x")
        await until(lambda: hand.draft.body == "x" + body)
        await hand.press("ctrl+z")
        await until(lambda: hand.draft.body == body)


async def test_accents_arrive_in_the_frame() -> None:
    async with bench(Draft("/q", [HeaderLine("name", "")], receipt=False)) as hand:
        await hand.go("HeaderRow #value")
        await hand.feed("é日本😀e\u0301")
        await hand.go("#body")
        await hand.feed("\x1b[200~é\r日本 😀\re\u0301\x1b[201~")
        await hand.press("ctrl+home", "delete", "ctrl+end", "ctrl+h")
        await hand.press("f5")
        await until(lambda: len(hand.sent()) == 1)
        [draft] = hand.sent()
        assert draft.encode("1.2") == (
            "SEND\ndestination:/q\nname:é日本😀e\u0301\ncontent-length:14\n\n\n日本 😀\ne\0".encode()
        )


async def test_a_wide_character_takes_two_cells_and_the_cursor_stays_with_it() -> None:
    async with bench(Draft("日本e", body="日本e")) as hand:
        for selector in ("#destination", "#body"):
            await hand.go(selector)
            await until(lambda: isinstance(hand.pane.query_one(selector), (ExactField, Editor)))
            field = hand.pane.query_one(selector)
            assert isinstance(field, (ExactField, Editor))
            await hand.press("home")
            start = field.cursor_screen_offset.x
            await hand.press("right")
            await until(lambda: field.cursor_screen_offset.x - start == 2)
            await hand.press("right")
            await until(lambda: field.cursor_screen_offset.x - start == 4)


class Line(App[None]):
    """A field for what is no part of a message, such as a filter."""

    def compose(self) -> ComposeResult:
        yield Field()


async def test_a_plain_field_takes_the_same_and_joins_pasted_lines() -> None:
    app = Line()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.feed(TEXT + "\x7f\x08")
        await until(lambda: app.query_one(Field).value == TEXT[:-2])
        field = app.query_one(Field)
        assert field.value == TEXT[:-2]
        await hand.press("home")
        await hand.paste("q\r\n x\r\x07y")
        await until(lambda: field.value == "q x y" + TEXT[:-2])
