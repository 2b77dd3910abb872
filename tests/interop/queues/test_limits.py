"""Before a subscription uses up the last deliveries that a queue allows, the person is asked."""

from __future__ import annotations

import dataclasses
import json

import pytest
from textual.widgets import Select, Static

from stomptui.ui.dialogs.confirm import ConfirmScreen
from tests.interop.queues.test_rabbitmq import VERSIONS, Find, rabbit
from tests.interop.queues.test_restoring import BODIES, at, taken, through_none
from tests.support.brokers.artemis import BEAN, Artemis
from tests.support.console import Driver, console
from tests.support.raw import RawStomp

__all__ = ["at"]


async def is_asked(driver: Driver, *texts: str) -> None:
    """Wait for the question that says all of this."""

    def told() -> str:
        screen = driver.app.screen
        parts = screen.query(".title, .detail").results(Static) if isinstance(screen, ConfirmScreen) else ()
        return " ".join(str(part.content) for part in parts)

    await driver.until(lambda: "Subscribe" in told() and all(text in told() for text in texts), f"asked {texts}")


async def ask_for(driver: Driver, destination: str, mode: str) -> None:
    """Fill in the form, up to its last key."""
    await driver.up()
    await driver.press("s")
    await driver.type_in(destination)
    await driver.until(lambda: driver.app.screen.query("#mode"), "the form")
    driver.app.screen.query_one("#mode", Select).value = mode
    await driver.pilot.pause()
    await driver.press("f5")


@pytest.mark.parametrize(
    ("mode", "limit", "managed"), [("hold", 0, True), ("work", 1, True), ("hold", 1, False), ("work-client", 0, False)]
)
@pytest.mark.parametrize("key", VERSIONS)
async def test_the_form_asks_before_the_last_delivery(
    at: Find, key: str, name: str, limit: int, managed: bool, mode: str
) -> None:
    place = at(key, "quorum")
    broker = rabbit(place)
    broker.delete(name)
    broker.declare(name, "quorum", x_delivery_limit=limit)
    place.fill(name, BODIES)
    connection = through_none(broker) if managed else broker.connection()
    async with console(connection=connection, autoconnect=True) as driver:
        await ask_for(driver, f"/amq/queue/{name}", mode)
        await is_asked(driver, f"0 of {limit} used")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "back")
        assert driver.messages == []
        assert (
            driver.app.console_screen.console.main_connection is not None
            and driver.app.console_screen.console.main_connection.wanted == []
        )
    assert broker.counts(name) == (4, 0)
    assert [count for _, count in taken(broker, name, 4)] == [None] * 4, "nothing was counted"


@pytest.mark.parametrize("key", VERSIONS)
async def test_with_deliveries_to_spare_nothing_is_asked_until_they_are_nearly_used_up(
    at: Find, key: str, name: str
) -> None:
    place = at(key, "quorum")
    broker = rabbit(place)
    broker.delete(name)
    broker.declare(name, "quorum", x_delivery_limit=3)
    place.fill(name, BODIES)
    async with console(connection=through_none(broker), autoconnect=True) as driver:
        await ask_for(driver, f"/amq/queue/{name}", "hold")
        await driver.until(lambda: len(driver.messages) == 4, "shown")
        for left in (2, 1):
            await driver.press("x")
            await driver.until(lambda: not driver.app.console_screen.console.connected, "disconnected")
            await driver.press("r")
            await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
            await driver.until(lambda: driver.watch().state in ("on", "not restored"), "settled")
            if driver.watch().state == "not restored":
                driver.app.console_screen.subscriptions.focus()
                await driver.press("space")
                if left == 2:
                    await driver.until(lambda: driver.watch().state == "on", "without a question")
                    await driver.until(lambda: len(driver.messages) == 8, "shown again")
                else:
                    await is_asked(driver, "2 of 3 used", "may come back once more")
                    await driver.press("n")
        assert len(driver.messages) == 8
    broker.wait_for(name, 4)
    assert taken(broker, name, 4) == [(body, "2") for body in BODIES]


@pytest.mark.parametrize("key", VERSIONS)
async def test_what_the_command_line_asked_for_waits_for_the_person_too(at: Find, key: str, name: str) -> None:
    place = at(key, "quorum")
    broker = rabbit(place)
    broker.delete(name)
    broker.declare(name, "quorum", x_delivery_limit=1)
    broker.make_queue(f"{name}.free")
    place.fill(name, BODIES)
    names = (f"/amq/queue/{name}", f"/amq/queue/{name}.free")
    async with console(connection=broker.connection(), autoconnect=True, subscribe=names) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.until(lambda: driver.watch(1).state == "on", "what costs nothing")
        await driver.until(lambda: driver.watch(0).state == "not restored", "waits")
        assert any("is not subscribed to: each delivery counts (0 of 1 used" in note for note in driver.notes)
        driver.app.console_screen.subscriptions.focus()
        await driver.press("home", "space")
        await is_asked(driver, "0 of 1 used")
        await driver.press("n")
        assert driver.messages == []
    assert [count for _, count in taken(broker, name, 4)] == [None] * 4


@pytest.mark.broker("artemis")
async def test_artemis_tells_its_limit_too(artemis: Artemis, name: str) -> None:
    artemis.make_queue(name)
    artemis.jolokia.execute(
        BEAN, "addAddressSettings(java.lang.String,java.lang.String)", name, json.dumps({"maxDeliveryAttempts": 1})
    )
    with RawStomp("127.0.0.1", artemis.port) as client:
        client.connect("1.2")
        for body in BODIES:
            client.receipt("SEND", {"destination": artemis.destination(name), "persistent": "true"}, body)
    connection = dataclasses.replace(artemis.connection())
    async with console(connection=connection, autoconnect=True) as driver:
        await ask_for(driver, artemis.destination(name), "work")
        await is_asked(driver, "0 of 1 used", "by a lost connection")
        await driver.press("n")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "back")
        assert driver.messages == []
    artemis.wait_for(name, 4)
