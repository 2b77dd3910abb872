"""What stands in a pane with nothing in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stomptui.ui.widgets.empty_state import WIDEST, EmptyText, empty_lines
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker

pytestmark = pytest.mark.timeless

LONG = EmptyText(
    "No messages yet: they appear here as they come.",
    (("s", "subscribes to a destination"), ("ctrl+g", "does something that takes many words to say")),
)


@given(st.integers(1, 250), st.integers(1, 80))
def test_it_is_in_the_middle_and_never_wider_or_higher_than_its_space(width: int, height: int) -> None:
    lines = empty_lines(LONG, width, height)
    assert len(lines) <= height
    texts = [" " * line.indent + line.key + line.text for line in lines]
    assert all(cell_len(text) <= width for text in texts)
    shown = [text for text in texts if text.strip()]
    assert shown, "something is always said"
    above = next(index for index, text in enumerate(texts) if text.strip())
    assert abs(above - (height - len(texts))) <= 1, "as much below as above"
    if width >= WIDEST and height >= 5:
        said = "\n".join(shown)
        assert LONG.title in said and all(key in said and does in said for key, does in LONG.hints)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60)])
async def test_each_empty_pane_says_what_can_be_done_and_nothing_of_it_is_cut(
    embedded: EmbeddedBroker, size: tuple[int, int]
) -> None:
    async with console(embedded.port, size=size) as driver:
        await driver.up()
        await driver.sees("No messages yet.", "s  subscribes to a destination", "c  builds a message and sends it")
        line = next(line for line in driver.screen.splitlines() if "No messages yet." in line)
        log = driver.app.console_screen.log_view.region
        middle = line.index("No messages yet.") + 8
        assert abs(middle - (log.x + log.width // 2)) <= 2
        if size[0] >= 120:
            await driver.sees("No subscriptions yet.")
        await driver.press("g")
        await driver.sees("There are no queues.", "r  asks the broker again", "esc  goes back")
        embedded.publish("/queue/orders", "hello")
        await driver.press("r")
        await driver.sees("orders")
        await driver.press("/", "x", "y")
        await driver.sees("No queue name contains 'xy'.", "esc  shows all 1")
        await driver.press("escape", "escape", "/", "!", "~")
        await driver.sees("No rows contain '!~'. esc shows all")
        await driver.press("escape")
        await driver.press("?")
        await driver.type_in("nothing like this")
        await driver.sees("No key here has that. esc shows all")
        await driver.press("escape", "escape", "c", "f2")
        await driver.sees("there is no earlier draft: what you send is kept here")
        await driver.press("escape")


async def test_an_empty_queue_and_a_closed_message_say_it(embedded: EmbeddedBroker) -> None:
    embedded.publish("/queue/orders", "hello")
    async with console(embedded.port, consume=("/queue/orders",), size=(80, 24)) as driver:
        await driver.up()
        await driver.sees("hello")
        assert "No messages yet" not in driver.screen
        await driver.press("p")
        await driver.type_in("/queue/orders")
        await driver.press("tab")
        await driver.sees("returned")
        await driver.press("enter")
        await driver.sees("There is no message in this queue.", "r  peeks again", "esc  goes back")
        await driver.until(lambda: "r Refresh" in driver.screen and "t Retry" not in driver.screen, "keys of use")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "the console")
        # What the peek's connection still has to say would be rows of the cleared log.
        await driver.until(lambda: any("its connection is closed" in note for note in driver.notes), "it is closed")
        await driver.press("L", "S")
        await driver.sees("The log was cleared.", "U  brings back", "Nothing selected.", "enter  opens the row")
