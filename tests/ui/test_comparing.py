"""Comparing two messages, or a draft and a message, side by side."""

from __future__ import annotations

from rich.cells import cell_len

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.repair import Repair
from stomptui.journal.compare.rows import row
from stomptui.protocol.frame import Frame
from stomptui.ui.compare.compared_lines import Columns, ComparedLines
from stomptui.ui.compare.screen import CompareScreen
from stomptui.ui.peek.screen import PeekScreen
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_peeking import peek


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


async def test_two_marked_messages_are_compared_and_a_draft_with_the_one_under_the_cursor(
    embedded: EmbeddedBroker,
) -> None:
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
        # In a narrow terminal one stands below the other.
        await driver.pilot.resize_terminal(66, 30)
        log.go_to(numbers[0])
        await driver.press("c")
        driver.app.console_screen.pane.load(Draft(queue, [HeaderLine("priority", "5")], '{"n": [1, 2]}'))
        await driver.press("ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.press(*"compare with", "enter")
        await driver.sees("− the draft", "2 headers differ", "≠ priority ", "  − 5 ", "  + 4 ")
        await driver.sees("Body, by value: no difference")
        await driver.press("escape")
        await driver.until(lambda: not isinstance(driver.app.screen, CompareScreen), "back")
        # One that is repaired is compared with the original.
        original = Repair("/queue/DLQ", "", Frame(b"MESSAGE\nkind:wrong\n\nhello"), 0)
        driver.app.console_screen.pane.load(Draft(queue, [HeaderLine("kind", "right")], "hello", repairs=original))
        await driver.press("ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.press(*"compare with", "enter")
        await driver.sees("+ the original in /queue/DLQ", "≠ kind ", "  − right ", "  + wrong ")
        await driver.press("escape")
        await driver.until(lambda: not isinstance(driver.app.screen, CompareScreen), "back")


async def test_messages_of_a_peek_are_compared(embedded: EmbeddedBroker) -> None:
    embedded.publish("/queue/orders", "one\ntwo")
    embedded.publish("/queue/orders", "one\nother")
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press("home", "v", "=")
        await driver.sees("1 line of the body differs", "message 1", "message 2", "≠ 2", "two", "│ other")
        await driver.press("d", "slash", *"one", "enter")
        await driver.sees("1 of 2")
        await driver.press("n")
        await driver.sees("2 of 2")
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, PeekScreen), "back at the peek")


def test_nothing_is_painted_as_it_came() -> None:
    evil = "\x1b[2J\u202eab\u200b[b]\udcff\t" + "wide 漢字 " * 30
    rows = [row(evil, evil, evil[:-3]), row("a", None, evil), row("b", evil, evil), row("c", evil, None)]
    for width in (40, 66, 100):
        columns = Columns.of(rows, width)
        lines = [*columns.heads(evil, evil), *ComparedLines([("Headers", rows)], columns, True).all_lines()]
        texts = ["".join(text for text, _ in line) for line in lines]
        assert all(text.isprintable() and cell_len(text) <= width for text in texts)
