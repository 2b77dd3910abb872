"""The list of what else can be done with the draft."""

from __future__ import annotations

from textual.widgets import OptionList

from stomptui.compose.draft import Draft
from stomptui.ui.console.compose_actions import ACTIONS
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker


async def test_the_menu_narrows_as_one_types_and_does_what_is_chosen(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("c")
        driver.app.console_screen.pane.load(Draft("/queue/menu", [], "hello"))
        await driver.press("ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        for action in ACTIONS[:4]:
            await driver.sees(action.label)
        await driver.press(*"copy as", "enter")
        await driver.sees("Copy the message as what?")
        await driver.press("escape", "ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.press(*"python")
        await driver.sees("Copy as…")
        await driver.press(*["backspace"] * 6, *"no such thing", "enter")
        await driver.sees("no such thing")
        await driver.press("escape")
        await driver.until(lambda: driver.app.console_screen.pane.has_focus_within, "back in the pane")


async def test_what_cannot_be_done_now_says_why_and_is_not_chosen(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(120, 40)) as driver:
        await driver.up()
        await driver.press("c", "ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.type_in("commit")
        await driver.sees("not now: no transaction is open")
        # The one that can be done stands before it.
        assert driver.app.screen.query_one(OptionList).highlighted == 0
        await driver.press("enter")
        await driver.until(lambda: driver.app.console_screen.console.transactions.open is not None, "begun")
        await driver.press("ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.type_in("put it back")
        await driver.until(lambda: not driver.app.screen.query_one(OptionList).option_count, "nothing of a repair")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "left")


def test_every_action_has_a_name_of_its_own() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert len({action.label for action in ACTIONS}) == len(ACTIONS)


def test_every_note_is_shown_whole_in_80_columns() -> None:
    assert max(len(action.label) for action in ACTIONS) <= 34
    assert [action.note for action in ACTIONS if len(action.note) > 32] == []
