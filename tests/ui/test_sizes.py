"""Every screen and dialog in every size: nothing overlaps, nothing is cut without a mark, the focus is in sight."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from itertools import combinations
from typing import Any

import pytest
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Static

from stomptui.ui.widgets.pane.pane import Pane
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker

pytestmark = pytest.mark.timeless

CORNERS = ((20, 5), (60, 15), (250, 80))
RESTS = 50
"""How often a screen is looked at until nothing is wrong."""
SOME = 2
"""Sizes between the corners that each scene is tried in."""
Scene = Callable[[Driver], Awaitable[object]]


def press(*keys: str) -> Scene:
    """A scene that is reached by keys, each of which opens something."""

    async def reach(driver: Driver) -> None:
        for key in keys:
            await driver.press(key)
            await driver.until(lambda: driver.app.gate.idle)

    return reach


SCENES: dict[str, Scene] = {
    "log": press(),
    "message": press("enter"),
    "compose": press("c"),
    "filter": press("slash"),
    "subscribe": press("s"),
    "peek form": press("p"),
    "drain": press("D"),
    "refill": press("R"),
    "queues": press("g"),
    "peek": press("g", "enter", "enter"),
    "help": press("question_mark"),
    "settings": press("comma"),
    "themes": press("comma", "enter"),
    "letters": press("ctrl+f"),
    "question": press("c", "x", "escape", "q"),
    "connect": press("o"),
    "column": press("H"),
    "keys": press("comma", *["down"] * 6, "enter"),
    "new key": press("comma", *["down"] * 6, "enter", "enter"),
    "hold time": press("comma", *["down"] * 7, "enter"),
    "reference": press("question_mark", "f2"),
    "move": press("g", "enter", "enter", "m"),
    "delete": press("g", "enter", "enter", "d"),
    "copy part": press("g", "enter", "enter", "enter", "Y"),
    "save": press("g", "enter", "enter", "W"),
}


def sizes(seed: str) -> list[tuple[int, int]]:
    rnd = random.Random(seed)
    return [*CORNERS, *((rnd.randint(20, 250), rnd.randint(5, 80)) for _ in range(SOME))]


def wrong(screen: Screen[Any]) -> Iterator[str]:
    """What is wrong with a screen as it is laid out now."""
    everything = screen.region
    focused = screen.focused
    if focused is not None and not seen(screen, focused):
        yield f"the focus is out of sight: {focused}"
    panes = [pane for pane in screen.query(Pane) if pane.region.area and pane.is_on_screen]
    for one, other in combinations(panes, 2):
        if one.region.overlaps(other.region):
            yield f"{one} lies over {other}"
    for box in (*panes, *screen.query(".box")):
        if box.region.area and not everything.contains_region(box.region):
            yield f"{box} is not all on the screen: {box.region}"
    for button in screen.query(Button):
        if button.region.area and button.content_size.width < len(str(button.label)):
            yield f"{button.label} is cut: {button.region}"
    for text in screen.query(Static):
        if text.region.area and not scrolled(text) and text.styles.text_overflow != "ellipsis":
            needs = text.get_content_height(screen.size, screen.size, text.content_size.width)
            if needs > max(1, text.content_size.height) and "…" not in text.render_line(text.size.height - 1).text:
                yield f"{text} is cut: needs {needs} lines, has {text.content_size.height}: {text.visual}"


async def still_wrong(driver: Driver) -> list[str]:
    """What is wrong once the screen rests after another size: it scrolls to the focus after it is laid out."""
    found: list[str] = []
    for _ in range(RESTS):
        await driver.pilot.pause()
        found = list(wrong(driver.app.screen))
        if not found:
            break
        await asyncio.sleep(0.02)
    return found


def seen(screen: Screen[Any], widget: Widget) -> bool:
    return bool(screen.find_widget(widget).visible_region.area)


def scrolled(widget: Widget) -> bool:
    """Whether what is not seen of a widget is shown by scrolling."""
    return any(isinstance(node, Widget) and node.allow_vertical_scroll for node in widget.ancestors_with_self)


@pytest.mark.parametrize("name", SCENES)
async def test_nothing_overlaps_nothing_is_cut_and_the_focus_is_in_sight(name: str, embedded: EmbeddedBroker) -> None:
    embedded.publish("/queue/orders", '{"number": 1}')
    async with console(embedded.port, subscribe=("/topic/a",), size=(120, 40)) as driver:
        await driver.up()
        embedded.publish("/topic/a", "hello")
        await driver.sees("hello")
        await SCENES[name](driver)
        found = []
        for width, height in sizes(name):
            await driver.pilot.resize_terminal(width, height)
            found += [f"{width}x{height}: {each}" for each in await still_wrong(driver)]
        assert not found, "\n".join(found)
