"""Finding a text in a message."""

from __future__ import annotations

import json

from textual.widgets import Static

from stomptui.ui.widgets.lines.lines_view import LinesView
from tests.ui.test_message_detail import Host, message
from tests.ui.waiting import until

BODY = json.dumps([{"n": n, "name": "Needle" if n % 100 == 7 else "hay"} for n in range(700)]).encode()


def count(app: Host) -> str:
    return "".join(str(label.render()) for label in app.query("#find-count").results(Static))


def hits(app: Host) -> list[str]:
    """What is painted on the background of a hit."""
    view = app.query_one(LinesView)
    style = view.get_component_rich_style("lines-view--hit")
    rows = [view.render_line(y) for y in range(view.size.height)]
    return [segment.text for row in rows for segment in row if segment.style and segment.style.bgcolor == style.bgcolor]


async def test_slash_finds_and_n_steps_through_the_places() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.detail.show(message(BODY, ("content-type", "application/json")))
        app.detail.focus_view()
        await pilot.press("slash", *"needle")
        await until(lambda: count(app) == "1 of 7", lambda: count(app))
        await until(lambda: hits(app) == ["Needle"], app.screen_text)
        await pilot.press("enter", "n", "n")
        await until(lambda: count(app) == "3 of 7" and '"n": 207' in app.screen_text(), app.screen_text)
        await pilot.press("N", "N", "N")
        await until(lambda: count(app) == "7 of 7" and '"n": 607' in app.screen_text(), app.screen_text)
        await pilot.press("2")
        await until(lambda: count(app) == "not found", lambda: count(app))
        await pilot.press("escape")
        await until(lambda: not app.query("FindBar") and not hits(app), app.screen_text)


async def test_headers_beside_the_body_take_nothing_of_the_count() -> None:
    app = Host()
    async with app.run_test(size=(130, 24)) as pilot:
        app.detail.show(message(b"a needle", ("x", "needle")))
        app.detail.focus_view()
        await pilot.press("slash", *"needle", "enter")
        await until(lambda: count(app) == "1 of 1", lambda: count(app))
        await pilot.press("3")
        await until(lambda: count(app) == "1 of 2", lambda: count(app))


async def test_it_is_found_in_what_is_folded_and_in_long_lines() -> None:
    app = Host()
    async with app.run_test(size=(62, 14)) as pilot:
        body = json.dumps({"a": {"b": "x" * 3000 + "needle"}}).encode()
        app.detail.show(message(body, ("content-type", "application/json")))
        app.detail.focus_view()
        await pilot.press("Z", "slash", *"needle")
        await until(lambda: hits(app) == ["needle"], app.screen_text)


async def test_while_nothing_is_found_its_keys_are_those_of_the_screen() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)):
        assert app.detail.check_action("step", (1,)) is False
        assert app.detail.check_action("end_find", ()) is False


async def test_dragging_the_mouse_selects_and_the_key_that_copies_copies_that() -> None:
    app = Host()
    async with app.run_test(size=(62, 21)) as pilot:
        body = json.dumps({"a": "x" * 70 + "END", "b": 1}).encode()
        app.detail.show(message(body, ("content-type", "application/json")))
        app.detail.focus_view()
        await until(lambda: '"b": 1' in app.screen_text(), app.screen_text)
        # What the mouse meets is what was painted last.
        await until(lambda: app.screen.get_widget_and_offset_at(10, 2)[1] == (2, 1))
        await until(lambda: app.screen.get_widget_and_offset_at(13, 4)[1] == (5, 3))
        await pilot.mouse_down(LinesView, offset=(9, 1))
        await pilot.hover(LinesView, offset=(12, 3))
        await pilot.mouse_up(LinesView, offset=(12, 3))
        await pilot.press("y")
        await until(lambda: app.clipboard.endswith('END",\n  "b":'), lambda: repr(app.clipboard))
        assert app.clipboard == f'"a": "{"x" * 70}END",\n  "b":', repr(app.clipboard)
