"""Reading a body: numbers of lines, folding, wrapping, and its title."""

from __future__ import annotations

import json

from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.message.detail import MessageDetail
from tests.ui.test_message_detail import Host, message
from tests.ui.waiting import until

BODY = json.dumps({"order": 7, "items": [{"sku": "a"}, {"sku": "b"}], "note": "x" * 200}).encode()
JSON = ("content-type", "application/json")


async def shown(app: Host, body: bytes = BODY) -> None:
    app.detail.show(message(body, JSON))
    app.detail.focus_view()
    await until(lambda: '"order": 7' in app.screen_text(), app.screen_text)


async def test_lines_have_numbers_and_a_key_takes_them_away() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app)
        assert app.screen_text().split("\n")[:3] == ["  1 ▾ {", '  2     "order": 7,', '  3 ▾   "items": [']
        await pilot.press("number_sign")
        await until(lambda: app.screen_text().startswith('{\n  "order": 7'), app.screen_text)


async def test_the_group_at_the_cursor_is_folded_by_a_key_and_by_the_mouse() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app)
        await pilot.press("down", "down", "enter")
        await until(lambda: '  3 ▸   "items": [ … 6 lines ],\n 11     "note"' in app.screen_text(), app.screen_text)
        await pilot.press("z")
        await until(lambda: '"sku": "b"' in app.screen_text(), app.screen_text)
        await pilot.press("down", "down", "z")
        await until(lambda: "▸     { … 1 line }," in app.screen_text(), app.screen_text)
        await pilot.click(LinesView, offset=(5, 2))
        await until(lambda: '"items": [ … ' in app.screen_text(), app.screen_text)
        await pilot.press("Z")
        await until(lambda: '"sku": "a"' in app.screen_text(), app.screen_text)
        await pilot.press("Z")
        await until(lambda: '"items": [ … 6 lines ],' in app.screen_text(), app.screen_text)


async def test_lines_are_wrapped_or_cut_with_a_mark_and_moved_sideways() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app)
        rows = len(app.screen_text().split("\n"))
        await pilot.press("l")
        await until(lambda: "xxx›\n" in app.screen_text(), app.screen_text)
        assert len(app.screen_text().split("\n")) < rows
        for _ in range(20):
            await pilot.press("shift+right")
        await until(lambda: 'xxx"\n' in app.screen_text(), app.screen_text)


async def test_the_title_says_size_type_and_charset() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)):
        await shown(app)
        assert app.detail.summary == f"{len(BODY)} B · application/json · utf-8"
        app.detail.show(message(b"\x81\xa1a\x01", ("content-type", "application/msgpack")))
        await until(lambda: app.detail.summary == "4 B · application/msgpack · MessagePack", lambda: app.detail.summary)
        app.detail.show(None)
        await until(lambda: not app.query_one(MessageDetail).summary)
