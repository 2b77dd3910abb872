"""Transactions by hand on real brokers: a bare socket counts what is there after a commit, an abort and a cut."""

from __future__ import annotations

import asyncio

import pytest

from stomptui.compose.draft import Draft
from stomptui.journal.entry import Entry, RowState
from stomptui.ui.console.compose_actions import ACTIONS
from tests.interop.test_requests import BROKERS
from tests.support.brokers import REGISTRY
from tests.support.brokers.base import Broker
from tests.support.console import Driver, console
from tests.support.raw import RawStomp


@pytest.fixture(params=[pytest.param(key, marks=[pytest.mark.broker(key)] * (key in REGISTRY)) for key in BROKERS])
def broker(request: pytest.FixtureRequest) -> Broker:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Broker)
    return found


def count(port: int, queue: str) -> list[bytes]:
    """What is in a queue, which is empty then."""
    with RawStomp("127.0.0.1", port) as client:
        client.connect()
        client.receipt("SEND", {"destination": queue}, "end")
        # What comes to a reader who is leaving goes back, since he acknowledges only what he counts.
        client.send("SUBSCRIBE", {"id": "s", "destination": queue, "ack": "client-individual"})
        found: list[bytes] = []
        while True:
            try:
                frame = client.expect("MESSAGE", 0.5 if b"end" in found else 10.0)
            except TimeoutError:
                break
            client.send("ACK", {"id": frame["ack"]})
            found.append(frame.body)
        client.receipt("UNSUBSCRIBE", {"id": "s", "destination": queue})
        found.remove(b"end")
        return found


async def choose(driver: Driver, id: str) -> None:
    driver.app.console_screen.compose_menu.run(next(action for action in ACTIONS if action.id == id))
    await driver.pilot.pause()


async def send(driver: Driver, queue: str, *bodies: str) -> None:
    for body in bodies:
        driver.app.console_screen.pane.load(Draft(queue, [], body, receipt=body != "no receipt"))
        await driver.press("ctrl+g")
        await driver.until(lambda: body.encode() in bodies_sent(driver), "sent")  # noqa: B023


def sent(driver: Driver) -> list[Entry]:
    return [entry for entry in driver.entries if entry.frame is not None and entry.frame.command == "SEND"]


def bodies_sent(driver: Driver) -> list[bytes]:
    return [bytes(entry.frame.body) for entry in sent(driver) if entry.frame is not None]


def states(driver: Driver) -> set[RowState | None]:
    return {entry.outcome.state if entry.outcome else None for entry in sent(driver)}


async def test_what_is_committed_is_there_and_what_is_aborted_or_cut_is_not(broker: Broker) -> None:
    queue = "/queue/transactions-by-hand"
    await asyncio.to_thread(count, broker.port, queue)
    async with console(connection=broker.connection(), autoconnect=True) as driver:
        await driver.up()
        await driver.press("c")
        await choose(driver, "begin")
        await send(driver, queue, "one", "two", "no receipt")
        await driver.sees("Transaction tx-1: 3 messages")
        assert states(driver) == {RowState.IN_TRANSACTION}
        assert await asyncio.to_thread(count, broker.port, queue) == []
        await choose(driver, "commit")
        await driver.until(lambda: "committed in" in driver.outcome, "committed")
        await driver.until(lambda: states(driver) == {RowState.CONFIRMED}, "each is confirmed")
        print(
            f"{broker.title}: {driver.outcome}; {[entry.outcome and entry.outcome.elapsed for entry in sent(driver)]}"
        )
        assert await asyncio.to_thread(count, broker.port, queue) == [b"one", b"two", b"no receipt"]
        await choose(driver, "begin")
        await send(driver, queue, "three")
        await choose(driver, "abort")
        await driver.until(lambda: "aborted" in driver.outcome, "aborted")
        assert states(driver) == {RowState.CONFIRMED, RowState.ABORTED}
        assert await asyncio.to_thread(count, broker.port, queue) == []
        await choose(driver, "begin")
        await send(driver, queue, "four", "five")
        await driver.sees("Transaction tx-3: 2 messages")
        session = driver.app.console_screen.console.session
        assert session is not None
        session.close("cut")
        await driver.until(lambda: any("gone with the connection" in note for note in driver.notes), "said")
        assert states(driver) == {RowState.CONFIRMED, RowState.ABORTED}
        assert await asyncio.to_thread(count, broker.port, queue) == []
        assert driver.app.console_screen.console.transactions.current is None
