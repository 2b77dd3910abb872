"""What a person does with a Spring application: sends, reads, is told why the session ended, and comes back."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from functools import partial

import websocket

from stomptui.config.connection import Connection
from tests.support.brokers.spring import Door, Spring
from tests.support.console import Driver, console

QUICK = 4_000
"""Messages a second of a flood that is paced."""


def received(reader: websocket.WebSocket) -> bytes:
    """The next frame that is none of those sent to find out whether any come."""
    while True:
        got = reader.recv()
        frame = got.encode() if isinstance(got, str) else got
        if not frame.endswith(b"\n\nthere?\0"):
            return frame


@contextlib.contextmanager
def other_reader(spring: Spring, destination: str) -> Iterator[websocket.WebSocket]:
    """Somebody else who is subscribed, with a client that is not ours."""
    reader = websocket.create_connection(f"ws://127.0.0.1:{spring.port}/ws", suppress_origin=True, timeout=20)
    try:
        reader.send("CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0")
        assert received(reader).startswith(b"CONNECTED")
        reader.send(f"SUBSCRIBE\nid:1\ndestination:{destination}\n\n\0")
        # Nothing confirms it: the first message of our own that comes is the proof.
        while True:
            spring.publish(destination, b"there?", type="text/plain")
            with contextlib.suppress(websocket.WebSocketTimeoutException):
                reader.settimeout(0.5)
                reader.recv()
                break
        reader.settimeout(20)
        yield reader
    finally:
        reader.close()


@contextlib.asynccontextmanager
async def watching(connection: Connection, *destinations: str) -> AsyncIterator[Driver]:
    """The app, connected and subscribed."""
    async with console(connection=connection, autoconnect=True, subscribe=destinations) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        yield driver


async def subscribed(driver: Driver, spring: Spring, destination: str) -> int:
    """Wait until a message comes through: Spring confirms no subscription. Gives how many it took."""
    for sent in range(1, 200):
        await asyncio.to_thread(spring.publish, destination, b"there?", type="text/plain")
        await asyncio.sleep(0.05)
        if driver.messages:
            await driver.until(lambda sent=sent: len(driver.messages) <= sent, "those that were sent")  # type: ignore[misc]
            return len(driver.messages)
    raise AssertionError(f"no message comes through: {driver.notes}")


async def test_a_large_body_from_compose_reaches_a_subscriber_byte_for_byte(spring: Spring) -> None:
    rows = [{"number": number, "text": f"é 日本 \U0001f44b {number:05}"} for number in range(1_000)]
    body = json.dumps(rows, ensure_ascii=False, indent=1)
    body = f'{body[:-2]},\n"{"x" * (60_000 - len(body.encode()) - 4)}"\n]'
    assert len(body.encode()) == 60_000
    with other_reader(spring, "/topic/large-body") as reader:
        async with watching(spring.connection()) as driver:
            await driver.compose("/topic/large-body", "")
            await driver.paste(body)
            await driver.press("f5")
            frame = await asyncio.to_thread(received, reader)
    head, _, rest = frame.partition(b"\n\n")
    assert rest == body.encode() + b"\0"
    assert b"content-length:60000" in head


async def test_a_body_that_its_content_length_does_not_fit_is_shown_whole_and_flagged(spring: Spring) -> None:
    """Spring puts U+FFFD in place of bytes that are not text, and still counts the bytes that were there."""
    async with watching(spring.connection(), "/topic/odd-length") as driver:
        before = await subscribed(driver, spring, "/topic/odd-length")
        await asyncio.to_thread(spring.publish, "/topic/odd-length", b"a\xff\xfe end", type="text/plain")
        await driver.until(lambda: len(driver.messages) == before + 1, "the message")
        frame = driver.messages[-1].frame
        assert frame is not None
        assert bytes(frame.body).decode() == "a�� end"
        await driver.sees("content-length says 7, the body has 11 bytes")


async def test_who_is_logged_out_is_told_so(spring: Spring) -> None:
    connection = await asyncio.to_thread(spring.through, Door.FORM)
    async with watching(connection) as driver:
        cookie = dict(connection.ws_headers)["Cookie"]
        await asyncio.to_thread(spring.log_out, cookie)
        await driver.sees(
            "logged out: the server closed the WebSocket",
            "the server wants a new login; Cookie in the HTTP headers may have expired",
        )


async def test_a_server_that_was_killed_is_read_again_once_it_is_back(spring: Spring) -> None:
    async with watching(spring.connection(), "/topic/back") as driver:
        before = await subscribed(driver, spring, "/topic/back")
        await asyncio.to_thread(spring.kill)
        await driver.lost()
        await asyncio.to_thread(spring.start)
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected again")
        for _ in range(200):
            await asyncio.to_thread(spring.publish, "/topic/back", b"it is back", type="text/plain")
            if len(driver.messages) > before:
                break
            await asyncio.sleep(0.05)
        await driver.sees("← /topic/back", "it is back")


async def test_a_flood_that_is_paced_is_shown_whole(spring: Spring) -> None:
    async with watching(spring.connection(), "/topic/flood") as driver:
        await subscribed(driver, spring, "/topic/flood")
        # In parts: on a machine that is busy with other things, nobody reads at that rate for long.
        for _ in range(10):
            before = driver.watch().total
            await asyncio.to_thread(spring.flood, "/topic/flood", 1000, 1000, QUICK)
            await driver.until(partial(lambda before: driver.watch().total >= before + 1000, before), "a part")

        def shown() -> int:
            # Each begins with its number; what was sent to find out whether anything comes does not.
            return sum(1 for entry in driver.messages if entry.frame and entry.frame.body[:8].isdigit())

        await driver.until(lambda: shown() == 10_000, "all of them")


async def test_who_reads_too_slowly_is_told_so(spring: Spring) -> None:
    """No client can read a tight loop of the server as fast as it sends: more than 512 KiB wait for us."""
    async with watching(spring.connection(), "/topic/tight-loop") as driver:
        await subscribed(driver, spring, "/topic/tight-loop")
        await asyncio.to_thread(spring.flood, "/topic/tight-loop", 30_000, 1000)
        await driver.sees("we read too slowly")
        await driver.until(lambda: any("(4500" in note for note in driver.notes), "the code")
