"""Lines that are made by hand are those that Textual would make, and no more is painted than changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from stomptui.journal.entry import NoteKind
from stomptui.journal.journal import Journal
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.subscriptions import SubscriptionList, SubscriptionRow

pytestmark = pytest.mark.timeless

STYLES = ["", "padding: 1 2;", "padding: 0 3 0 0;", "border: round red;", "outline: solid blue;", "opacity: 50%;"]
STYLES += ["tint: red 20%;", "hatch: cross green;", "background: $panel;", "scrollbar-size-vertical: 0;"]


class Shows(App[None]):
    """One widget, in a style."""

    def __init__(self, widget: Widget, css: str) -> None:
        super().__init__()
        self.widget = widget
        self.stylesheet.add_source(f"{type(widget).__name__} {{ {css} }}", is_default_css=False)

    def compose(self) -> ComposeResult:
        yield self.widget


def segments(strips: list[Strip]) -> list[list[Segment]]:
    return [list(strip.simplify()) for strip in strips]


@pytest.mark.parametrize("css", STYLES)
async def test_lines_of_the_log_are_those_that_textual_makes(css: str) -> None:
    journal = Journal(1 << 20, 1000)
    log = MessageLog(journal)
    app = Shows(log, css)
    async with app.run_test(size=(70, 12)) as pilot:
        for theme in ("textual-dark", "textual-light"):
            app.theme = theme
            for number in range(7):
                journal.append_note(NoteKind.INFO, f"note {number} 漢字", 1e9 + number)
            log.settle()
            await pilot.pause()
            for crop in (log.size.region, Region(3, 1, 20, 3)):
                log._styles_cache.clear()
                ours = log.render_lines(crop)
                log._styles_cache.clear()
                assert segments(ours) == segments(Widget.render_lines(log, crop))


async def test_a_counter_repaints_the_lines_of_its_subscription() -> None:
    names = SubscriptionList()
    rows = [SubscriptionRow(key, f"/queue/q{key}", "live", "on", 0, 0.0, (), key) for key in range(4)]
    rows[1] = replace(rows[1], state="not restored", detail="it is gone")
    app = Shows(names, "height: 1fr;")
    async with app.run_test(size=(40, 20)) as pilot:
        names.show(rows)
        await pilot.pause()
        rows[2] = replace(rows[2], count=17, rate=2.5)
        names._exchange_repaint_regions()
        names.show(rows)
        assert names._exchange_repaint_regions() == {Region(0, 5, names.size.width, 2)}
        names.refresh(Region(0, 5, names.size.width, 2))
        await pilot.pause()
        shown = segments(names.render_lines(names.size.region))
        names.refresh()
        assert shown == segments(names.render_lines(names.size.region))
        assert any("17" in segment.text for line in shown for segment in line)
        # Another number of lines moves those below.
        rows[1] = replace(rows[1], state="on")
        names.show(rows)
        assert names._exchange_repaint_regions() == {Region(0, 0, *names.size)}
