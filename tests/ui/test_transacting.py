"""A transaction by hand on the screen: named while it is open, and asked about before it is lost."""

from __future__ import annotations

from stomptui.compose.draft import Draft
from stomptui.compose.sent_draft import Became
from stomptui.config.environment import Environment
from stomptui.ui.connect.screen import ConnectScreen
from stomptui.ui.console.compose_actions import ACTIONS
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker


async def choose(driver: Driver, id: str) -> None:
    driver.app.console_screen.compose_menu.run(next(action for action in ACTIONS if action.id == id))
    await driver.pilot.pause()


async def send(driver: Driver, body: str) -> None:
    driver.app.console_screen.pane.load(Draft("/queue/transacting", [], body))
    await driver.press("ctrl+g")
    await driver.until(lambda: "in transaction" in driver.outcome, "sent")


async def test_it_is_in_sight_and_the_frame_shows_it(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        embedded.publish("/queue/transacting", "there")
        await driver.press("c")
        await choose(driver, "begin")
        await driver.sees("Transaction tx-1: 0 messages", "transaction:tx-1")
        await send(driver, "one")
        await driver.until(lambda: "tx-1: 1 message" in driver.status, "counted")
        await driver.sees("◌ in tx-1")
        await choose(driver, "begin")
        await driver.until(lambda: any("cannot be done now: there is one" in told for told in driver.told), "one only")
        await choose(driver, "request")
        await driver.until(lambda: any("a transaction is open" in told for told in driver.told), "no request")
        await choose(driver, "commit")
        await driver.until(lambda: "committed in" in driver.outcome, "committed")
        await driver.until(lambda: driver.app.history.entries[-1].became is Became.CONFIRMED, "in the history too")
        await driver.until(lambda: "tx-1" not in driver.status, "gone")
        assert "transaction:tx-1" not in driver.screen
        assert embedded.depth("transacting")[0] == 2
        await choose(driver, "commit")
        await driver.until(lambda: any("no transaction is open" in told for told in driver.told), "nothing to commit")


async def test_leaving_and_disconnecting_ask_first(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        embedded.publish("/queue/transacting", "there")
        await driver.press("c")
        await choose(driver, "begin")
        await send(driver, "one")
        await driver.press("escape", "x")
        await driver.sees("Disconnect with an open transaction?", "The broker then aborts it")
        await driver.press("n", "q")
        await driver.sees("A transaction is open. Leave all the same?")
        await driver.press("n", "x")
        await driver.sees("Disconnect with an open transaction?")
        await driver.press("y")
        await driver.until(lambda: any("gone with the connection" in note for note in driver.notes), "said")
        await driver.sees("○ aborted")
        assert embedded.depth("transacting")[0] == 1


async def test_a_read_only_connection_begins_none(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, environment=Environment(read_only=True)) as driver:
        await driver.up()
        await choose(driver, "begin")
        await driver.until(lambda: any("read-only" in told for told in driver.told), "said")
        assert driver.app.console_screen.console.transactions.current is None


async def test_what_was_aborted_or_left_behind_was_not_sent(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        embedded.publish("/queue/transacting", "there")
        await driver.press("c")
        await choose(driver, "begin")
        await send(driver, "one")
        pane, history = driver.app.console_screen.pane, driver.app.history
        assert not pane.open_drafts.active.unsent
        await choose(driver, "abort")
        await driver.until(lambda: history.entries[-1].became is Became.ABORTED, "in the history")
        assert pane.open_drafts.active.unsent
        # Sent again and confirmed, it counts as sent.
        await driver.press("ctrl+g")
        await driver.until(lambda: history.entries[-1].became is Became.CONFIRMED, "confirmed")
        assert not pane.open_drafts.active.unsent
        await choose(driver, "begin")
        await send(driver, "two")
    assert driver.app.history.entries[-1].became is Became.LOST
    assert embedded.depth("transacting")[0] == 2


async def test_connecting_elsewhere_asks_first(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(120, 40)) as driver:
        await driver.up()
        embedded.publish("/queue/transacting", "there")
        await driver.press("c")
        await choose(driver, "begin")
        await send(driver, "one")
        await driver.press("escape", "o")
        await driver.until(lambda: isinstance(driver.app.screen, ConnectScreen), "the form")
        await driver.press("ctrl+g")
        await driver.sees("Connect with an open transaction?", "The broker then aborts it")
        await driver.press("n")
        await driver.sees("not connected: a transaction is open")
        assert driver.app.console_screen.console.transactions.open is not None
        await driver.press("ctrl+g")
        await driver.sees("Connect with an open transaction?")
        await driver.press("y")
        await driver.until(lambda: any("gone with the connection" in note for note in driver.notes), "said")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "connected again")
        await driver.until(lambda: driver.app.history.entries[-1].became is Became.LOST, "in the history")
