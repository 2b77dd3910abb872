"""What may not be kept where it goes needs a yes of its own: a button that has no focus, and more than Enter."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Button

from stomptui.broker.queues.declaring import Heard
from stomptui.broker.queues.rabbitmq import EmbeddedAccess
from stomptui.broker.queues.rabbitmq_keeping import Settings
from stomptui.protocol.jsonl import Message
from stomptui.ui.screens.order import OrderScreen
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_peeking import fill, order, peek
from tests.ui.test_transferring import form
from tests.ui.waiting import until


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch, embedded: EmbeddedBroker) -> None:
    """A queue that is said to keep three messages."""

    def told(access: EmbeddedAccess, name: str, heard: Heard, wait: bool = True) -> tuple[Settings, str]:
        return Settings("classic", {"max-length": 3} if name == "short" else {}, {}), ""

    monkeypatch.setattr(EmbeddedAccess, "_settings", told)
    embedded.call(lambda: embedded.broker.declare("short"))


async def test_enter_and_the_key_alone_do_not_move_what_may_not_be_kept(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=4)
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press("asterisk")
        screen = await order(driver, "m", "/queue/short")
        await driver.sees("⚠ /amq/queue/short keeps at most 3 messages", "Move anyway")
        button = screen.query_one("#order-yes", Button)
        assert not button.has_focus
        for key in ("enter", "f5", "enter", "ctrl+g"):
            await driver.press(key)
            await until(lambda: driver.app.screen is screen)
        assert embedded.bodies("short") == []
        button.focus()
        await driver.press("enter")
        await driver.sees("4 moved; /amq/queue/short keeps at most 3 messages")
        await until(lambda: len(embedded.bodies("short")) == 4, lambda: "the broker in the box keeps them all")


async def test_another_target_is_asked_about_anew(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=4)
    async with console(embedded.port) as driver:
        await peek(driver)
        screen = await order(driver, "m", "/queue/short")
        await driver.sees("Move anyway")
        await driver.type_in("er")
        await driver.until(lambda: str(screen.query_one("#order-yes", Button).label) == "Check", "to be checked anew")
        await driver.press("enter")
        await driver.until(lambda: str(screen.query_one("#order-yes", Button).label) == "Move 1", "the plan")
        await driver.press("enter")
        await driver.sees("✓ 1 moved")
        await until(lambda: not isinstance(driver.app.screen, OrderScreen))


async def test_a_refill_asks_before_anything_is_sent(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    lines = [Message(f"/queue/{name}", (), b"m").line() for name in ("other", "short")]
    path.write_bytes(b"".join(lines))
    async with console(embedded.port) as driver:
        await form(driver, "R")
        await driver.type_in(str(path))
        await driver.press("f5")
        await driver.sees("Refill anyway?", "keeps at most 3 messages")
        await driver.press("enter")
        await driver.sees("nothing was sent: what is confirmed there may not be kept")
        await until(lambda: embedded.bodies("short") == [])
        await until(lambda: "other" not in embedded.call(embedded.broker.depths))
        await driver.press("enter")
        await form(driver, "R")
        await driver.type_in(str(path))
        await driver.press("f5")
        await driver.sees("Refill anyway?")
        await driver.press("y")
        await driver.sees("✓ 2 sent", "keeps at most 3 messages")
        await until(lambda: embedded.bodies("short") == embedded.bodies("other") == [b"m"])
