"""What the filter matches is marked in the rows and in the message, and its words and count stay in sight."""

from __future__ import annotations

import pytest
from textual.widget import Widget

from stomptui.journal.search.row_filter import FilterProblem, RowFilter
from stomptui.journal.search.word_filter import WordFilter
from stomptui.ui.widgets.lines.lines_view import LinesView
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker

pytestmark = pytest.mark.timeless


def marked(widget: Widget, component: str) -> list[str]:
    """What is painted on the background of a match, line by line."""
    style = widget.get_component_rich_style(component)
    segments = [segment for y in range(widget.size.height) for segment in widget.render_line(y)]
    return [each.text for each in segments if each.style and each.style.bgcolor == style.bgcolor]


def in_rows(driver: Driver) -> list[str]:
    return marked(driver.app.console_screen.log_view, "message-log--hit")


def in_message(driver: Driver) -> list[str]:
    return marked(driver.app.console_screen.query_one("#detail-lines", LinesView), "lines-view--match")


async def test_matches_are_marked_in_rows_body_and_headers(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/apple",), size=(120, 40)) as driver:
        await driver.up()
        embedded.publish("/topic/apple", '{"kind": "Apple pie"}')
        embedded.publish("/topic/apple", "APPLE, größe")
        await driver.sees("größe")
        await driver.press("slash", *"apple", "enter", "up", "enter")
        await driver.until(lambda: in_rows(driver)[-4:] == ["apple", "Apple", "apple", "APPLE"], str(in_rows(driver)))
        await driver.until(lambda: in_message(driver) == ["Apple"], str(in_message(driver)))
        await driver.sees("4 Hex  “apple”")
        # Finding in the message marks its own.
        driver.app.console_screen.detail.focus_view()
        await driver.press("2")
        await driver.until(lambda: in_message(driver) == ["apple"], str(in_message(driver)))
        await driver.press("1")
        await driver.press("slash", *"pie")
        await driver.until(
            lambda: marked(driver.app.console_screen.query_one("#detail-lines"), "lines-view--hit") == ["pie"]
        )
        assert in_message(driver) == ["Apple"]
        await driver.press("escape")
        await driver.until(lambda: not driver.app.query("FindBar"))
        driver.app.console_screen.log_view.focus()
        await driver.press("escape")
        await driver.until(lambda: "“apple”" not in driver.screen and not in_rows(driver) and not in_message(driver))
        await driver.press("slash")
        await driver.type_in("GRÖSSE")
        await driver.until(lambda: in_rows(driver) == ["größe"], str(in_rows(driver)))


async def test_the_count_and_the_words_stay_in_sight_in_a_narrow_terminal(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",), size=(60, 15)) as driver:
        await driver.up()
        embedded.publish("/topic/a", "one needle")
        await driver.sees("one needle")
        await driver.press("slash", *"needle", "enter")
        await driver.sees("1 matching “needle”")
        # Where the message stands in place of the log, it has the words.
        await driver.press("up", "enter")
        await driver.sees("4 Hex  “needle”")
        await driver.press("escape")
        await driver.sees("1 matching “needle”")
        await driver.press("escape", "slash", *"one needle in a haystack of many words")
        await driver.sees("0 matching “one needle in a haystac…”")


def test_a_match_is_found_where_a_letter_is_two_when_folded() -> None:
    assert WordFilter("s").spans("Maß") == [(2, 3)]
    assert WordFilter("STRASSE").spans("in der Straße 7") == [(7, 13)]
    assert WordFilter("é").spans("cafe\u0301s") == [(3, 5)]
    assert WordFilter("a: b").spans("x a:b, A:  B") == [(2, 5), (7, 12)]
    assert WordFilter("aa").spans("aaaaa") == [(0, 2), (2, 4)]
    assert WordFilter("x").spans("") == []


def of_two_words(text: str) -> RowFilter | FilterProblem:
    """Another language: `=WORD`; anything else is wrong from the place on where it should have had the sign."""
    return WordFilter(text[1:]) if text.startswith("=") else FilterProblem("a filter begins with =", 0, 1)


async def test_another_language_can_take_its_place(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",)) as driver:
        await driver.up()
        driver.app.console_screen.log_view.read_filter = of_two_words
        for body in ("a pear", "an apple"):
            embedded.publish("/topic/a", body)
        await driver.sees("a pear", "an apple")
        await driver.press("slash", "p")
        await driver.sees("^ a filter begins with =", "a pear", "an apple")
        await driver.press("backspace", *"=pear")
        await driver.until(lambda: "an apple" not in driver.screen and in_rows(driver) == ["pear"])
        assert "begins with" not in driver.screen
