"""A subscription to a queue of RabbitMQ that was made with arguments leaves the connection, and the queue, alone."""

from __future__ import annotations

import asyncio

import pytest

from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.interop.queues.test_limits import ask_for
from tests.interop.queues.test_rabbitmq import Find, rabbit
from tests.interop.queues.test_restoring import at, taken, through_none
from tests.support.console import Driver, console

__all__ = ["at"]


async def subscribe(driver: Driver, destination: str, mode: str) -> WantedSubscription:
    """By the form; once it is there."""
    link = driver.app.console_screen.console.main_connection
    assert link is not None
    before = len(link.wanted)
    await ask_for(driver, destination, mode)
    if mode == "consume" and not before:
        await driver.sees("Consume")
        await driver.press("y")
    await driver.until(lambda: len(link.wanted) > before, "wanted")
    await driver.until(lambda: link.wanted[-1].state != "asking", "answered")
    return link.wanted[-1]


@pytest.mark.parametrize(
    ("key", "managed"),
    [
        pytest.param("rabbitmq", False, marks=pytest.mark.broker("rabbitmq")),
        pytest.param("rabbitmq43", True, marks=pytest.mark.broker("rabbitmq43")),
    ],
)
async def test_a_queue_with_arguments_is_subscribed_to_by_its_plain_name(
    at: Find, key: str, name: str, managed: bool
) -> None:
    place = at(key, "classic")
    broker = rabbit(place)
    ttl, quorum, slash = f"{name}.ttl", f"{name}.quorum", f"{name}/lazy"
    for each in (ttl, quorum, slash):
        broker.delete(each)
    broker.declare(ttl, "classic", x_message_ttl=600_000, x_max_length=10)
    broker.declare(quorum, "quorum", x_delivery_limit=7)
    broker.declare(slash, "classic", x_max_priority=4)
    place.fill(ttl, [b"kept"])
    place.fill(quorum, [b"taken"])
    connection = through_none(broker) if managed else broker.connection()
    async with console(connection=connection, autoconnect=True) as driver:
        await driver.up()
        session = driver.app.console_screen.console.session
        consumed = await subscribe(driver, quorum, "consume")
        held = await subscribe(driver, f"/queue/{ttl}", "hold")
        worked = await subscribe(driver, f"/queue/{slash.replace('/', '%2F')}", "work")
        assert [watch.state_text for watch in (consumed, held, worked)] == ["on"] * 3
        await driver.until(lambda: len(driver.messages) == 2, "both messages")
        frames = [row.frame for row in driver.messages]
        assert sorted(frame.get("destination") or "" for frame in frames if frame) == sorted(
            [f"/queue/{ttl}", f"/queue/{quorum}"]
        )
        link = driver.app.console_screen.console.main_connection
        assert link is not None
        for watch in (held, worked):
            link.pause(watch.key)
            link.resume(watch.key)
            await driver.until(lambda: watch.state == "on", "on again")  # noqa: B023
        assert driver.app.console_screen.console.session is session, "the connection stood all the time"
        # A queue that is deleted between two subscriptions ends the connection once, and is told.
        link.pause(worked.key)
        await asyncio.to_thread(broker.delete, slash)
        link.resume(worked.key)
        await driver.until(lambda: worked.state == "refused", "told")
        assert worked.error == "the queue is not there any more; resume it to make it again"
        await driver.until(lambda: driver.app.console_screen.console.session is not session, "lost")
        await driver.until(
            lambda: driver.app.console_screen.console.connected and held.state == "on", "back", within=30
        )
        assert worked.state == "refused"
        assert [note for note in driver.notes if "is not there any more" in note]
        link.resume(worked.key)
        await driver.until(lambda: worked.state == "on", "made again")
    broker.wait_for(ttl, 1)
    assert broker.counts(slash) == (0, 0)
    assert [body for body, _ in taken(broker, ttl, 1)] == [b"kept"]
    assert taken(broker, quorum, 0) == []
