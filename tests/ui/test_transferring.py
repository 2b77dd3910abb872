"""Draining a queue into a file and refilling one from it, on the screen."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from stomptui.ui.transfer.form import TransferForm
from stomptui.ui.transfer.screen import TransferScreen
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_peeking import fill, peek
from tests.ui.waiting import until


async def form(driver: Driver, key: str) -> None:
    await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
    await driver.press(key)
    await driver.until(lambda: isinstance(driver.app.screen, TransferForm), "the form")


async def test_a_queue_is_drained_and_refilled(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    fill(embedded)
    path = tmp_path / "orders.jsonl"
    async with console(embedded.port) as driver:
        await form(driver, "D")
        await driver.sees("Drain: export all messages, empty the queue", "in the file and in the queue")
        await driver.type_in("/queue/orders")
        await driver.press("tab")
        await driver.type_in(str(path))
        await driver.press("enter")
        await driver.sees("Drain /queue/orders?", "This moves all messages from the queue to")
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, TransferForm), "enter alone takes nothing out")
        assert embedded.depth("orders") == (10, 0)
        # Every field does the same.
        await driver.press("tab", "enter")
        await driver.sees("Drain /queue/orders?")
        await driver.press("y")
        await driver.sees("✓ 10 drained")
        await until(lambda: embedded.depth("orders") == (0, 0))
        await until(lambda: path.read_text().count("\n") == 10)
        await until(lambda: path.stat().st_mode & 0o777 == 0o600)
        await driver.press("enter")
        await form(driver, "R")
        await driver.sees("empty: each message's own destination", "lines to send")
        await driver.type_in(str(path))
        await driver.press("tab")
        await driver.type_in("/queue/again")
        await driver.press("f5")
        await driver.sees("✓ 10 sent")
        await until(lambda: embedded.bodies("again") == [b"m%d" % n for n in range(10)])
        await driver.press("enter")
        await form(driver, "R")
        await driver.type_in(str(path))
        await driver.press("tab")
        await driver.type_in("/queue/some")
        for field, number in (("number", "3"), ("last", "2")):
            driver.app.screen.query_one(f"#transfer-{field}", Input).value = number
        await driver.press("f5")
        await driver.sees("✗ a line number not before the first, or end")
        driver.app.screen.query_one("#transfer-last", Input).value = "4"
        await driver.press("f5")
        await driver.sees("✓ 2 sent")
        await until(lambda: embedded.bodies("some") == [b"m2", b"m3"])


async def test_a_file_that_exists_is_not_touched_without_a_word(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    fill(embedded, count=2)
    path = tmp_path / "orders.jsonl"
    path.write_text("")
    async with console(embedded.port) as driver:
        await form(driver, "D")
        await driver.type_in("/queue/orders")
        await driver.press("tab")
        await driver.type_in(str(path))
        await driver.sees("File exists", "leave it alone")
        await driver.press("f5")
        await driver.sees("✗ it already exists: choose what to do with it")
        assert isinstance(driver.app.screen, TransferForm)
        await driver.press("tab", "enter", "down", "enter", "f5")
        await driver.sees("✓ 2 drained")


async def test_what_is_missing_is_said_under_its_field(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    async with console(embedded.port) as driver:
        await form(driver, "D")
        await driver.press("f5")
        await driver.sees("✗ a queue is needed")
        await driver.type_in("/queue/orders")
        await driver.press("f5")
        await driver.sees("✗ a file name is needed")
        await driver.type_in(str(tmp_path / "nosuch" / "file"))
        await driver.press("f5")
        await driver.sees("✗ there is no directory")
        driver.app.screen.query_one("#transfer-file", Input).value = str(tmp_path)
        await driver.press("f5")
        await driver.sees("✗ it is a directory")
        await driver.press("escape")
        await form(driver, "R")
        await driver.type_in(str(tmp_path / "nosuch"))
        await driver.press("enter")
        await driver.sees("✗ there is no such file")


async def test_a_queue_that_is_not_there_makes_no_file(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    async with console(embedded.port) as driver:
        await form(driver, "D")
        await driver.type_in("/queue/nosuch")
        await driver.press("tab")
        await driver.type_in(str(path))
        await driver.press("f5")
        await driver.sees("✗ there is no queue nosuch")
        await until(lambda: not path.exists())


async def test_a_broken_line_is_told_with_its_number(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"destination": "/queue/a", "body": "one"}\nnonsense\n{"body": "three"}\n')
    async with console(embedded.port) as driver:
        await form(driver, "R")
        await driver.type_in(str(path))
        await driver.press("enter")
        await driver.sees("1 sent, 2 failed", "line 2", "line 3")
        await until(lambda: embedded.bodies("a") == [b"one"])
        await driver.press("escape")
        await driver.until(lambda: not isinstance(driver.app.screen, TransferScreen), "closed")


async def test_from_a_peek_the_whole_queue_is_drained(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    fill(embedded, count=3)
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press("D")
        await driver.until(lambda: isinstance(driver.app.screen, TransferForm), "the form")
        embedded.wait(lambda: embedded.depth("orders") == (3, 0))
        await driver.type_in(str(tmp_path / "x.jsonl"))
        await driver.press("f5")
        await driver.sees("✓ 3 drained")


async def test_leaving_the_app_ends_a_drain_and_loses_nothing(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    fill(embedded, count=2000)
    path = tmp_path / "x.jsonl"
    async with console(embedded.port) as driver:
        await form(driver, "D")
        await driver.type_in("/queue/orders")
        await driver.press("tab")
        await driver.type_in(str(path))
        await driver.press("f5")
        await driver.until(lambda: path.exists() and path.stat().st_size > 0, "something drained")
    embedded.wait(lambda: embedded.depth("orders")[1] == 0)
    drained = path.read_text().count("\n")
    assert drained + embedded.depth("orders")[0] >= 2000
