"""The check on the screen: answers come as they are found, it can be stopped, copied and made thorough."""

from __future__ import annotations

import pytest

from stomptui.application.check import runner
from stomptui.application.check.registry import QUESTIONS
from stomptui.config.connection import Connection
from stomptui.config.environment import Environment
from stomptui.config.profiles import Profiles
from stomptui.ui.check.screen import CheckScreen
from tests.faults.servers import CONNECTED, Peer, serving
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker

FEW = tuple(each for each in QUESTIONS if each.key in ("name", "receipt-BEGIN", "header-repeats", "nack"))


@pytest.fixture(autouse=True)
def _few_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner.Check.__init__, "__defaults__", (False, 2.0, FEW))


async def opened(driver: Driver) -> None:
    await driver.up()
    await driver.press("i")
    await driver.until(lambda: isinstance(driver.app.screen, CheckScreen), "the check")


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_check_shows_its_answers_and_can_be_copied_and_left(
    embedded: EmbeddedBroker, size: tuple[int, int]
) -> None:
    async with console(embedded.port, size=size) as driver:
        await opened(driver)
        await driver.sees("Receipts", "RECEIPT for BEGIN", "only the first one", "t asks more", "4 answers")
        await driver.press("y")
        await driver.until(lambda: "only the first one" in driver.app.clipboard, "copied")
        assert driver.app.clipboard.startswith("stomptui/")
        await driver.press("escape")
        await driver.until(lambda: not isinstance(driver.app.screen, CheckScreen), "back")


async def test_more_is_asked_after_a_yes_and_what_may_stay_is_said(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await opened(driver)
        await driver.sees("t asks more")
        await driver.press("t")
        await driver.sees("Check thoroughly?", "it may make a dead letter")
        await driver.press("y")
        await driver.sees("NACK returns a message", "it comes again at once", "May stay on the broker, empty")


async def test_what_was_learnt_is_kept_in_the_profile(embedded: EmbeddedBroker) -> None:
    saved = Connection(port=embedded.port, login="guest", no_receipts=("SEND",))
    Profiles().save("mine", saved)
    async with console(embedded.port, profile="mine") as driver:
        await opened(driver)
        await driver.sees("4 answers")
        await driver.press("k")
        await driver.until(lambda: Profiles().load("mine").no_receipts == (), "kept")
        await driver.until(lambda: any("no receipts for nothing: all is confirmed" in each for each in driver.told))
    async with console(embedded.port) as driver:
        await opened(driver)
        await driver.press("k")
        await driver.until(lambda: any("not saved as a profile" in each for each in driver.told))


async def test_on_a_read_only_connection_nothing_is_sent(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, environment=Environment(read_only=True)) as driver:
        await opened(driver)
        await driver.sees("recognised as embedded broker", "the connection is read-only", "4 answers")
        await driver.press("t")
        await driver.until(lambda: any("This connection is read-only" in told for told in driver.told), "told")
        assert isinstance(driver.app.screen, CheckScreen)


async def test_a_check_of_a_silent_server_can_be_stopped() -> None:
    def script(peer: Peer) -> None:
        peer.handshake(CONNECTED)
        peer.wait_closed()

    with serving(script) as port:
        async with console(port) as driver:
            await opened(driver)
            await driver.sees("RECEIPT for BEGIN: BEGIN with a receipt header…")
            await driver.press("escape")
            await driver.sees("Not all was asked: you stopped it")
            await driver.press("escape")
            await driver.until(lambda: not isinstance(driver.app.screen, CheckScreen), "back")
