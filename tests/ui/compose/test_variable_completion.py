"""Variables complete what is typed after two braces, in each place that they are filled in."""

from __future__ import annotations

import pytest

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.variables.functions import OFFERED
from stomptui.compose.variables.offering import opened, put_in
from stomptui.ui.widgets.compose.body_file import BodyPlaceholder
from stomptui.ui.widgets.text.completion_list import CompletionList
from stomptui.ui.widgets.text.editor import Editor
from tests.ui.compose.compose_bench import Hand, bench
from tests.ui.waiting import until


def shown(hand: Hand) -> list[str]:
    found = list(hand.pilot.app.screen.query(CompletionList))
    return [word.text for word in found[0].words] if found and found[0].display else []


async def test_a_variable_is_chosen_in_the_destination_and_typing_goes_on_behind_it() -> None:
    async with bench() as hand:
        await hand.go("#destination")
        await hand.type("/queue/{{")
        await until(lambda: shown(hand) == list(OFFERED), lambda: shown(hand))
        await hand.type("co")
        await until(lambda: shown(hand) == [], lambda: shown(hand))
        await hand.press("right")
        await until(lambda: hand.draft.destination == "/queue/{{counter}}", lambda: hand.draft.destination)
        await hand.type(".{{")
        await hand.press("down", "down", "enter")
        await until(lambda: hand.draft.destination == "/queue/{{counter}}.{{now}}", lambda: hand.draft.destination)


async def test_in_the_body_it_goes_where_the_cursor_is() -> None:
    async with bench(Draft("/q", body='{"id": "", "at": ""}', variables=True)) as hand:
        await hand.go("#body")
        editor = hand.pane.query_one("#body", Editor)
        editor.move_cursor((0, 8))
        await hand.type("{{u")
        await until(lambda: shown(hand) == ["{{uuid}}"], lambda: shown(hand))
        await hand.press("down", "enter")
        await until(lambda: hand.draft.body == '{"id": "{{uuid}}", "at": ""}', lambda: str(hand.draft.body))
        assert shown(hand) == []
        await hand.type("{{")
        await until(lambda: len(shown(hand)) > 5)
        await hand.press("escape")
        await until(lambda: shown(hand) == [])
        assert editor.has_focus
        await hand.press("enter")
        await until(lambda: editor.document.line_count == 2)


async def test_header_values_have_them_too_and_a_set_gives_more() -> None:
    async with bench(Draft("/q", [HeaderLine("x", "a-")], variables=True)) as hand:
        hand.pane.use_values("local", {"shop": "berlin"})
        await hand.go("HeaderRow #value")
        await hand.press("end")
        await hand.type("{{s")
        await until(lambda: hand.lines == [("x", "a-{{s", True)])
        await hand.press("right")
        await until(lambda: hand.lines == [("x", "a-{{shop}}", True)], lambda: str(hand.lines))


async def test_nothing_is_offered_where_nothing_is_filled_in() -> None:
    async with bench(Draft("/q", body=b"\xff{{uuid}}", variables=True)) as hand:
        about = hand.pane.query_one(BodyPlaceholder)
        await until(lambda: "{{…}} in it is not filled in" in str(about.render()), lambda: str(about.render()))
        hand.pane.load(Draft("/q", body=""))
        await hand.go("#body")
        await hand.type("{{")
        await until(lambda: hand.draft.body == "{{")
        assert shown(hand) == []


@pytest.mark.parametrize(
    ("before", "typed"),
    [
        ("{{", ""),
        ("a {{now +5", "now +5"),
        ("{{uuid}} {{", ""),
        ("{{uuid}}", None),
        ("{{{{", None),
        ("{", None),
        ("{{" + "x" * 70, None),
    ],
)
def test_what_is_being_typed_is_told_from_what_is_finished(before: str, typed: str | None) -> None:
    found = opened(before)
    assert (found.typed if found else None) == typed


def test_braces_that_are_closed_already_are_not_closed_twice() -> None:
    [word] = put_in("a {{uu}} b", 6)
    assert (word.whole, word.cursor) == ("a {{uuid}} b", 10)
