"""What real brokers tell of one queue, and dead letters that really died: counted, told of, and found."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from stomptui.brokers.artemis import queue_list
from stomptui.config.settings import DeadLetterWish
from stomptui.queues.listing.listing import QueueInfo, QueueLister
from stomptui.queues.listing.selected import SelectedQueue
from stomptui.ui.program.settings_keeper import SettingsKeeper
from tests.interop.test_listing import client, put, until, usual, with_management
from tests.support.brokers import Artemis, ManagedBroker, RabbitMQ
from tests.support.brokers.activemq import ActiveMQ
from tests.support.console import console
from tests.support.listing import asking


def selected(
    way: QueueLister, name: str, right: Callable[[QueueInfo, SelectedQueue], object], within: float = 20.0
) -> SelectedQueue:
    """Ask for the list and for one queue of it, until the answers are right."""
    deadline = time.monotonic() + within
    while True:
        queue = until(way, lambda found: name in found)[name]
        more = way.selected(queue)
        if right(queue, more):
            return more
        assert time.monotonic() < deadline, f"it never came to that: {queue}, {more}"
        time.sleep(0.05)


def reject(broker: ManagedBroker, queue: str, **headers: str) -> None:
    """Take a message of a queue, and refuse it."""
    with client(broker) as raw:
        raw.send("SUBSCRIBE", {"id": "1", "destination": broker.destination(queue), "ack": "client-individual"})
        message = raw.expect("MESSAGE")
        raw.receipt("NACK", {"message-id": message["message-id"], "subscription": "1", **headers})


def expire(broker: Artemis, queue: str) -> None:
    """Send a message that expires; a consumer that comes then finds it expired."""
    with client(broker) as raw:
        late = str(int(time.time() * 1000) + 200)
        raw.receipt("SEND", {"destination": queue, "destination-type": "ANYCAST", "expires": late}, "expires")
        time.sleep(0.4)
        raw.receipt("SUBSCRIBE", {"id": "1", "destination": queue, "subscription-type": "ANYCAST", "ack": "client"})
        raw.receipt("UNSUBSCRIBE", {"id": "1"})


@pytest.mark.parametrize("fixture", ["rabbitmq", "rabbitmq40", "rabbitmq43"])
def test_rabbitmq_tells_bindings_and_where_dead_letters_end(fixture: str, request: pytest.FixtureRequest) -> None:
    broker: RabbitMQ = request.getfixturevalue(fixture)
    broker.declare("selected.dead")
    broker.declare("selected.work", "quorum", x_dead_letter_exchange="selected.dlx", x_dead_letter_routing_key="d")
    broker.declare("selected.lost", x_dead_letter_exchange="selected.unbound", x_message_ttl=1)
    broker.declare("selected.gone", x_dead_letter_exchange="selected.none")
    for name in ("dlx", "unbound"):
        broker.api("PUT", f"/api/exchanges/%2F/selected.{name}", {"type": "direct"})
    broker.api("POST", "/api/bindings/%2F/e/selected.dlx/q/selected.dead", {"routing_key": "d"})
    headers = {"arguments": {"x-match": "all", "kind": "order"}}
    broker.api("POST", "/api/bindings/%2F/e/amq.headers/q/selected.dead", headers)
    try:
        with asking(with_management(broker)) as way:
            more = selected(way, "selected.dead", lambda _, more: len(more.bindings) == 2)
            assert more.bindings == (
                "exchange amq.headers, kind order, x-match all",
                "exchange selected.dlx, key d",
            ) or more.bindings == ("exchange amq.headers, x-match all, kind order", "exchange selected.dlx, key d")
            assert selected(way, "selected.work", lambda *_: True).bindings == (), "all have the default one"
            put(broker, "selected.work", 1)
            reject(broker, "selected.work", requeue="false")
            found = until(way, lambda found: found["selected.dead"].ready == 1)
            assert found["selected.dead"].fed_by == ("selected.work",)
            assert found["selected.work"].dead_letters_to == "selected.dead by exchange selected.dlx, key d"
            assert found["selected.lost"].dead_letters_to == (
                "exchange selected.unbound, to which nothing is bound: they are lost"
            )
            assert (
                found["selected.gone"].dead_letters_to
                == "exchange selected.none, to which nothing is bound: they are lost"
            )
    finally:
        for name in ("dlx", "unbound"):
            broker.api("DELETE", f"/api/exchanges/%2F/selected.{name}")
        for name in ("dead", "work", "lost", "gone"):
            broker.delete(f"selected.{name}")


def test_artemis_tells_where_messages_went_and_how_many(artemis: Artemis, monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests have left addresses there, and queues with more messages that expired.
    monkeypatch.setattr(queue_list, "MOST_ASKED", 10_000)
    artemis.make_queue("selected.work")
    with client(artemis) as raw:
        raw.receipt("SEND", {"destination": "selected.work", "destination-type": "ANYCAST"}, "stays")
    expire(artemis, "selected.work")
    for connection in (artemis.connection(), with_management(artemis)):
        with asking(connection) as way:
            more = selected(way, "selected.work", lambda _, more: dict(more.counts).get("expired") == 1, within=60)
            assert (more.dead_letters_to, more.expired_to) == ("DLQ", "ExpiryQueue")
            assert more.oldest is not None and abs(time.time() - more.oldest) < 120
            if not connection.management:
                fed = selected(way, "ExpiryQueue", lambda _, more: more.fed_by).fed_by
                assert any("selected.work" in text for text in fed) or "more" in fed[-1], fed
    artemis.drop_queue("selected.work")


@pytest.mark.parametrize("fixture", ["activemq5", "activemq6"])
def test_activemq_tells_expired_messages_and_the_oldest(fixture: str, request: pytest.FixtureRequest) -> None:
    broker: ActiveMQ = request.getfixturevalue(fixture)
    broker.make_queue("selected.work")
    put(broker, "selected.work", 1)
    with client(broker) as raw:
        late = str(int(time.time() * 1000) + 300)
        raw.receipt("SEND", {"destination": "/queue/selected.work", "expires": late, "persistent": "true"}, "late")
        time.sleep(0.5)
        # A consumer that comes finds it expired.
        raw.send("SUBSCRIBE", {"id": "1", "destination": "/queue/selected.work", "ack": "client-individual"})
        raw.expect("MESSAGE")
        raw.receipt("UNSUBSCRIBE", {"id": "1"})
    for connection in (broker.connection(), with_management(broker)):
        with asking(connection) as way:
            more = selected(way, "selected.work", lambda queue, _: dict(queue.counts).get("expired") == 1)
            if fixture == "activemq6" and not connection.management:
                assert more.oldest is not None and abs(time.time() - more.oldest) < 120
    broker.drop_queue("selected.work")


DEAD = {"rabbitmq": "watched.dlq", "activemq6": "ActiveMQ.DLQ", "artemis": "ExpiryQueue"}


@pytest.mark.parametrize("fixture", list(DEAD))
async def test_a_message_that_dies_is_a_row_a_number_and_the_selected_queue(
    fixture: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker: ManagedBroker = request.getfixturevalue(fixture)
    monkeypatch.setattr(SettingsKeeper, "dead_letters", property(lambda _: DeadLetterWish(1)))
    broker.make_queue("watched.before")
    if isinstance(broker, RabbitMQ):
        broker.declare("watched.dlq")
        broker.declare(
            "watched.work", x_dead_letter_exchange="", x_dead_letter_routing_key="watched.dlq", x_message_ttl=300
        )
    else:
        broker.make_queue("watched.work")
    connection = usual(broker)
    async with console(connection=connection, autoconnect=True) as driver:
        await driver.up()
        await driver.until(lambda: "†" in driver.status and "…" not in driver.status, "counted")
        if isinstance(broker, Artemis):
            await asyncio.to_thread(expire, broker, "watched.work")
        else:
            await asyncio.to_thread(put, broker, "watched.work", 1)
        if isinstance(broker, ActiveMQ):
            await asyncio.to_thread(reject, broker, "watched.work")
        await driver.sees("1 new dead letter in ", within=90)
        assert any("1 new dead letter in" in note and DEAD[fixture] in note for note in driver.notes)
        await driver.press("K")
        await driver.sees(f"† {DEAD[fixture]}", "dead letters")
        await driver.until(lambda: driver.app.screen._table.queue.name == DEAD[fixture], "selected")  # type: ignore[attr-defined]
    for name in ("watched.before", "watched.work"):
        broker.drop_queue(name)
    if isinstance(broker, RabbitMQ):
        broker.delete("watched.dlq")
