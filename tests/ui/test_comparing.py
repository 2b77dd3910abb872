"""Comparing two messages, or a draft and a message, side by side."""

from __future__ import annotations

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.ui.compare.screen import CompareScreen
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker


async def send(driver: Driver, draft: Draft, number: int) -> None:
    """Send a draft, and wait until it came back."""
    driver.app.console_screen.pane.load(draft)
    await driver.press("ctrl+g")
    await driver.until(lambda: len(driver.messages) == number, "it came")


async def two_messages(driver: Driver, queue: str) -> None:
    """Two messages in the log."""
    await driver.up()
    await driver.press("c")
    await send(driver, Draft(queue, [HeaderLine("priority", "4"), HeaderLine("token", "one")], '{"n": [1, 2]}'), 1)
    await send(driver, Draft(queue, [HeaderLine("priority", "9"), HeaderLine("token", "two")], '{"n": [1, 3]}'), 2)
    await driver.press("escape")


async def test_two_marked_messages_are_compared(embedded: EmbeddedBroker) -> None:
    queue = "/queue/compared"
    async with console(embedded.port, subscribe=(queue,)) as driver:
        await two_messages(driver, queue)
        await driver.press("=")
        await driver.until(lambda: any("mark both (v)" in told for told in driver.told), "said")
        log, numbers = driver.app.console_screen.log_view, [entry.number for entry in driver.messages]
        for number in numbers:
            log.marks.toggle(number)
        await driver.press("=")
        await driver.sees("2 headers and 1 value of the body differ", "≠ priority", "≠ n[1]")
        assert "one" not in driver.screen.replace("none", "")
        assert "destination" not in driver.screen
        assert " 2 " in driver.screen and "│ 3" in driver.screen
        await driver.press("d")
        await driver.sees("destination", "n[0]")
        await driver.press("f7")
        await driver.sees("one", "two")
        await driver.press("f7", "x")
        await driver.sees("│ 2")
        await driver.press("y")
        await driver.until(lambda: "≠ n[1]\n  − 3\n  + 2" in driver.app.clipboard, "copied")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "back")
        log.marks.toggle(numbers[0])
        log.marks.toggle(numbers[1])


async def test_a_draft_is_compared_with_the_message_under_the_cursor(embedded: EmbeddedBroker) -> None:
    queue = "/queue/compared-draft"
    async with console(embedded.port, subscribe=(queue,), size=(66, 30)) as driver:
        await two_messages(driver, queue)
        log = driver.app.console_screen.log_view
        log.go_to(driver.messages[0].number)
        await driver.press("c")
        driver.app.console_screen.pane.load(Draft(queue, [HeaderLine("priority", "5")], '{"n": [1, 2]}'))
        await driver.press("ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.press(*"compare with", "enter")
        # In a narrow terminal one stands below the other.
        await driver.sees(
            "− the draft", "2 headers differ", "≠ priority ", "  − 5 ", "  + 4 ", "Body, by value: no difference"
        )
        await driver.press("escape")
        await driver.until(lambda: not isinstance(driver.app.screen, CompareScreen), "back")
