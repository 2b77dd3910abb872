"""The panes of a peek are placed, sized and shown alone by the keys of the console, and stay so."""

from __future__ import annotations

from stomptui.config.layout import load_layout
from stomptui.ui.peek.screen import PeekScreen
from stomptui.ui.widgets.message.split import MessagePlace
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker


async def peek(driver: Driver) -> PeekScreen:
    await driver.press("p")
    await driver.type_in("/queue/orders")
    await driver.press("enter")
    await driver.sees("Classic queue.")
    await driver.press("f5")
    await driver.sees("2 unacked")
    await driver.painted()
    screen = driver.app.screen
    assert isinstance(screen, PeekScreen)
    return screen


async def test_the_panes_of_a_peek_are_arranged_as_in_the_console(embedded: EmbeddedBroker) -> None:
    for body in ("first", "second"):
        embedded.publish("/queue/orders", body)
    async with console(embedded.port, size=(120, 40)) as driver:
        await driver.up()
        screen = await peek(driver)
        split = screen.split
        await driver.press("home", "enter")
        await driver.until(lambda: screen.has_class("-detail") and split.detail.region.y > split.list_pane.region.y)
        await driver.press("S", "S")
        await driver.until(lambda: any("to the right of the list" in told for told in driver.told))
        await driver.until(lambda: split.detail.region.x > split.list_pane.region.x)
        width = split.detail.region.width
        await driver.press("less_than_sign")
        await driver.until(lambda: split.detail.region.width > width, "the list is smaller")
        await driver.press("greater_than_sign", "greater_than_sign")
        await driver.until(lambda: split.detail.region.width < width, "the list is larger")
        await driver.press("plus")
        await driver.until(lambda: not split.detail.display and split.list_pane.region.width == 120)
        await driver.press("escape")
        await driver.until(lambda: split.detail.display, "both again")
        assert driver.app.screen is screen
        await driver.press("q")
        # The console has it so, the next peek too, and it is remembered.
        here = driver.app.console_screen.split
        await driver.until(lambda: driver.app.screen is driver.app.console_screen)
        assert (here.place, here.share) == (MessagePlace.RIGHT, split.share)
        await driver.until(lambda: load_layout().message_place == "right", "remembered")
        again = await peek(driver)
        assert (again.split.place, again.split.share) == (MessagePlace.RIGHT, split.share)
