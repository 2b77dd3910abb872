"""A body is shown another way: the view is chosen from a list, and holds for bodies of the same media type."""

from __future__ import annotations

from tests.support.console import console
from tests.support.embedded import EmbeddedBroker

JSON = [("content-type", "application/json")]


async def test_a_view_is_chosen_for_a_media_type(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",), size=(120, 40)) as driver:
        await driver.up()
        embedded.publish("/topic/a", b"\x82\xa1a\x01\xa1b\x02", [("content-type", "application/x-own")])
        embedded.publish("/topic/a", '{"one": 1}', JSON)
        embedded.publish("/topic/a", '{"two": 2}', JSON)
        await driver.sees('"two"')
        await driver.press("enter")
        await driver.sees("view: auto", '"two": 2')
        driver.app.console_screen.detail.focus_view()
        await driver.press("v")
        await driver.sees("Show the body as what?", "auto", "hex", "JSON", "XML", "text")
        await driver.press("down", "enter")
        await driver.sees("view: hex", "7b 22 74 77 6f")
        driver.app.console_screen.log_view.focus()
        await driver.press("up")
        await driver.sees("view: hex", "7b 22 6f 6e 65")
        # Another type is shown as it fits, and can be what nobody could know.
        await driver.press("up")
        await driver.sees("view: auto", "82 a1 61")
        driver.app.console_screen.detail.focus_view()
        await driver.press("v")
        await driver.sees("MessagePack", "CBOR", "Protobuf")
        await driver.press("down", "enter")
        await driver.sees("view: MessagePack", '"a": 1')
        await driver.press("v", "up", "enter")
        await driver.sees("view: auto", "82 a1 61")
        # What a body cannot be is shown plainly.
        driver.app.console_screen.log_view.focus()
        await driver.press("down")
        driver.app.console_screen.detail.focus_view()
        await driver.press("v", "down", "down", "enter")
        await driver.sees("view: XML", '{"one": 1}')
