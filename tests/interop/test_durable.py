"""Durable subscriptions: one and the same at the broker whatever becomes of it here, until the person ends it."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import os
from collections.abc import Callable

import pytest
from textual.widgets import Select

from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.support.brokers.activemq import BEAN as ACTIVEMQ
from tests.support.brokers.activemq import ActiveMQ
from tests.support.brokers.artemis import BEAN as ARTEMIS
from tests.support.brokers.artemis import Artemis
from tests.support.brokers.base import ManagedBroker
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.console import Driver, console
from tests.support.cutting import Cutter
from tests.support.raw import RawStomp

RABBITMQ = [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("rabbitmq", "rabbitmq40", "rabbitmq43")]
JMS = [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("activemq5", "activemq6", "artemis")]
DURABLE = (("durable", "true"), ("auto-delete", "false"))
_numbers = itertools.count()


@pytest.fixture
def topic() -> str:
    """The name of a topic that no other test uses."""
    return f"durable.{os.getpid()}.{next(_numbers)}"


def kept(broker: ManagedBroker) -> set[str]:
    """The durable subscriptions, or their queues, that the broker itself lists."""
    if isinstance(broker, RabbitMQ):
        return {queue["name"] for queue in broker.api("GET", "/api/queues/%2F?columns=name")}
    if isinstance(broker, ActiveMQ):
        both = broker.jolokia.read(ACTIVEMQ, "DurableTopicSubscribers", "InactiveDurableTopicSubscribers")
        return {bean["objectName"] for beans in both.values() for bean in beans}
    assert isinstance(broker, Artemis)
    return {name for name in broker.jolokia.read(ARTEMIS, "QueueNames") if not name.startswith("activemq.")}


def publish(broker: ManagedBroker, destination: str, *bodies: str) -> None:
    with RawStomp("127.0.0.1", broker.port) as client:
        client.connect("1.2")
        for body in bodies:
            client.receipt("SEND", {"destination": destination, "persistent": "true"}, body)


def came(driver: Driver) -> list[bytes]:
    return [entry.frame.body for entry in driver.messages if entry.frame is not None]


async def subscribed(driver: Driver, watch: WantedSubscription) -> WantedSubscription:
    await driver.up()
    link = driver.app.console_screen.console.main_connection
    assert link is not None
    link.add(watch)
    await driver.until(lambda: watch.state == "on", f"subscribed: {watch.state_text}")
    driver.app.console_screen.subscriptions.focus()
    await driver.until(
        lambda: (row := driver.app.console_screen.subscriptions.current) and row.mode == "durable", "in the list"
    )
    return watch


async def pause_break_and_leave(
    driver: Driver, cutter: Cutter, watch: WantedSubscription, send: Callable[..., None], count: Callable[[], int]
) -> None:
    """Whatever ends a subscription without ending it: all that is published comes, and there is one of it."""
    app_console = driver.app.console_screen.console
    await driver.press("space")
    await driver.until(lambda: any("paused" in note and "without end" in note for note in driver.notes))
    send("in the pause")
    await driver.press("space")
    await driver.until(lambda: came(driver) == [b"in the pause"], "what came in the pause")
    before = app_console.session
    for connection in cutter.connections:
        connection.cut_now()
    await driver.until(lambda: app_console.session is not before, "lost")
    send("while it was lost")
    await driver.press("r")
    await driver.until(lambda: app_console.connected and watch.state == "on", "back")
    await driver.until(lambda: len(came(driver)) == 2, "what came while it was lost")
    await driver.press("x")
    await driver.until(lambda: any("is left: " in note for note in driver.notes), "left by disconnecting")
    await driver.until(lambda: app_console.session is None or not app_console.connected, "disconnected")
    send("while disconnected")
    await driver.press("r")
    await driver.until(lambda: app_console.connected and watch.state == "on", "connected")
    await driver.until(lambda: len(came(driver)) == 3, "what came while disconnected")
    assert count() == 1


async def end(driver: Driver) -> None:
    await driver.press("d")
    await driver.sees("is a durable subscription")
    await driver.press("e")
    await driver.until(lambda: any(note.startswith("ended ") for note in driver.notes), "confirmed")
    assert (
        driver.app.console_screen.console.main_connection is not None
        and not driver.app.console_screen.console.main_connection.wanted
    )


CASES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "topic": ("/topic/{}", DURABLE),
    "exchange": ("/exchange/amq.topic/{}", DURABLE),
    "exchange of every key": ("/exchange/amq.fanout", DURABLE),
    "persistent": ("/topic/{}", (("persistent", "true"), ("auto-delete", "false"))),
    "own name": ("/topic/{}", (*DURABLE, ("x-queue-name", "mine.{}"))),
    "own name of an exchange": ("/exchange/amq.topic/{}", (*DURABLE, ("x-queue-name", "mine.{}"))),
    "own name alone": (
        "/topic/{}",
        (("auto-delete", "false"), ("exclusive", "false"), ("x-queue-name", "mine.{}")),
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("key", RABBITMQ)
async def test_a_queue_of_rabbitmq_is_one_until_it_is_ended(
    request: pytest.FixtureRequest, key: str, case: str, topic: str
) -> None:
    broker: RabbitMQ = request.getfixturevalue(key)
    destination, lines = CASES[case]
    headers = tuple((name, value.format(topic)) for name, value in lines)
    destination = destination.format(topic)
    before = kept(broker)

    def queues() -> set[str]:
        return kept(broker) - before

    def send(*bodies: str) -> None:
        publish(broker, destination, *bodies)

    with Cutter(broker.port) as cutter:
        connection = dataclasses.replace(broker.connection(), port=cutter.port)
        async with console(connection=connection, autoconnect=True) as driver:
            watch = await subscribed(driver, WantedSubscription(destination, headers=headers))
            await pause_break_and_leave(driver, cutter, watch, send, lambda: len(queues()))
            await driver.press("d")
            await driver.press("l")
            await driver.until(lambda: any("from the list" in note for note in driver.notes), "left")
        assert len(queues()) == 1
        assert any("stays at the broker" in line for line in driver.app.summary()) is False
        send("after quitting")
        async with console(connection=connection, autoconnect=True) as driver:
            await subscribed(driver, WantedSubscription(destination, headers=headers))
            await driver.until(lambda: came(driver) == [b"after quitting"], "the same one after a restart")
            await driver.press("space")
            await driver.until(lambda: driver.watch().state == "paused")
            send("never read")
            await end(driver)
        assert queues() == set()
        async with console(connection=connection, autoconnect=True) as driver:
            await subscribed(driver, WantedSubscription(destination, headers=headers))
            assert len(queues()) == 1
            await end(driver)
            assert came(driver) == []
        assert queues() == set()


@pytest.mark.parametrize("key", JMS)
async def test_a_durable_subscription_of_jms_is_one_until_it_is_ended(
    request: pytest.FixtureRequest, key: str, topic: str
) -> None:
    broker: ManagedBroker = request.getfixturevalue(key)
    name = "durable-subscription-name" if key == "artemis" else "activemq.subscriptionName"
    destination, headers = f"/topic/{topic}", ((name, "mine"),)
    before = kept(broker)

    def send(*bodies: str) -> None:
        publish(broker, destination, *bodies)

    with Cutter(broker.port) as cutter:
        connection = dataclasses.replace(broker.connection(), port=cutter.port, headers=(("client-id", topic),))
        async with console(connection=connection, autoconnect=True) as driver:
            watch = await subscribed(driver, WantedSubscription(destination, headers=headers))
            await pause_break_and_leave(driver, cutter, watch, send, lambda: len(kept(broker) - before))
        assert any("stays at the broker" in line for line in driver.app.summary())
        assert len(kept(broker) - before) == 1
        send("after quitting")
        async with console(connection=connection, autoconnect=True) as driver:
            await subscribed(driver, WantedSubscription(destination, headers=headers))
            await driver.until(lambda: came(driver) == [b"after quitting"], "the same one after a restart")
            # What looks into queues beside it has no client-id, and gets through.
            dial = driver.app.console_screen.console.side_connections.dialer("test", BlockingEventQueue())
            await asyncio.to_thread(lambda: dial("looking").close())
            await driver.press("space")
            await driver.until(lambda: driver.watch().state == "paused")
            send("never read")
            await end(driver)
        assert kept(broker) - before == set()
        async with console(connection=connection, autoconnect=True) as driver:
            await subscribed(driver, WantedSubscription(destination, headers=headers))
            await end(driver)
            assert came(driver) == []
        assert kept(broker) - before == set()


@pytest.mark.broker("rabbitmq")
async def test_what_the_broker_refuses_to_delete_is_not_called_ended(rabbitmq: RabbitMQ, topic: str) -> None:
    before = kept(rabbitmq)
    rights = "/api/permissions/%2F/guest"
    async with console(connection=rabbitmq.connection(), autoconnect=True) as driver:
        watch = await subscribed(driver, WantedSubscription(f"/topic/{topic}", headers=DURABLE))
        try:
            rabbitmq.api("PUT", rights, {"configure": "", "write": ".*", "read": ".*"})
            # A channel remembers for a while what it was allowed.
            await driver.press("x")
            await driver.press("r")
            await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
            await driver.until(lambda: watch.state in ("refused", "on"), "answered")
            await driver.press("d")
            await driver.sees("is a durable subscription")
            await driver.press("e")
            await driver.until(
                lambda: any("not ended" in note or "is not known" in note for note in driver.notes), "told"
            )
            assert not any(note.startswith("ended") for note in driver.notes)
            assert watch in (
                driver.app.console_screen.console.main_connection.wanted
                if driver.app.console_screen.console.main_connection
                else ()
            )
        finally:
            rabbitmq.api("PUT", rights, {"configure": ".*", "write": ".*", "read": ".*"})
    assert len(kept(rabbitmq) - before) == 1
    for queue in kept(rabbitmq) - before:
        rabbitmq.delete(queue)


@pytest.mark.parametrize("key", RABBITMQ)
async def test_the_form_names_it_and_refuses_what_would_be_left_without_a_name(
    request: pytest.FixtureRequest, key: str, topic: str
) -> None:
    broker: RabbitMQ = request.getfixturevalue(key)
    before = kept(broker)
    async with console(connection=broker.connection(), autoconnect=True) as driver:
        await driver.up()
        await driver.press("s")
        await driver.type_in(f"/topic/{topic}")
        driver.app.screen.query_one("#mode", Select).value = "durable"
        await driver.sees("Durable id", f".topic.{topic}", "fills until you end it")
        await driver.press("f5")
        await driver.until(lambda: driver.watch().state == "on", "subscribed")
        watch = driver.watch()
        assert watch.identity.endswith(f".topic.{topic}")
        assert set(DURABLE) <= set(watch.headers)
        link = driver.app.console_screen.console.main_connection
        assert link is not None
        twin = link.add(WantedSubscription(f"/topic/{topic}", headers=DURABLE, identity=watch.identity))
        assert twin.state == "refused" and "already" in twin.error
        nameless = (("auto-delete", "false"), ("exclusive", "false"))
        refused = link.add(WantedSubscription(f"/topic/{topic}", headers=nameless))
        assert refused.state == "refused" and "x-queue-name" in refused.error
        assert len(kept(broker) - before) == 1
        link.remove(twin.key)
        link.remove(refused.key)
        driver.app.console_screen.subscriptions.focus()
        await driver.until(lambda: len(driver.app.console_screen.subscriptions.rows) == 1)
        await end(driver)
    assert kept(broker) == before


@pytest.mark.parametrize("key", JMS)
async def test_without_a_client_id_none_is_made(request: pytest.FixtureRequest, key: str, topic: str) -> None:
    broker: ManagedBroker = request.getfixturevalue(key)
    before = kept(broker)
    name = "durable-subscription-name" if key == "artemis" else "activemq.subscriptionName"
    async with console(connection=broker.connection(), autoconnect=True) as driver:
        await driver.up()
        assert driver.app.console_screen.console.main_connection is not None
        watch = driver.app.console_screen.console.main_connection.add(
            WantedSubscription(f"/topic/{topic}", headers=((name, "mine"),))
        )
        assert watch.state == "refused" and "client-id" in watch.error
    assert kept(broker) == before


@pytest.mark.broker("activemq5")
async def test_a_second_console_with_the_same_client_id_is_told_so(activemq5: ActiveMQ, topic: str) -> None:
    connection: Connection = dataclasses.replace(activemq5.connection(), headers=(("client-id", topic),))
    with RawStomp("127.0.0.1", activemq5.port) as client:
        client.connect("1.2", client_id=topic)
        async with console(connection=connection, autoconnect=True) as driver:
            await driver.sees("another connection has this client-id now")


@pytest.mark.parametrize("key", JMS)
async def test_the_form_makes_a_durable_subscription_of_jms(
    request: pytest.FixtureRequest, key: str, topic: str
) -> None:
    broker: ManagedBroker = request.getfixturevalue(key)
    before = kept(broker)
    for headers in ((), (("client-id", topic),)):
        connection = dataclasses.replace(broker.connection(), headers=headers)
        async with console(connection=connection, autoconnect=True, size=(80, 24)) as driver:
            await driver.up()
            await driver.press("s")
            await driver.type_in(f"/topic/{topic}")
            driver.app.screen.query_one("#mode", Select).value = "durable"
            await driver.sees("Durable id", f".topic.{topic}")
            await driver.press("f5")
            if not headers:
                await driver.sees("the extra CONNECT header client-id")
                assert kept(broker) == before
                continue
            await driver.until(lambda: driver.watch().state == "on", "subscribed")
            assert len(kept(broker) - before) == 1
            await driver.press("b")
            driver.app.console_screen.subscriptions.focus()
            await driver.until(lambda: driver.app.console_screen.subscriptions.current, "in the list")
            await end(driver)
    assert kept(broker) == before
