"""The running app on real brokers: a queue of Artemis watched by copies, and the list of queues into one."""

from __future__ import annotations

import os

import pytest
from textual.widgets import Select

from tests.interop.queues.promises import PROMISES, Place
from tests.support.brokers.artemis import BEAN, Artemis
from tests.support.console import Driver, console


def diverts(artemis: Artemis) -> list[str]:
    """The names of the diverts there are, by the broker's own management."""
    return list(artemis.jolokia.read(BEAN, "DivertNames"))


async def by_copies(driver: Driver, queue: str) -> None:
    await driver.press("s")
    await driver.type_in(queue)
    driver.app.screen.query_one("#mode", Select).value = "copies"
    await driver.sees("The broker gets a divert")
    await driver.press("f5")
    await driver.sees("◉", "copies")


@pytest.mark.broker("artemis")
async def test_a_queue_is_watched_without_being_touched(artemis: Artemis) -> None:
    place = Place(artemis, next(each for each in PROMISES if each.id == "artemis"))
    name = f"watched.{os.getpid()}"
    queue = place.queue(name)
    connection = artemis.connection()
    async with console(connection=connection, autoconnect=True) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await by_copies(driver, queue)
        assert diverts(artemis)
        place.fill(name, [b"first copy", b"second copy"])
        await driver.sees("first copy", "second copy")
        row = next(line for line in driver.screen.splitlines() if "first copy" in line)
        assert str(os.getpid()) in row.partition("←")[2].partition("first copy")[0], f"the name of the queue: {row}"
        assert artemis.counts(name) == (2, 0), "the queue has them all"
        driver.app.console_screen.subscriptions.focus()
        await driver.press("d")
        await driver.until(lambda: not diverts(artemis), "the divert removed")
        await by_copies(driver, queue)
    assert not diverts(artemis), "leaving the app removes it too"
    assert [frame.body for frame in place.take(name, 2)] == [b"first copy", b"second copy"]


@pytest.mark.parametrize("promise", [pytest.param(p, id=p.id, marks=pytest.mark.broker(p.broker)) for p in PROMISES
                                     if p.id in ("rabbitmq43-quorum", "activemq6", "artemis")])  # fmt: skip
async def test_peek_move_and_the_account_on_the_screen(request: pytest.FixtureRequest, promise: object) -> None:
    chosen = next(each for each in PROMISES if each == promise)
    place = Place(request.getfixturevalue(chosen.broker), chosen)
    name = f"app.{os.getpid()}.{chosen.id}"
    queue, other = place.queue(name), place.queue(f"{name}.other")
    place.fill(name, [b"m%d" % n for n in range(5)])
    async with console(connection=place.connection, autoconnect=True) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.press("p")
        await driver.type_in(queue)
        await driver.press("enter")
        await driver.sees("Peek:")
        await driver.until(lambda: "asking the broker" not in driver.screen, "the notice")
        await driver.press("enter")
        await driver.sees("Peek", "m0", "m4", "5 messages")
        await driver.press("down", "space", "space", "m")
        await driver.type_in(other)
        await driver.press("enter")
        if chosen.broker == "artemis":
            await driver.sees("the queue exists", "Move 2")
            await driver.press("enter")
            await driver.sees("✓ 2 moved")
        else:
            # Nobody tells of its policies: Enter cancels, and the button next to that moves.
            await driver.sees("⚠ Whether ", "To be safe, copy them (C)", "Move anyway")
            await driver.press("tab", "enter")
            await driver.sees("⚠ 2 moved; whether ", " keeps them is not known")
        place.broker.wait_for(name, 3, 3 if chosen.holds else 0)
        await driver.press("q")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "left")
    place.broker.wait_for(name, 3)
    assert [frame.body for frame in place.take(f"{name}.other", 2)] == [b"m1", b"m2"]
    assert [frame.body for frame in place.take(name, 3)] == [b"m0", b"m3", b"m4"]
