"""stomp-broker-js in the app: what is odd there is said once, and nothing ends its process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import websocket

from tests.support.brokers.stompbrokerjs import StompBrokerJs
from tests.support.console import Driver, console


@contextlib.contextmanager
def other_session(broker: StompBrokerJs) -> Iterator[websocket.WebSocket]:
    """Somebody else, with a client that is not ours."""
    client = websocket.create_connection(f"ws://127.0.0.1:{broker.port}/stomp", timeout=10)
    try:
        client.send("CONNECT\naccept-version:1.1\n\n\0")
        assert "CONNECTED" in str(client.recv())
        yield client
    finally:
        client.close()


async def subscribed(driver: Driver, client: websocket.WebSocket) -> None:
    """Wait until a message comes through: no subscription is confirmed."""
    await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
    for _ in range(200):
        client.send("SEND\ndestination:/topic/test\n\nthere?\0")
        await asyncio.sleep(0.05)
        if driver.messages:
            return
    raise AssertionError(f"no message comes through: {driver.notes}")


async def test_lengths_in_characters_are_told_once_and_bodies_are_whole(stompbrokerjs: StompBrokerJs) -> None:
    with other_session(stompbrokerjs) as client:
        async with console(
            connection=stompbrokerjs.connection(), autoconnect=True, subscribe=("/topic/test",)
        ) as driver:
            await subscribed(driver, client)
            for number in range(3):
                client.send(f"SEND\ndestination:/topic/test\n\nhé 日本 \U0001f44b {number}\0")
            await driver.sees("← /topic/test", "hé 日本 \U0001f44b 0", "hé 日本 \U0001f44b 2")
            assert len([note for note in driver.notes if "counts characters in content-length" in note]) == 1
            assert not any(entry.odd for entry in driver.messages)
            await driver.sees("stomp-broker-js")


async def test_a_large_frame_goes_in_one_websocket_message(stompbrokerjs: StompBrokerJs) -> None:
    """One in several would end its process."""
    with other_session(stompbrokerjs) as client:
        client.send("SUBSCRIBE\nid:1\ndestination:/topic/large\n\n\0")
        async with console(connection=stompbrokerjs.connection(), autoconnect=True) as driver:
            await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
            await driver.compose("/topic/large", "")
            await driver.paste("x" * 50_000)
            await driver.press("f5")
            frame = str(await asyncio.to_thread(client.recv))
    assert frame.partition("\n\n")[2] == "x" * 50_000 + "\0"
    assert stompbrokerjs.pid is not None
