"""Choosing what the broker is treated as: in the form, kept in the profile, and said in the status bar."""

from __future__ import annotations

from textual.widgets import Select

from stomptui.config.connection import Connection
from stomptui.config.profiles import Profiles
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker


async def test_what_is_chosen_in_the_form_is_kept_in_the_profile(embedded: EmbeddedBroker) -> None:
    Profiles().save("lab", Connection(port=embedded.port, login="guest"))
    asked = Profiles().profile("lab").connection
    async with console(connection=asked, profile="lab", autoconnect=False) as driver:
        await driver.sees("Treat as", "as it says of itself")
        driver.app.screen.query_one("#field-dialect", Select).focus()
        await driver.press("enter", "down", "down", "down", "down", "enter")
        await driver.sees("Spring, simple broker")
        await driver.press("f2")
        await driver.press("enter")
        await driver.until(lambda: Profiles().profile("lab").connection.dialect == "spring", "saved")


async def test_the_status_bar_says_what_was_chosen_and_its_rules_hold(embedded: EmbeddedBroker) -> None:
    chosen = Connection(port=embedded.port, login="guest", passcode="guest", dialect="relay")
    async with console(connection=chosen, autoconnect=True, subscribe=("/queue/q",)) as driver:
        await driver.up()
        await driver.until(lambda: "embedded broker behind Spring (chosen)" in driver.status, "chosen")
        assert driver.watch().keeps_unacknowledged
        await driver.press("s")
        await driver.sees("Destination  ")
        await driver.type_in("/user/queue/x")
        await driver.press("f5")
        await driver.until(lambda: driver.watch(1).reading is not None, "subscribed")
        assert not driver.watch(1).keeps_unacknowledged
