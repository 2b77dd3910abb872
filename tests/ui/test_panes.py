"""Panes: what stands in their edges, and how a person sizes and places them."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from stomptui.config.layout import Layout, LogLayout, layout_path, load_layout, save_layout
from stomptui.protocol.durations import since_before
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.message.split import MessagePlace
from stomptui.ui.widgets.pane.edge import Piece, edge_strip, fitting, place
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker

pytestmark = pytest.mark.timeless

PIECES = st.lists(
    st.builds(Piece, st.text("ab ─é漢", max_size=12), leaves=st.integers(0, 3), joined=st.booleans()), max_size=6
)


@given(PIECES, st.integers(2, 90), st.booleans())
def test_an_edge_fills_its_width_and_its_texts_do_not_overlap(pieces: list[Piece], width: int, right: bool) -> None:
    placed = place(pieces, width, right)
    style = Style()
    strip = edge_strip(placed, width, "╭╮", "─", style, lambda name: style)
    assert strip.cell_length == width
    assert strip.text[0] == "╭" and (strip.text[-1] == "╮" or width < 2)
    for one, other in pairwise(placed):
        assert one.end < other.begin
    for each in placed:
        assert each.end - each.begin == cell_len(each.piece.text)
        assert each.piece.text in [piece.text for piece in pieces] or each.piece.text.endswith("…")
        assert each.begin >= 2 and each.end <= width - 2


def test_what_matters_least_leaves_first() -> None:
    pieces = (
        Piece("Messages", leaves=2),
        Piece("following", leaves=0),
        Piece("1,204", leaves=1),
        Piece("▁▂▃", leaves=3),
    )
    shown = [[each.piece.text for each in place(pieces, width, False)] for width in (60, 36, 25, 16, 10)]
    assert shown == [
        ["Messages", "following", "1,204", "▁▂▃"],
        ["Messages", "following", "1,204"],
        ["following", "1,204"],
        ["following"],
        ["fol…"],
    ]


def test_the_layout_is_kept_and_what_makes_no_sense_in_it_is_not_used() -> None:
    assert load_layout() == Layout()
    layout = Layout(side=40, message_place="right", message_share=0.7, compose=0.5)
    layout.logs = {"prod": LogLayout(("sent",), "reason"), "10.0.0.1:61613": LogLayout(header="x")}
    save_layout(layout)
    assert load_layout() == layout
    assert layout_path().stat().st_mode & 0o777 == 0o600
    layout_path().write_text(json.dumps({"side": "wide", "message_place": "above", "message_share": 0.2, "more": 1}))
    assert load_layout() == Layout(message_share=0.2)
    for nonsense in ("[1]", "{", "\ud800"):
        layout_path().write_bytes(nonsense.encode("utf-8", "surrogatepass"))
        assert load_layout() == Layout()


async def opened(driver: Driver, embedded: EmbeddedBroker) -> None:
    await driver.up()
    embedded.publish("/topic/a", "hello")
    await driver.sees("hello")
    await driver.press("enter")
    await driver.until(lambda: driver.app.console_screen.detail.region.height > 3, "the message")


async def test_panes_sized_in_a_larger_terminal_leave_the_log_in_sight(embedded: EmbeddedBroker) -> None:
    save_layout(Layout(side=200, compose=0.95))
    async with console(embedded.port, size=(250, 60)) as driver:
        await driver.up()
        screen = driver.app.console_screen
        assert screen.side.outer_size.width == 200
        await driver.press("c")
        await driver.pilot.resize_terminal(100, 30)
        await driver.until(
            lambda: screen.log_pane.region.width >= 40 and screen.log_pane.region.height >= 5, "the log beside both"
        )
        await driver.pilot.resize_terminal(250, 60)
        await driver.until(lambda: screen.side.outer_size.width == 200, "as it was sized")


async def test_the_message_is_placed_by_key_and_it_is_remembered(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",)) as driver:
        await opened(driver, embedded)
        split = driver.app.console_screen.split

        def beside() -> bool:
            return split.detail.region.x > split.list_pane.region.x

        assert not beside()
        await driver.press("S", "S")
        await driver.until(beside, "the message to the right")
        await driver.press("S")
        await driver.until(lambda: not split.list_pane.region.height, "the message alone")
        await driver.until(lambda: load_layout().message_place == "whole", "remembered")
    async with console(embedded.port, subscribe=("/topic/a",)) as driver:
        await driver.up()
        assert driver.app.console_screen.split.place is MessagePlace.WHOLE


async def test_a_pane_is_sized_by_keys_and_mouse(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",)) as driver:
        await opened(driver, embedded)
        screen = driver.app.console_screen
        before = screen.log_pane.region.height
        await driver.press(">")
        await driver.until(lambda: screen.log_pane.region.height > before, "a larger log")
        await driver.press("<", "<")
        await driver.until(lambda: screen.log_pane.region.height < before, "a smaller log")
        await driver.pilot.mouse_down("#log-box", offset=(20, screen.log_pane.region.height - 1))
        await driver.pilot.hover("#detail-view", offset=(20, 6))
        await driver.pilot.mouse_up("#detail-view", offset=(20, 6))
        await driver.until(lambda: screen.log_pane.region.height > before, "the border where it was dragged")
        await driver.pilot.mouse_down("#side", offset=(screen.side.region.width - 1, 5))
        await driver.pilot.hover("#log-box", offset=(20, 5))
        await driver.pilot.mouse_up("#log-box", offset=(20, 5))
        await driver.until(lambda: screen.side.region.width > 45, "a wider list of subscriptions")
        assert screen.log_pane.region.x == screen.side.region.right


async def test_a_pane_is_shown_alone_and_all_of_them_again(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",)) as driver:
        await opened(driver, embedded)
        screen = driver.app.console_screen
        await driver.press("+")
        await driver.until(lambda: screen.log_pane.region.width == driver.app.size.width, "the log alone")
        await driver.press("escape")
        await driver.until(lambda: screen.side.region.width and screen.detail.region.height, "all panes")
        screen.detail.focus_view()
        await driver.press("+")
        await driver.until(lambda: not screen.log_pane.region.height, "the message alone")
        assert screen.query_one("#detail-lines", LinesView).has_focus
        await driver.press("+")
        await driver.until(lambda: screen.log_pane.region.height, "all panes")


@pytest.mark.parametrize("size", [(20, 5), (60, 15), (80, 24), (120, 40), (160, 48), (200, 60), (250, 80)])
async def test_panes_do_not_overlap_and_the_focus_is_in_sight(size: tuple[int, int], embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",), size=size) as driver:
        await driver.up()
        embedded.publish("/topic/a", "hello")
        await driver.until(lambda: driver.messages, "the message")
        screen = driver.app.console_screen
        for key in ("enter", "f6", "c", "f6"):
            await driver.press(key)
            await driver.pilot.pause()
            shown = [pane for pane in screen.query("Pane") if pane.region.area and pane.is_on_screen]
            for index, one in enumerate(shown):
                assert screen.region.contains_region(one.region), (key, one)
                for other in shown[index + 1 :]:
                    assert not one.region.overlaps(other.region), (key, one, other)
            focused = driver.app.focused
            assert focused is not None and focused.region.area, (key, focused)
            assert screen.region.contains_point(focused.region.offset), (key, focused)


async def test_rows_are_hidden_and_shown_by_group(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",)) as driver:
        await driver.up()
        embedded.publish("/topic/a", "hello")
        await driver.sees("hello", "hidden:", "protocol")
        await driver.press("4")
        await driver.sees("CONNECTED", "→ SUBSCRIBE")
        await driver.press("1")
        await driver.until(lambda: "hello" not in driver.screen, "no messages")
        await driver.sees("messages (1)")
        await driver.press("1", "4")
        await driver.sees("hello")
        await driver.until(lambda: "CONNECTED" not in driver.screen, "no protocol frames")
        await driver.press("/", *"CONNECTED", "enter")
        await driver.sees("CONNECTED")


async def test_times_are_shown_another_way_and_columns_have_heads(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",)) as driver:
        await driver.up()
        embedded.publish("/topic/a", "hello")
        await driver.sees("hello")

        def row() -> str:
            return next(line for line in driver.screen.splitlines() if "hello" in line)

        await driver.until(lambda: re.search(r"\d\d:\d\d:\d\d\.\d{3} ← /topic/a", row()))
        heads = next(line for line in driver.screen.splitlines() if "destination" in line)
        assert heads.index("destination") == row().index("/topic/a")
        assert heads.index("body") == row().index("hello")
        await driver.press("T")
        await driver.until(lambda: re.search(r"│ \d\d:\d\d:\d\d ← /topic/a", row()), "seconds")
        await driver.press("T")
        await driver.until(lambda: re.search(r"\+[\d.]+ m?s +← /topic/a", row()), "the time since the row before")
        await driver.sees("since")
        await driver.until(lambda: load_layout().times == "since", "remembered")
        await driver.press("T")
        await driver.until(lambda: re.search(r"\d\d\.\d{3} ← /topic/a", row()))


def test_a_time_since_fits_its_column() -> None:
    for seconds in (-1.0, 0.0, 0.0004, 0.003, 0.9994, 0.9996, 9.94, 9.96, 99.4, 99.6, 3600.0, 86400.0, 1e7):
        assert len(since_before(seconds)) <= 8, seconds
    assert [since_before(seconds) for seconds in (0.0, 0.012, 1.24, 240.0, 9000.0)] == [
        "+0 ms",
        "+12 ms",
        "+1.2 s",
        "+4 min",
        "+2 h",
    ]


async def test_what_a_peek_carried_is_one_row_that_opens(embedded: EmbeddedBroker) -> None:
    for number in range(3):
        embedded.publish("/queue/errors", f"m{number}")
    async with console(embedded.port, subscribe=("/topic/a",)) as driver:
        await driver.up()
        await driver.sees("subscribed to /topic/a")
        await driver.press("p", *"/queue/errors", "enter")
        await driver.sees("Classic queue.")
        await driver.press("enter")
        await driver.sees("3 unacked", "m2")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "back")
        await driver.until(
            lambda: re.search(r"▸ peeking +/queue/errors  3 received · \d+ B +✓", driver.screen), "a row"
        )
        assert "m2" not in driver.screen and "SUBSCRIBE" not in driver.screen
        log = driver.app.console_screen.log_view
        fold = next(iter(driver.app.journal.groups.folds.values()))
        log.go_to(fold.row)
        await driver.press("enter")
        await driver.sees("▾ peeking", "→ SUBSCRIBE", "m0", "m2")
        await driver.press("enter")
        await driver.until(lambda: "▸ peeking" in driver.screen and "m2" not in driver.screen, "folded again")
        await driver.press("5")
        await driver.sees("▾ peeking", "→ SUBSCRIBE", "m2")
        await driver.press("5")
        await driver.until(lambda: "▸ peeking" in driver.screen and "m2" not in driver.screen, "hidden again")
        await driver.press("/", *"m1", "enter")
        await driver.sees("1 matching “m1”")


def test_a_key_does_not_stay_behind_without_what_it_does() -> None:
    def click() -> None: ...

    hint = (Piece("H", leaves=4, click=click), Piece("column", leaves=4, click=click, joined=True))
    kept = [piece.text for piece in fitting((Piece("messages"), *hint), 14)]
    assert kept == ["messages"]
