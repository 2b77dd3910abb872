"""Copying a message as a program: from the compose pane and from the log."""

from __future__ import annotations

import json

from stomptui.compose.draft import Draft, HeaderLine
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker


async def test_a_draft_is_copied_as_the_language_that_is_chosen(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        pane = driver.app.console_screen.pane
        await driver.press("c")
        pane.load(Draft("/queue/copied-as", [HeaderLine("token", "s3cret")], "hello"))
        await driver.press("ctrl+underscore")
        await driver.sees("Copy the message as what?")
        await driver.sees("Python")
        await driver.press("enter")
        await driver.until(lambda: "stomp.Connection12(" in driver.app.clipboard, "copied")
        assert f"('127.0.0.1', {embedded.port})" in driver.app.clipboard
        assert "s3cret" not in driver.app.clipboard
        await driver.press("ctrl+underscore")
        await driver.sees("Copy the message as what?")
        await driver.press("down", "enter")
        await driver.until(lambda: f"nc 127.0.0.1 {embedded.port}" in driver.app.clipboard, "copied")


async def test_what_is_wrong_with_a_draft_is_said_instead(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("c", "ctrl+underscore")
        await driver.until(lambda: "a destination is needed" in driver.outcome, "said")


async def test_a_message_of_the_log_is_copied_as_a_line(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/queue/copied-line",)) as driver:
        await driver.up()
        await driver.press("c")
        driver.app.console_screen.pane.load(Draft("/queue/copied-line", [HeaderLine("a", "1")], "hello"))
        await driver.press("ctrl+g")
        await driver.sees("← /queue/copied-line")
        await driver.press("escape", "A")
        await driver.sees("Copy the message as what?")
        await driver.press("down", "down", "enter")
        await driver.until(lambda: driver.app.clipboard.startswith('{"destination"'), "copied")
        line = json.loads(driver.app.clipboard)
        assert (line["destination"], line["body"]) == ("/queue/copied-line", "hello")
        assert ["a", "1"] in line["headers"]
