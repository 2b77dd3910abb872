"""The help screen: what is to be known where the person is, and the keys that work there."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from stomptui.ui.dialogs.help import HelpScreen
from stomptui.ui.help_texts import TEXTS
from stomptui.ui.keymap.place import Place
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker

pytestmark = pytest.mark.timeless


async def opened(driver: Driver, key: str) -> tuple[str, list[str]]:
    """The text of the help and the titles of its keys; it is closed again."""
    await driver.press(key)
    await driver.until(lambda: isinstance(driver.app.screen, HelpScreen), "the help")
    screen = driver.app.screen
    assert isinstance(screen, HelpScreen)
    titles = [str(title.render()) for title in screen.query(".title").results(Static)]
    await driver.press("escape")
    await driver.until(lambda: not isinstance(driver.app.screen, HelpScreen), "no help")
    return screen._text, titles


async def test_it_says_what_is_to_be_known_where_the_focus_is(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(80, 24)) as driver:
        await driver.up()
        text, titles = await opened(driver, "question_mark")
        assert text.startswith(TEXTS[Place.LOG]) and "Embedded broker. Peek: " in text and "Nack: " in text
        assert titles[0] == "Log" and {"Console", "Console: queues and messages", "Everywhere"} <= set(titles)
        await driver.press("c")
        text, titles = await opened(driver, "f1")
        assert text.startswith(TEXTS[Place.COMPOSE]) and "a receipt proves" in text
        # Letters are text there.
        assert "Compose" in titles and "Console: queues and messages" not in titles


@pytest.mark.parametrize(
    ("key", "place"), [("s", Place.SUBSCRIBE_FORM), ("p", Place.PEEK_FORM), ("D", Place.TRANSFER_FORM)]
)
async def test_forms_have_it_too(embedded: EmbeddedBroker, key: str, place: Place) -> None:
    async with console(embedded.port, size=(80, 24)) as driver:
        await driver.up()
        driver.app.console_screen.log_view.focus()
        await driver.press(key)
        await driver.until(lambda: driver.app.screen.is_modal, "the form")
        text, titles = await opened(driver, "f1")
        assert text == TEXTS[place]
        assert titles == [place.value]


async def test_it_begins_with_the_pane_and_narrows_as_one_types(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(80, 24)) as driver:
        await driver.up()
        await driver.press("question_mark")
        await driver.sees("type to find a key", "Show the newest as it comes")
        await driver.type_in("dead letter")
        await driver.sees("Move a dead letter back")
        assert "Show the newest as it comes" not in driver.screen and "Embedded broker. Peek: " in driver.screen
        await driver.type_in(" nowhere")
        await driver.sees("No key here has that")
        # The first one clears the field.
        await driver.press("escape")
        await driver.sees("Show the newest as it comes")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "the console")
        await driver.press("question_mark")
        await driver.sees("type to find a key")
        await driver.press("question_mark")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "the console again")


async def test_every_key_of_an_action_is_told_once(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(100, 30)) as driver:
        await driver.up()
        await driver.press("c", "f1")
        await driver.sees("^^ shift+f4", "^] shift+f5", "^_ shift+f2", "f5 ^g")
