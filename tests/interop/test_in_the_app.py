"""Messages of programs that are not ours show in the app, and what is typed into it reaches them, byte for byte."""

from __future__ import annotations

import asyncio

from tests.interop.conftest import Place
from tests.interop.programs import missing_lua, receiver, say_hi
from tests.interop.test_looking import HUGE, fill, left
from tests.support.brokers.coilmq import CoilMQ
from tests.support.console import Driver, console
from tests.support.needs import need


async def type_the_message(driver: Driver) -> None:
    """The message of the Lua script, by keys alone, without receipt and content-length."""
    await driver.compose("/queue/test", "say hi!")
    await driver.press("enter", "tab")
    await driver.type_in("app-id")
    await driver.press("enter")
    await driver.type_in("APP")
    await driver.press("f9", "f10")
    await driver.sees("app-id:APP", "○ receipt", "○ content-length")


async def test_what_lua_says_shows_in_the_log(place: Place) -> None:
    need(missing_lua())
    place.empty("test")
    async with console(place.port, subscribe=("/queue/test",)) as driver:
        await driver.up()
        await asyncio.to_thread(say_hi, place.port)
        await driver.until(lambda: driver.messages, "the message")
        frame = driver.messages[0].frame
        assert frame is not None
        assert frame.get("destination") == "/queue/test"
        assert frame.get("app-id") == "APP"
        assert bytes(frame.body) == b"say hi!"
        await driver.sees("← /queue/test", "say hi!")
        assert driver.watch().total == 1


async def test_what_is_typed_reaches_a_stomp_py_listener(place: Place) -> None:
    place.empty("test")
    with receiver(place.port) as listener:
        await asyncio.to_thread(listener.wait_for, "listening")
        async with console(place.port) as driver:
            await driver.up()
            await type_the_message(driver)
            await driver.press("f5")
            assert await asyncio.to_thread(listener.wait) == 0
        assert "destination: /queue/test" in listener.seen
        assert "app-id: APP" in listener.seen
        assert listener.seen[-2:] == ["say hi!", ""]


class Recorder:
    """A server that says CONNECTED and writes down every byte it is sent."""

    def __init__(self) -> None:
        self.received = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        writer.write(b"CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0")
        while data := await reader.read(4096):
            self.received += data
        writer.close()


async def test_the_frame_is_on_the_wire_byte_for_byte() -> None:
    recorder = Recorder()
    server = await asyncio.start_server(recorder.serve, "127.0.0.1", 0)
    async with server, console(server.sockets[0].getsockname()[1]) as driver:
        await driver.up()
        await type_the_message(driver)
        await driver.press("f5")
        await driver.until(lambda: b"SEND" in recorder.received and recorder.received.endswith(b"\0"), "the frame")
        assert recorder.received.lstrip(b"\n") == b"SEND\ndestination:/queue/test\napp-id:APP\n\nsay hi!\n\0"
        assert "sent; whether the broker took it is told only by its log" in driver.outcome


async def test_awkward_messages_are_all_shown_and_all_stay(place: Place) -> None:
    queue = "looked-at-in-the-app"
    count = await asyncio.to_thread(fill, place, queue)
    async with console(place.port, subscribe=(f"/queue/{queue}",)) as driver:
        await driver.up()
        await driver.until(lambda: len(driver.messages) == count, "all of them", within=60)
        await driver.sees("17.7 MB", "an escape that 1.1 lacks", "that is not UTF-8", "small 0", "small 19")
        huge = driver.messages[0].frame
        assert huge is not None
        assert huge.body_size == len(HUGE)
        assert driver.watch().total == count
        # The twenty small ones are below the row whose header is not UTF-8; its bytes can be seen.
        await driver.press(*["up"] * 20, "enter", "tab", "3")
        await driver.sees("header that is not UTF-8: b'odd:caf\\xe9'", r"odd:caf\xe9␊")
    assert len(await asyncio.to_thread(left, place, queue, count)) == count


async def test_a_broker_that_is_a_bit_broken_does_not_break_the_app(coilmq: CoilMQ) -> None:
    async with console(connection=coilmq.connection(), autoconnect=True, consume=("/queue/test",)) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.compose("/queue/test", "say hi!")
        await driver.press("f5")
        await driver.until(lambda: driver.messages, "the message back")
        await driver.sees("← /queue/test", "say hi!")
        coilmq.kill()
        await driver.sees("✗ connection lost", "reconnecting in")
