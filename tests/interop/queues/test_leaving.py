"""RabbitMQ's queues that go with their last reader: said before the first message is asked for, by a yes alone lost."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from stomptui.config.connection import Connection
from stomptui.queues.actions.action import Action
from stomptui.queues.peek.peek_values import PeekOptions
from stomptui.queues.transfer.transfer import Unagreed
from tests.interop.queues.promises import Place, Promise
from tests.interop.queues.test_limits import ask_for, is_asked
from tests.support.artemis_queues import connection as as_user
from tests.support.brokers import ManagedBroker, RabbitMQ
from tests.support.brokers.artemis import BEAN, Artemis
from tests.support.console import Driver, console
from tests.support.peeking import peeking
from tests.support.transferring import bodies, drain

ROOT = Path(__file__).resolve().parents[3]
RABBITS = [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("rabbitmq", "rabbitmq40", "rabbitmq43")]
FIVE = [b"m%d" % n for n in range(5)]
SAID = "is deleted, with all that is in it, when its last reader leaves (auto-delete)."
KINDS: dict[str, dict[str, Any]] = {
    "durable": {"auto_delete": True, "durable": True},
    "not durable": {"auto_delete": True, "durable": False},
    "with arguments": {"auto_delete": True, "durable": True, "arguments": {"x-max-length": 50, "x-max-priority": 3}},
}


@pytest.fixture
def place(request: pytest.FixtureRequest, key: str) -> Place:
    broker = request.getfixturevalue(key)
    assert isinstance(broker, ManagedBroker)
    return Place(broker, Promise(key, broker.title))


@pytest.fixture(params=[True, False], ids=["management", "stomp"])
def connection(request: pytest.FixtureRequest, place: Place) -> Connection:
    """With and without a management to ask."""
    port = rabbit(place).http_port if request.param else 1
    return dataclasses.replace(place.connection, management=f"http://127.0.0.1:{port}")


def rabbit(place: Place) -> RabbitMQ:
    assert isinstance(place.broker, RabbitMQ)
    return place.broker


def make(place: Place, name: str, settings: dict[str, Any]) -> str:
    rabbit(place).delete(name)
    rabbit(place).api("PUT", f"/api/queues/%2F/{name}", settings)
    place.fill(name, FIVE)
    place.broker.wait_for(name, 5)
    return f"/amq/queue/{name}"


@pytest.fixture
def queue(place: Place, name: str) -> Iterator[str]:
    yield make(place, name, KINDS["durable"])
    rabbit(place).delete(name)


def is_there(place: Place, name: str) -> bool:
    return name in [queue["name"] for queue in rabbit(place).api("GET", "/api/queues/%2F?columns=name")]


def wait_until_gone(place: Place, name: str) -> None:
    """RabbitMQ deletes it a moment after its last reader has left."""
    deadline = time.monotonic() + 20
    while is_there(place, name):
        assert time.monotonic() < deadline, f"{name} is still there"
        time.sleep(0.05)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("key", RABBITS)
def test_before_a_look_it_is_asked_and_finding_it_out_takes_nothing(
    place: Place, name: str, connection: Connection, kind: dict[str, Any]
) -> None:
    queue = make(place, name, kind)
    with peeking(connection, queue) as peek:
        survey = peek.surveyed
        assert survey is not None and survey.ask
        assert SAID in survey.notice
        assert survey.leaving.loss.startswith(f"{queue} {SAID}")
        assert "They return in order" not in survey.notice
        managed = not connection.management.endswith(":1")
        assert ("The management knows of nobody else who reads from it." in survey.notice) == managed
        assert ("Whether others read from it is not known." in survey.notice) == (not managed)
    place.broker.wait_for(name, 5)
    rabbit(place).delete(name)


@pytest.mark.parametrize("key", RABBITS)
def test_while_others_read_from_it_nothing_is_lost_and_that_is_said(place: Place, name: str, queue: str) -> None:
    told = dataclasses.replace(place.connection, management=f"http://127.0.0.1:{rabbit(place).http_port}")
    with place.raw() as other:
        other.receipt("SUBSCRIBE", {"id": "o", "destination": queue, "ack": "client-individual", "prefetch-count": "1"})
        deadline = time.monotonic() + 20
        while not rabbit(place).api("GET", f"/api/queues/%2F/{name}")["consumer_details"]:
            assert time.monotonic() < deadline, "the management tells of readers some seconds later"
            time.sleep(0.1)
        with peeking(told, queue) as peek:
            survey = peek.surveyed
            assert survey is not None and not survey.ask
            assert "It stays while another reader does." in survey.notice
            assert peek.look().count == 4
        place.broker.wait_for(name, 5, 1)


@pytest.mark.parametrize("key", RABBITS)
def test_after_a_yes_it_stays_as_long_as_it_is_held_so_that_all_can_be_moved(
    place: Place, name: str, queue: str, connection: Connection
) -> None:
    target = place.queue(f"{name}.target")
    with peeking(connection, queue) as peek:
        assert peek.look(PeekOptions(None)).count == 5
        place.broker.wait_for(name, 5, 5)
        assert peek.act(Action("move", target), range(5)).text == "5 moved"
    wait_until_gone(place, name)
    place.broker.wait_for(f"{name}.target", 5)


@pytest.mark.parametrize("limit", [2, None])
@pytest.mark.parametrize("key", RABBITS)
def test_a_drain_takes_nothing_without_a_yes_that_names_it(
    place: Place, name: str, queue: str, connection: Connection, tmp_path: Path, limit: int | None
) -> None:
    failed = drain(connection, queue, tmp_path / "d.jsonl", limit=limit).failed
    assert isinstance(failed, Unagreed)
    assert "nothing was drained" in failed.reason
    (loss,) = failed.risks
    assert SAID in loss
    place.broker.wait_for(name, 5)
    if limit is None:
        assert drain(connection, queue, tmp_path / "d.jsonl", accepts=failed.risks).result.whole
        assert bodies(tmp_path / "d.jsonl") == FIVE


@pytest.mark.parametrize("key", RABBITS)
def test_on_the_command_line_a_part_is_not_drained_by_a_yes_said_beforehand(
    place: Place, name: str, queue: str, connection: Connection, tmp_path: Path
) -> None:
    url = f"stomp://guest@127.0.0.1:{rabbit(place).port}"
    environment = {**os.environ, "STOMPTUI_PASSWORD": "guest"}
    environment |= {f"STOMPTUI_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "STATE")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "stomptui", "drain", "--yes", *arguments, url, queue, str(tmp_path / "d.jsonl")]
        return subprocess.run(
            argv, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    part = run("--max", "2")
    assert part.returncode == 1
    assert SAID in part.stderr
    assert "nothing was drained" in part.stderr
    place.broker.wait_for(name, 5)
    whole = run()
    assert whole.returncode == 0, whole.stderr
    assert SAID in whole.stderr
    assert bodies(tmp_path / "d.jsonl") == FIVE


@pytest.mark.parametrize("key", RABBITS)
async def test_a_subscription_is_asked_about_before_its_first_message(place: Place, name: str, queue: str) -> None:
    async with subscribing(place.connection, queue, SAID.rstrip(".")) as driver:
        for mode in ("hold", "work", "consume"):
            await is_asked_for(driver, queue, mode, SAID.rstrip("."))
    place.broker.wait_for(name, 5)


def waits(driver: Driver, number: int) -> bool:
    return driver.watch(number).state == "not restored"


@contextlib.asynccontextmanager
async def subscribing(connection: Connection, queue: str, said: str) -> AsyncIterator[Driver]:
    """The app, of which the command line asked for a queue in every way: it waits for the person."""
    names = (queue,)
    async with console(connection=connection, autoconnect=True, subscribe=names, work=names, consume=names) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        for number in range(3):
            await driver.until(functools.partial(waits, driver, number), "to wait")
        told = [note for note in driver.notes if "is not subscribed to: " in note and said in note]
        assert len(told) == 3, driver.notes
        assert driver.messages == []
        link = driver.app.console_screen.console.main_connection
        assert link is not None
        for watch in list(link.wanted):
            link.remove(watch.key)
        yield driver


async def is_asked_for(driver: Driver, queue: str, mode: str, said: str) -> None:
    """Ask for a subscription in the form, see the question, and say no."""
    await ask_for(driver, queue, mode)
    if mode == "consume":
        await driver.sees("Consuming permanently takes messages out")
        await driver.press("y")
    await is_asked(driver, said, "Pausing, unsubscribing or leaving does that.")
    await driver.press("escape")
    await driver.until(lambda: driver.app.screen is driver.app.console_screen, "back")
    assert driver.messages == []


@pytest.mark.broker("artemis")
async def test_a_subscription_to_a_queue_of_artemis_that_goes_with_its_last_reader_is_asked_about(
    artemis: Artemis, name: str
) -> None:
    settings = {"autoDeleteQueues": True, "autoDeleteQueuesMessageCount": -1, "autoDeleteAddresses": True}
    of = f"{name}.#"
    artemis.jolokia.execute(BEAN, "addAddressSettings(java.lang.String,java.lang.String)", of, json.dumps(settings))
    Place(artemis, Promise("artemis", artemis.title)).fill(name, FIVE)
    purged = f"{name}.purged"
    wanted = {"name": purged, "address": purged, "routing-type": "ANYCAST", "purge-on-no-consumers": True}
    artemis.jolokia.execute(BEAN, "createQueue(java.lang.String)", json.dumps(wanted))
    artemis.wait_for(name, 5)
    deleted, queue = "is deleted once its last reader has left (auto-delete), with all that is in it.", f"/queue/{name}"
    async with subscribing(artemis.connection(), queue, deleted.rstrip(".")) as driver:
        for mode in ("hold", "work", "consume"):
            await is_asked_for(driver, queue, mode, deleted)
        await is_asked_for(driver, f"/queue/{purged}", "hold", "is emptied when its last reader leaves")
        # One that is missing is made as its address says.
        await is_asked_for(driver, f"/queue/{name}.missing", "hold", deleted)
        artemis.wait_for(name, 5)
        await ask_for(driver, queue, "hold")
        await is_asked(driver, deleted)
        await driver.press("y")
        await driver.until(lambda: len(driver.messages) == 5, "shown after a yes")
    with peeking(as_user(artemis, "bob"), queue) as peek:
        assert peek.surveyed is not None
        assert "can see whether it is emptied or deleted when its last consumer leaves" in peek.surveyed.notice
    artemis.drop_queue(purged)
    artemis.jolokia.execute(BEAN, "removeAddressSettings(java.lang.String)", of)


@pytest.mark.broker("artemis")
def test_what_artemis_deletes_with_its_last_reader_is_not_drained_in_part_without_a_yes(
    artemis: Artemis, name: str, tmp_path: Path
) -> None:
    settings = {"autoDeleteQueues": True, "autoDeleteQueuesMessageCount": -1, "autoDeleteAddresses": True}
    artemis.jolokia.execute(BEAN, "addAddressSettings(java.lang.String,java.lang.String)", name, json.dumps(settings))
    Place(artemis, Promise("artemis", artemis.title)).fill(name, FIVE)
    artemis.wait_for(name, 5)
    with peeking(artemis.connection(), f"/queue/{name}") as peek:
        assert peek.surveyed is not None and not peek.surveyed.ask, "a look by the management is no reader"
        assert peek.look().count == 5
    failed = drain(artemis.connection(), f"/queue/{name}", tmp_path / "d.jsonl", limit=2).failed
    assert isinstance(failed, Unagreed)
    assert "is deleted once its last reader has left (auto-delete), with all that is in it." in failed.risks[0]
    artemis.wait_for(name, 5)


@pytest.mark.parametrize("key", RABBITS)
def test_what_lives_shorter_than_twice_the_hold_goes_back_before(
    place: Place, name: str, connection: Connection
) -> None:
    make(place, name, {"durable": True, "arguments": {"x-message-ttl": 60_000}})
    with peeking(connection, f"/amq/queue/{name}", hold=300) as peek:
        assert peek.surveyed is not None
        assert "keeps a message for 60 s" in peek.surveyed.notice
        peek.look(PeekOptions(None))
        assert peek.peek.hold_time == 30
    rabbit(place).delete(name)
