"""Letters to go by: what gets one, where they stand, and where they lead."""

from __future__ import annotations

import pytest
from textual.widget import Widget
from textual.widgets import Input, TextArea

from stomptui.ui.jump.screen import JumpScreen
from stomptui.ui.jump.targets import jump_targets
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker


async def letters(driver: Driver) -> JumpScreen:
    await driver.press("ctrl+f")
    await driver.sees("Press a letter to go there")
    screen = driver.app.screen
    assert isinstance(screen, JumpScreen)
    return screen


async def go_to(driver: Driver, widget: Widget) -> None:
    """Press the letter that is shown to the left of a widget, or in the edge of the pane that it fills."""
    screen = await letters(driver)
    target = next(each for each in screen._targets if getattr(each.go, "__self__", None) is widget)
    assert driver.screen.splitlines()[target.place.y][target.place.x] == target.letter
    await driver.press(target.letter)
    await driver.until(lambda: widget.has_focus and not isinstance(driver.app.screen, JumpScreen), f"{widget}")


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (140, 40)])
async def test_a_letter_goes_anywhere_also_from_within_a_field(embedded: EmbeddedBroker, size: tuple[int, int]) -> None:
    embedded.publish("/queue/orders", "hello")
    async with console(embedded.port, size=size) as driver:
        await driver.up()
        screen = driver.app.console_screen
        await driver.press("c")
        await driver.type_in("/queue/a")
        body = screen.pane.query_one(TextArea)
        await go_to(driver, body)
        await driver.type_in("text")
        # Any other key only takes them away, and is not typed.
        await letters(driver)
        await driver.press("escape")
        await driver.until(lambda: body.has_focus, "the body")
        await letters(driver)
        await driver.press("0")
        await driver.until(lambda: not isinstance(driver.app.screen, JumpScreen), "no letters")
        await letters(driver)
        await driver.press("ctrl+f")
        await driver.until(lambda: not isinstance(driver.app.screen, JumpScreen), "no letters")
        assert (body.text, screen.pane.draft.destination) == ("text", "/queue/a")
        # What is sized by keys that are text in a field.
        height = screen.pane.region.height
        await letters(driver)
        await driver.press("plus")
        await driver.until(lambda: not screen.query_one("#body").region.height and body.has_focus, "compose alone")
        assert screen.pane.region.height >= height
        await driver.press("escape", "escape")
        if size[1] >= 20:
            await go_to(driver, screen.log_view)
        await driver.press("g")
        await driver.sees("orders")
        await letters(driver)
        await driver.press("a")
        await driver.press("enter")
        await driver.sees("How many")
        hold = driver.app.screen.query_one("#peek-limit", Input)
        await go_to(driver, hold)
        await go_to(driver, driver.app.screen.query_one("#peek-yes"))
        await driver.press("enter")
        await driver.sees("hello")
        await letters(driver)
        await driver.press("escape")


async def test_tabs_have_letters_and_sizes_change_several_times(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",), size=(100, 40)) as driver:
        await driver.up()
        embedded.publish("/topic/a", "hello", [("colour", "red")])
        await driver.sees("hello")
        await driver.press("enter")
        screen = driver.app.console_screen
        await driver.until(lambda: screen.detail.region.height > 3, "the message")
        await letters(driver)
        # The second tab that is not shown.
        line = next(line for line in driver.screen.splitlines() if "Body" in line and "Hex" in line)
        await driver.press(line[line.index("4 Hex") - 1])
        await driver.sees("00000000")
        await driver.until(lambda: screen.detail.has_focus_within, "the message")
        before = screen.detail.region.height
        await letters(driver)
        await driver.press("greater_than_sign", "greater_than_sign")
        await driver.until(lambda: screen.detail.region.height > before + 1, "twice as much more")
        await driver.sees("Press a letter")
        await driver.until(
            lambda: any(target.place.y == screen.detail.region.y for target in jump_targets(screen)), "letters there"
        )
        await driver.press("escape")


async def test_letters_in_the_form_and_with_the_mouse() -> None:
    async with console(size=(80, 24)) as driver:
        form = driver.app.screen
        await driver.until(lambda: form.focused is not None, "the form")
        for name in ("port", "login", "timeout"):
            await go_to(driver, form.query_one(f"#field-{name}"))
        screen = await letters(driver)
        host = form.query_one("#field-host")
        target = next(each for each in screen._targets if getattr(each.go, "__self__", None) is host)
        await driver.pilot.click(offset=target.place)
        await driver.until(lambda: host.has_focus, "the host")
        # Letters stand beside what they are for, not on it.
        screen = await letters(driver)
        shown = driver.screen.splitlines()
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is form, "the form")
        plain = [f"{line:<80}" for line in driver.screen.splitlines()]
        for target in screen._targets:
            assert plain[target.place.y][target.place.x] in " │─╭", (target, plain[target.place.y])
            assert shown[target.place.y][target.place.x] == target.letter
