"""go-stomp in the app: nothing that a person presses ends its server or loses a message."""

from __future__ import annotations

import asyncio

from textual.widgets import Select

from stomptui.journal.entry import RowKind
from tests.support.brokers.gostomp import GoStomp
from tests.support.console import console
from tests.support.raw import RawStomp

QUEUE = "/queue/test"


def fill(broker: GoStomp, count: int) -> None:
    with RawStomp("127.0.0.1", broker.port) as client:
        client.connect("1.2")
        for number in range(count):
            client.receipt("SEND", {"destination": QUEUE}, f"order {number}")


def left(broker: GoStomp, count: int) -> list[bytes]:
    """What is in the queue; it is empty afterwards."""
    with RawStomp("127.0.0.1", broker.port) as client:
        client.connect("1.2")
        client.send("SUBSCRIBE", {"id": "1", "destination": QUEUE, "ack": "auto"})
        found = [frame.body for frame in client.messages(count)]
        client.expect_nothing()
        return found


async def test_an_ack_that_it_does_not_understand_is_not_sent(gostomp: GoStomp) -> None:
    await asyncio.to_thread(fill, gostomp, 3)
    async with console(gostomp.port, subscribe=(QUEUE,)) as driver:
        await driver.until(lambda: driver.messages, "the first message")
        await driver.sees("stompd", "order 0")
        await driver.press("up", "down", "a")
        assert "a Ack" not in driver.screen
        sent = [entry.frame.command for entry in driver.entries if entry.frame and entry.kind is RowKind.SENT]
        assert sent == ["CONNECT", "SUBSCRIBE"]
        assert len(driver.messages) == 1
        assert gostomp.pid is not None
        assert driver.app.console_screen.console.connected
    assert await asyncio.to_thread(left, gostomp, 3) == [b"order 0", b"order 1", b"order 2"]


async def test_consume_takes_everything(gostomp: GoStomp) -> None:
    await asyncio.to_thread(fill, gostomp, 200)
    async with console(gostomp.port, consume=(QUEUE,)) as driver:
        await driver.until(lambda: len(driver.messages) == 200, "all of them")
        assert driver.watch().total == 200
    assert await asyncio.to_thread(left, gostomp, 0) == []


async def test_a_message_from_compose_is_confirmed(gostomp: GoStomp) -> None:
    async with console(gostomp.port) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.compose(QUEUE, "from compose")
        await driver.press("f5")
        await driver.until(lambda: "confirmed" in driver.outcome, "confirmed")
    assert await asyncio.to_thread(left, gostomp, 1) == [b"from compose"]


async def test_the_form_offers_what_it_can_do_and_no_more(gostomp: GoStomp) -> None:
    await asyncio.to_thread(fill, gostomp, 2)
    async with console(gostomp.port) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.press("s")
        await driver.sees("Destination  ", "hold: keep messages unacknowledged")
        await driver.type_in(QUEUE)
        await driver.sees("one message and no more")
        modes = driver.app.screen.query_one("#mode", Select)
        assert [value for _, value in modes._options] == ["hold", "consume"]
        await driver.press("enter")
        await driver.sees("order 0")
    assert await asyncio.to_thread(left, gostomp, 2) == [b"order 0", b"order 1"]
    assert gostomp.pid is not None
