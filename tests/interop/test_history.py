"""The history of what was sent has the broker's own answer."""

from __future__ import annotations

from functools import partial

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.sent_draft import Became
from tests.interop.conftest import Place
from tests.support.console import Driver, console


def sent_or_asked(driver: Driver, known: int) -> bool:
    return len(driver.app.history.entries) > known or "Send it anyway" in driver.screen


def settled(driver: Driver, known: int) -> bool:
    entries = driver.app.history.entries
    return len(entries) > known and entries[-1].became is not Became.UNKNOWN


async def test_confirmed_and_refused_is_remembered_with_the_words_of_the_broker(place: Place) -> None:
    place.empty("test")
    async with console(place.port) as driver:
        await driver.up()
        history = driver.app.history
        for draft in (Draft("/queue/test", [HeaderLine("x", "1")], "a"), Draft("/exchange/nope/x")):
            known = len(history.entries)
            driver.app.console_screen.composing.edit(draft)
            await driver.press("f5")
            await driver.until(partial(sent_or_asked, driver, known), "a word")
            if len(history.entries) == known:
                await driver.press("y")
            await driver.until(partial(settled, driver, known), "what became of it")
        assert [each.became for each in history.entries] == [Became.CONFIRMED, Became.REFUSED]
        assert "no exchange 'nope'" in history.entries[1].words
        assert history.entries[1].sending.where == f"127.0.0.1:{place.port}"
