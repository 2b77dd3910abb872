"""Text of the log is selected by dragging the mouse, and copied as it is shown."""

from __future__ import annotations

import pytest

from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.log.row_selection import RowPlace, RowSelection
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker


def line_of(driver: Driver, text: str) -> tuple[int, int]:
    """Where a text begins in the log: cells and lines from its upper left corner."""
    log = driver.app.console_screen.log_view
    for y in range(log.size.height):
        x = log.render_line(y).text.find(text)
        if x >= 0:
            return x + log.gutter.left, y
    raise AssertionError(text)


def reversed_text(log: MessageLog) -> list[str]:
    segments = [segment for y in range(log.size.height) for segment in log.render_line(y)]
    return [each.text for each in segments if each.style and each.style.reverse and each.style.underline]


async def drag(driver: Driver, begin: str, end: str) -> None:
    """From the first character of one text to the last of another."""
    x, y = line_of(driver, end)
    await driver.pilot.mouse_down("#log", offset=line_of(driver, begin))
    await driver.pilot.hover("#log", offset=(x + len(end) - 1, y))
    await driver.pilot.mouse_up("#log", offset=(x + len(end) - 1, y))


async def test_text_of_rows_is_selected_copied_and_left(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",), size=(120, 40)) as driver:
        await driver.up()
        for number in range(4):
            embedded.publish("/topic/a", f"body {number}")
        await driver.sees("body 3")
        log = driver.app.console_screen.log_view
        await drag(driver, "body 1", "body 1")
        await driver.press("y")
        await driver.until(lambda: driver.app.clipboard == "body 1", driver.app.clipboard)
        assert not log.following
        # It stays with its text while others come; what was selected can end on another row, from below as well.
        embedded.publish("/topic/a", "body 4")
        await driver.sees("body 4")
        await driver.press("y")
        assert driver.app.clipboard == "body 1"
        x, y = line_of(driver, "body 3")
        await driver.pilot.mouse_down("#log", offset=(x + 5, y))
        await driver.pilot.hover("#log", offset=line_of(driver, "body 2"))
        await driver.pilot.mouse_up("#log", offset=line_of(driver, "body 2"))
        await driver.press("y")
        await driver.until(lambda: driver.app.clipboard.startswith("body 2\n"), driver.app.clipboard)
        assert driver.app.clipboard.endswith("6 B text body 3"), driver.app.clipboard
        # Without a selection it is the body again; a click selects a row, two open it.
        await driver.press("escape")
        await driver.until(lambda: log.painting.selection.ends is None)
        await driver.pilot.click("#log", offset=line_of(driver, "body 0"))
        await driver.press("y")
        await driver.until(lambda: driver.app.clipboard == "body 0", driver.app.clipboard)
        await driver.pilot.click("#log", offset=line_of(driver, "body 0"), times=2)
        await driver.until(lambda: driver.app.console_screen.detail.region.height > 3, "the message")


@pytest.mark.parametrize("without", ["colours", "many colours"])
async def test_a_selection_is_seen_without_colours(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    if without == "colours":
        monkeypatch.setenv("NO_COLOR", "1")
    async with console(embedded.port, subscribe=("/topic/a",), size=(120, 40)) as driver:
        await driver.up()
        embedded.publish("/topic/a", "body 1")
        await driver.sees("body 1")
        if without == "many colours":
            driver.app.theme = "ansi-dark"
        await drag(driver, "body 1", "body 1")
        log = driver.app.console_screen.log_view
        await driver.until(lambda: reversed_text(log) == ["body 1"], str(reversed_text(log)))


def test_a_selection_is_from_one_place_to_another() -> None:
    selection = RowSelection()
    assert not selection.drag(RowPlace(1, 1)) and selection.cells(1, 80) is None
    selection.press(RowPlace(7, 10))
    assert not selection.drag(RowPlace(7, 10)) and selection.ends is None
    assert selection.drag(RowPlace(5, 70))
    assert [selection.cells(number, 60) for number in (4, 5, 6, 7, 8)] == [None, (60, 60), (0, 60), (0, 11), None]
    selection.release()
    assert not selection.drag(RowPlace(9, 0))
    assert selection.clear() and not selection.clear()
