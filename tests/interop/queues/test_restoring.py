"""A connection that breaks again and again under what keeps messages: nothing is dead-lettered or deleted by it."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import ReadMode
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.queues.peek.peek_values import PeekOptions
from tests.interop.queues.test_rabbitmq import VERSIONS, Find, at, rabbit
from tests.support.brokers.base import ManagedBroker
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.console import Driver, console
from tests.support.cutting import Cutter
from tests.support.peeking import Peeking, peeking
from tests.support.raw import RawStomp

__all__ = ["at"]
BODIES = [b"m%d" % n for n in range(4)]


def through(cutter: Cutter, broker: ManagedBroker, management: bool = True) -> Connection:
    """A connection by the proxy."""
    url = f"http://127.0.0.1:{broker.http_port}" if management and isinstance(broker, RabbitMQ) else ""
    return dataclasses.replace(broker.connection(), port=cutter.port, management=url)


def through_none(broker: RabbitMQ) -> Connection:
    """A connection without a proxy."""
    return dataclasses.replace(broker.connection(), management=f"http://127.0.0.1:{broker.http_port}")


async def add(driver: Driver, watch: WantedSubscription) -> WantedSubscription:
    """Subscribe, as the form does."""
    await driver.up()
    link = driver.app.console_screen.console.main_connection
    assert link is not None
    link.add(watch)
    await driver.until(lambda: watch.state == "on", "subscribed")
    return watch


async def break_and_return(driver: Driver, cutter: Cutter, times: int) -> None:
    """The main connection breaks and comes back, so many times."""
    app_console = driver.app.console_screen.console
    for _ in range(times):
        before = app_console.session
        # Side connections go by the proxy too; the breaks are of whatever stands.
        for connection in cutter.connections:
            connection.cut_now()
        await driver.until(lambda: not app_console.connected or app_console.session is not before, "lost")  # noqa: B023
        await driver.press("r")
        await driver.until(lambda: app_console.connected, "back")


def taken(broker: ManagedBroker, queue: str, count: int) -> list[tuple[bytes, str | None]]:
    """Bodies and counted deliveries of all messages in a queue, by a bare socket that acknowledges them."""
    with RawStomp("127.0.0.1", broker.port) as client:
        client.connect("1.2")
        client.receipt("SUBSCRIBE", {"id": "1", "destination": broker.destination(queue), "ack": "client-individual"})
        found = []
        for frame in client.messages(count):
            client.receipt("ACK", {"id": frame["ack"]})
            found.append((frame.body, frame.get("x-delivery-count")))
        client.expect_nothing()
        client.receipt("UNSUBSCRIBE", {"id": "1"})
        return found


@pytest.mark.parametrize("mode", ["hold", "work"])
@pytest.mark.parametrize("managed", [True, False], ids=["management", "probe"])
@pytest.mark.parametrize("key", VERSIONS)
async def test_a_quorum_queue_loses_nothing_however_often_it_breaks(
    at: Find, key: str, name: str, mode: ReadMode, managed: bool
) -> None:
    place = at(key, "quorum")
    broker = rabbit(place)
    _, dead = _quorum(broker, name, x_delivery_limit=2)
    place.fill(name, BODIES)
    with Cutter(broker.port) as cutter:
        async with console(connection=through(cutter, broker, managed), autoconnect=True) as driver:
            watch = await add(driver, WantedSubscription(f"/amq/queue/{name}", mode))
            await driver.until(lambda: len(driver.messages) == 4 and watch.deliveries, "shown, and found out")
            await break_and_return(driver, cutter, 5)
            await driver.sees("not restored", "each delivery counts", "1 of 2 used", "space restores it")
            assert any("is not restored: each delivery counts (1 of 2 used" in note for note in driver.notes)
            assert any("4 unacknowledged messages were returned" in note for note in driver.notes)
            assert len(driver.messages) == 4
            driver.app.console_screen.subscriptions.focus()
            await driver.press("space")
            await driver.sees("all the same?", "may come back")
            await driver.press("y")
            await driver.until(lambda: len(driver.messages) == 8, "by the person's own key")
            await break_and_return(driver, cutter, 3)
            await driver.sees("2 of 2 used")
    broker.wait_for(name, 4)
    broker.wait_for(dead, 0)
    assert taken(broker, name, 4) == [(body, "2") for body in BODIES]


def _quorum(broker: RabbitMQ, name: str, **arguments: object) -> tuple[str, str]:
    """A quorum queue whose dead letters go to another queue; the names of both."""
    dead = f"{name}.dead"
    broker.delete(name)
    broker.make_queue(dead)
    broker.declare(
        name, "quorum", x_dead_letter_exchange="", x_dead_letter_routing_key=dead, **arguments
    )  # fmt: skip
    return name, dead


@pytest.mark.broker("rabbitmq")
@pytest.mark.parametrize("mode", ["hold", "consume"])
async def test_a_message_over_our_own_limit_is_not_asked_for_again(at: Find, name: str, mode: ReadMode) -> None:
    place = at("rabbitmq", "quorum")
    broker = rabbit(place)
    _, dead = _quorum(broker, name, x_delivery_limit=3)
    other = f"{name}.other"
    broker.make_queue(other)
    place.fill(name, BODIES)
    with RawStomp("127.0.0.1", broker.port, timeout=60) as client:
        client.connect("1.2")
        large = {"destination": broker.destination(name), "persistent": "true", "content-length": str(68 << 20)}
        client.receipt("SEND", large, bytes(68 << 20))
    async with console(connection=through_none(broker), autoconnect=True) as driver:
        beside = await add(driver, WantedSubscription(f"/amq/queue/{other}", "hold"))
        await driver.until(lambda: beside.deliveries, "found out")
        watch = WantedSubscription(f"/amq/queue/{name}", mode)
        await driver.up()
        assert driver.app.console_screen.console.main_connection is not None
        driver.app.console_screen.console.main_connection.add(watch)
        await driver.until(lambda: watch.state == "not restored", "left alone", within=60)
        await driver.sees("a frame over our own limit", "space restores it")
        await driver.until(lambda: beside.state == "on", "the other came back")
        connections = driver.app.console_screen.console.main_connection.attempt
        for _ in range(2):
            await asyncio.to_thread(broker.close_connections)
            await driver.until(
                lambda: watch.state == "not restored" and driver.app.console_screen.console.connected, within=60
            )
        assert connections <= 1
    broker.wait_for(dead, 0)
    if mode == "consume":
        # What was acknowledged just before the connection ended may have arrived or not.
        assert broker.depth(name) in range(1, 6)
    else:
        broker.wait_for(name, 5, within=30)


@pytest.mark.parametrize(
    ("key", "limit", "told"),
    [
        pytest.param("rabbitmq", 0, "the first one sends each message it shows", marks=pytest.mark.broker("rabbitmq")),
        pytest.param("rabbitmq", 1, "the second one of a message sends it", marks=pytest.mark.broker("rabbitmq")),
        pytest.param("rabbitmq", 3, "after 3 of them", marks=pytest.mark.broker("rabbitmq")),
        pytest.param("rabbitmq40", 3, "after 3 of them", marks=pytest.mark.broker("rabbitmq40")),
    ],
)
def test_the_true_limit_is_said_before_a_look_and_asked_about_where_it_is_the_last(
    at: Find, key: str, name: str, limit: int, told: str
) -> None:
    place = at(key, "quorum")
    broker = rabbit(place)
    _quorum(broker, name, x_delivery_limit=limit)
    place.fill(name, BODIES)
    peek = Peeking(place.connection, f"/queue/{name}")
    survey = peek.survey()
    peek.close()
    assert f"counts each peek as a delivery: {told}" in survey.notice
    assert survey.ask == (limit < 2)
    assert broker.counts(name) == (4, 0), "nothing was touched"
    if limit == 3:
        with peeking(place.connection, f"/queue/{name}") as looking:
            assert looking.look(PeekOptions(4)).count == 4
            assert "used up 1 of its 3 peeks" in looking.look(PeekOptions(4)).note
        broker.wait_for(name, 4)


@pytest.mark.parametrize("key", VERSIONS)
async def test_a_classic_queue_and_a_topic_come_back_by_themselves(at: Find, key: str, name: str) -> None:
    place = at(key, "classic")
    broker = rabbit(place)
    broker.make_queue(name)
    place.fill(name, BODIES)
    with Cutter(broker.port) as cutter:
        async with console(connection=through(cutter, broker, False), autoconnect=True) as driver:
            held = await add(driver, WantedSubscription(f"/amq/queue/{name}", "hold"))
            topic = await add(driver, WantedSubscription(f"/topic/{name}"))
            await driver.until(lambda: held.deliveries, "found out")
            for shown in (8, 12):
                await break_and_return(driver, cutter, 1)
                await driver.until(lambda: {held.state, topic.state} == {"on"}, "restored")
                await driver.until(lambda shown=shown: len(driver.messages) == shown, "shown each time")  # type: ignore[misc]
    broker.wait_for(name, 4)


@pytest.mark.broker("artemis")
async def test_artemis_counts_each_broken_connection(request: pytest.FixtureRequest, name: str) -> None:
    broker: ManagedBroker = request.getfixturevalue("artemis")
    broker.make_queue(name)
    _fill(broker, name)
    with Cutter(broker.port) as cutter:
        async with console(connection=through(cutter, broker), autoconnect=True) as driver:
            watch = await add(driver, WantedSubscription(broker.destination(name), "work"))
            await driver.until(lambda: len(driver.messages) == 4 and watch.deliveries, "shown, and found out")
            await break_and_return(driver, cutter, 11)
            await driver.sees("not restored", "at least 1 of 10 used")
    await asyncio.to_thread(broker.wait_for, name, 4)
    assert [body for body, _ in taken(broker, name, 4)] == BODIES


@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("activemq5", "activemq6")]
)
async def test_activemq_counts_for_consumers_with_a_limit_of_their_own(
    request: pytest.FixtureRequest, key: str, name: str
) -> None:
    broker: ManagedBroker = request.getfixturevalue(key)
    broker.make_queue(name)
    _fill(broker, name)
    with Cutter(broker.port) as cutter:
        async with console(connection=through(cutter, broker), autoconnect=True) as driver:
            watch = await add(driver, WantedSubscription(broker.destination(name), "work"))
            await driver.until(lambda: len(driver.messages) == 4, "shown")
            await break_and_return(driver, cutter, 7)
            await driver.sees("not restored", "at least 1 used, of an", "unknown limit")
            assert watch.total == 4
    broker.wait_for(name, 4)
    assert [body for body, _ in taken(broker, name, 4)] == BODIES


def _fill(broker: ManagedBroker, name: str) -> None:
    with RawStomp("127.0.0.1", broker.port) as client:
        client.connect("1.2")
        for body in BODIES:
            client.receipt("SEND", {"destination": broker.destination(name), "persistent": "true"}, body)
