"""What is sent where no queue takes it, on brokers that confirm it all the same: it is asked about, and said after."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from textual.widgets import Static

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.config.connection import Connection
from stomptui.ui.dialogs.confirm import ConfirmScreen
from tests.support.brokers.artemis import Artemis
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.console import Driver, console

TAKEN, UNTAKEN = "✓ confirmed in", "⚠ confirmed in"


async def sent(driver: Driver, draft: Draft, asked: str) -> str:
    """Send a draft, with a yes to the question that says `asked`, "" for none; the outcome."""
    driver.app.console_screen.composing.edit(draft)
    await driver.until(lambda: driver.app.console_screen.pane.draft.destination == draft.destination, "compose")
    await driver.until(lambda: not driver.outcome, "nothing told of it yet")
    await driver.press("f5")
    if asked:
        await driver.until(lambda: isinstance(driver.app.screen, ConfirmScreen), "the question")
        told = "\n".join(str(part.content) for part in driver.app.screen.query(Static))
        assert asked in told, told
        await driver.press("y")
    await driver.until(lambda: "confirmed in" in driver.outcome, "the receipt")
    return driver.outcome


async def up(driver: Driver) -> None:
    await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
    await driver.press("c")
    await driver.until(lambda: driver.app.console_screen.console.known.listed, "the list of queues")


@pytest.mark.broker("artemis")
@pytest.mark.parametrize("bare", [False, True], ids=["prefixes", "bare"])
async def test_artemis_confirms_what_no_queue_takes(artemis: Artemis, bare: bool) -> None:
    name = f"untaken.{os.getpid()}.{bare}"
    connection: Connection = artemis.bare_connection() if bare else artemis.connection()
    anycast = [HeaderLine("destination-type", "ANYCAST")]
    async with console(connection=connection, autoconnect=True) as driver:
        await up(driver)
        for destination, asked in ((name, "No queue is made"), (f"/topic/{name}", "")):
            outcome = await sent(driver, Draft(destination, [], "x"), asked)
            assert outcome.startswith(UNTAKEN) and outcome.endswith("but no queue took it"), outcome
        outcome = await sent(driver, Draft(f"/queue/{name}.2", [], "x"), "another discards the message")
        assert outcome.startswith(UNTAKEN) and outcome.endswith("whether a queue took it is not known")
        assert (await sent(driver, Draft(name, anycast, "x"), "New queue")).startswith(TAKEN)
        assert (await sent(driver, Draft(name, [], "y"), "")).startswith(TAKEN), "its queue was made"
        artemis.wait_for(name, 2, 0)
    artemis.drop_queue(name)
    if not bare:
        assert artemis.counts(f"{name}.2") == (1, 0)
        artemis.drop_queue(f"{name}.2")


@pytest.mark.broker("rabbitmq")
async def test_rabbitmq_confirms_what_no_queue_takes(rabbitmq: RabbitMQ) -> None:
    name = f"untaken.{os.getpid()}"
    connection = replace(rabbitmq.connection(), management=f"http://127.0.0.1:{rabbitmq.http_port}")
    async with console(connection=connection, autoconnect=True) as driver:
        await up(driver)
        outcome = await sent(
            driver, Draft(f"/amq/queue/{name}", [], "x"), f"There is no queue {name}: RabbitMQ confirms"
        )
        assert outcome.startswith(UNTAKEN) and outcome.endswith("but no queue took it"), outcome
        assert (await sent(driver, Draft(f"/queue/{name}", [], "x"), "New queue")).startswith(TAKEN)
        assert (await sent(driver, Draft(f"/amq/queue/{name}", [], "y"), "")).startswith(TAKEN)
        rabbitmq.wait_for(name, 2, 0)
    rabbitmq.drop_queue(name)
