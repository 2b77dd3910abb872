"""What a person does in the compose pane becomes the draft, and what is sent is that draft."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual import events

from stomptui.compose.compose_context import ComposeContext
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.send_state import SendState
from stomptui.ui.widgets.compose.frame_preview import frame_content
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.pane.pane import Pane
from stomptui.ui.widgets.reveal import switch_secrets
from stomptui.ui.widgets.text.editor import Editor
from tests.ui.compose.compose_bench import bench
from tests.ui.waiting import until


async def test_the_lua_message_typed_by_keys_is_byte_for_byte_that_frame() -> None:
    async with bench() as hand:
        await hand.go("#destination")
        await hand.type("/queue/test")
        await hand.press("enter")
        await hand.type("say hi!")
        await hand.press("enter")
        await hand.go("#add")
        await hand.type("app-id")
        await hand.press("enter")
        await hand.type("APP")
        await hand.press("f9", "f10", "f5")
        await until(lambda: len(hand.sent()) == 1)
        [draft] = hand.sent()
        assert draft.encode("1.2") == b"SEND\ndestination:/queue/test\napp-id:APP\n\nsay hi!\n\0"


async def test_it_is_sent_from_within_the_body_and_the_draft_stays() -> None:
    async with bench(Draft("/queue/a", [HeaderLine("a", "1")])) as hand:
        await hand.go("#body")
        await hand.type("hi")
        await hand.press("ctrl+g")
        await until(lambda: len(hand.sent()) == 1)
        [sent] = hand.sent()
        await hand.type("!")
        await until(lambda: hand.draft.body == "hi!")
        await until(lambda: (sent.destination, sent.body) == ("/queue/a", "hi"))
        hand.draft.headers[0].value = "2"
        assert sent.headers == [HeaderLine("a", "1")]


async def test_what_is_wrong_is_said_and_not_sent() -> None:
    async with bench() as hand:
        await hand.press("f5")
        await until(lambda: hand.sent() == [])
        await until(lambda: hand.pilot.app.focused is hand.pane.query_one("#destination"))
        await until(lambda: "destination is needed" in hand.shown("#destination-notes"))
        await until(lambda: "not sent" in hand.shown("#outcome"))
        await hand.type("/q")
        await until(lambda: hand.shown("#destination-notes") == "")
        await hand.go("#add")
        await hand.press("enter", "enter")
        await hand.type("value")
        await hand.press("f5")
        await until(lambda: hand.sent() == [])
        await until(lambda: hand.shown("HeaderRow #note") == "✗ a header needs a name")
        await until(lambda: hand.pilot.app.focused is hand.pane.query_one("HeaderRow #name"))


async def test_nothing_is_wrong_before_anything_is_written() -> None:
    async with bench() as hand:
        assert hand.shown("#destination-notes") == ""
        assert not hand.pane.query_one("#destination").has_class("-wrong")
        await hand.go("#body")
        await hand.type("a")
        await until(lambda: "destination is needed" in hand.shown("#destination-notes"))
        await hand.press("ctrl+n")
        await until(lambda: hand.shown("#destination-notes") == "")


async def test_a_warning_is_told_and_sendable() -> None:
    async with bench(Draft("/q", [HeaderLine("content-type", "application/json")], "{")) as hand:
        hand.pane.set_context(ComposeContext(frame_limit=10))
        await hand.pilot.pause()
        await until(lambda: "line 1 column 2" in hand.shown("#body-notes"))
        await until(lambda: "without a word" in hand.shown("#switch-notes"))
        await hand.press("f5")
        await until(lambda: len(hand.sent()) == 1)


async def test_problems_follow_the_version() -> None:
    async with bench(Draft("/q", [HeaderLine("a:b", "1")])) as hand:
        assert hand.shown("HeaderRow #note") == ""
        hand.pane.set_context(ComposeContext(version="1.0"))
        await hand.pilot.pause()
        await until(lambda: "colon" in hand.shown("HeaderRow #note"))


async def test_hints_are_told_where_they_belong() -> None:
    def hints(draft: Draft) -> Sequence[tuple[str, str, bool]]:
        return [
            ("destination", "will be created", False),
            ("header:persistent", "exactly true", True),
            ("body", "[/b] bytes", False),
        ]

    async with bench(Draft("/q", [HeaderLine("persistent", "1")])) as hand:
        hand.pane.set_context(ComposeContext(hints=hints))
        await hand.pilot.pause()
        await until(lambda: "will be created" in hand.shown("#destination-notes"))
        await until(lambda: "exactly true" in hand.shown("HeaderRow #note"))
        await until(lambda: "[/b] bytes" in hand.shown("#body-notes"))


async def test_headers_are_added_moved_switched_off_and_removed_by_key() -> None:
    async with bench(Draft("/q", [HeaderLine("a", "1"), HeaderLine("b", "2")])) as hand:
        await hand.go("HeaderRow #name")
        await hand.press("alt+down")
        await until(lambda: [name for name, _, _ in hand.lines] == ["b", "a"])
        await hand.press("alt+t")
        await until(lambda: hand.lines == [("b", "2", True), ("a", "1", False)])
        await until(lambda: "a:1" not in frame_content(hand.draft, "1.2", "1").plain)
        await hand.press("alt+a")
        await hand.type("b")
        await hand.press("enter")
        await hand.type("3")
        await until(lambda: hand.lines == [("b", "2", True), ("a", "1", False), ("b", "3", True)])
        await hand.press("alt+up", "alt+up", "alt+up")
        await until(lambda: hand.lines == [("b", "3", True), ("b", "2", True), ("a", "1", False)])
        await hand.type("4")
        await until(lambda: hand.lines[0] == ("b", "34", True))
        await hand.press("down", "alt+x")
        await until(lambda: hand.lines == [("b", "34", True), ("a", "1", False)])
        await hand.press("alt+x", "alt+x", "alt+x")
        await until(lambda: hand.lines == [])
        await until(lambda: hand.pilot.app.focused is hand.pane.query_one("#add"))


async def test_plain_keys_on_the_switch_do_the_same() -> None:
    async with bench(Draft("/q", [HeaderLine("a", "1"), HeaderLine("b", "2")])) as hand:
        await hand.go("LineSwitch")
        await hand.press("space", "shift+down")
        await until(lambda: hand.lines == [("b", "2", True), ("a", "1", False)])
        await hand.press("delete")
        await until(lambda: hand.lines == [("b", "2", True)])


async def test_headers_are_handled_by_mouse() -> None:
    async with bench(Draft("/q", [HeaderLine("a", "1"), HeaderLine("b", "2")])) as hand:
        await hand.pilot.click("LineSwitch")
        await until(lambda: hand.lines[0] == ("a", "1", False), lambda: hand.lines)
        rows = hand.pane.query("HeaderRow")
        await hand.pilot.click(rows[1].query("#name").first())
        # The buttons of a row can be seen, and clicked, while the mouse is over it; in a wide one also with the focus.
        up, remove = rows[1].query("LineButton")[0], rows[0].query("LineButton")[2]
        await until(lambda: up.visible)
        await hand.pilot.click(up)
        await until(lambda: [name for name, _, _ in hand.lines] == ["b", "a"], lambda: hand.lines)
        await hand.pilot.hover(rows[0].query("#name").first())
        await until(lambda: remove.visible and remove.region.width)
        await hand.pilot.click(remove)
        await until(lambda: hand.lines == [("a", "1", False)], lambda: hand.lines)
        await hand.pilot.click("#add")
        await hand.type("c")
        await until(lambda: hand.lines == [("a", "1", False), ("c", "", True)], lambda: hand.lines)


@pytest.mark.parametrize("begin", ["enter", "click"])
async def test_keys_that_come_before_a_new_line_has_the_focus_belong_to_it(begin: str) -> None:
    async with bench() as hand:
        await hand.go("#add")
        app = hand.pilot.app
        if begin == "click":
            # The click alone, without the pauses of a pilot, so that the keys are there with it.
            add = hand.pane.query_one("#add")
            add.post_message(events.Click(add, 0, 0, 0, 0, 1, False, False, False))
        # A terminal hands keys that were pressed together over in one piece.
        for key in ["enter"] * (begin == "enter") + ["a", "b", "enter", "c", "d"]:
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(lambda: hand.lines == [("ab", "cd", True)], lambda: hand.lines)
        await until(lambda: app.focused in list(hand.pane.query("HeaderRow #value")), lambda: app.focused)


async def test_enter_on_the_last_value_begins_a_line_and_an_empty_one_is_not_sent() -> None:
    async with bench(Draft("/q", [HeaderLine("a", "1")])) as hand:
        await hand.go("HeaderRow #value")
        await hand.press("enter")
        await until(lambda: hand.lines == [("a", "1", True), ("", "", True)])
        await hand.press("f5")
        await until(lambda: len(hand.sent()) == 1)


async def test_completion_by_the_right_arrow() -> None:
    async with bench() as hand:
        destinations = ["/queue/invoices", "/topic/orders"]
        hand.pane.set_context(ComposeContext(destinations=destinations, known_headers={"x-max-age": "how long"}))
        await hand.go("#destination")
        await hand.type("/to")
        await hand.press("right")
        await until(lambda: hand.draft.destination == "/topic/orders")
        await hand.go("#add")
        await hand.type("content-t")
        await hand.press("right", "enter")
        await hand.type("application/j")
        await hand.press("right", "enter")
        await hand.type("x-m")
        await hand.press("right")
        await until(lambda: hand.lines == [("content-type", "application/json", True), ("x-max-age", "", True)])


async def test_format_keeps_what_it_says_and_can_be_undone() -> None:
    async with bench(Draft("/q", [HeaderLine("content-type", "application/json")], '{"a":1.50}')) as hand:
        await hand.go("#body")
        await hand.press("f8")
        await until(lambda: hand.draft.body == '{\n  "a": 1.50\n}')
        await hand.press("ctrl+z")
        await until(lambda: hand.draft.body == '{"a":1.50}')
        await hand.press("ctrl+end", "backspace", "f8")
        await until(lambda: "not formatted" in hand.shown("#outcome"))
        await until(lambda: hand.draft.body == '{"a":1.50')


async def test_the_body_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "body.bin"
    file.write_bytes(b"\0\xff")
    async with bench(Draft("/q", body="mine")) as hand:
        await hand.press("f3")
        await hand.paste(str(file) + "\n")
        await hand.press("enter")
        await until(lambda: hand.draft.body_file == file)
        await until(lambda: str(file) in hand.shown("#stand-in").replace("\n", ""))
        await hand.press("f5")
        await until(lambda: hand.sent()[0].encode("1.2").endswith(b"content-length:2\n\n\0\xff\0"))
        await hand.press("f3", "ctrl+u")
        await hand.type("/nowhere/at all")
        await hand.press("enter", "f5")
        await until(lambda: len(hand.sent()) == 1)
        await until(lambda: "/nowhere/at all" in hand.shown("#body-notes"))
        await hand.press("delete")
        await until(lambda: hand.draft.body_file is None and hand.draft.body == "mine")
        await hand.type("!")
        await until(lambda: hand.draft.body == "!mine")
        await hand.press("f3", "escape")
        await until(lambda: hand.draft.body == "!mine")


async def test_bytes_are_kept_as_they_are_until_they_are_dropped() -> None:
    async with bench(Draft("/q", body=b"\xff\0")) as hand:
        assert "2 bytes" in hand.shown("#stand-in")
        await hand.press("f5")
        await until(lambda: hand.sent()[0].body == b"\xff\0")
        await hand.go("#stand-in")
        await hand.press("delete")
        await until(lambda: hand.draft.body == "")
        await until(lambda: "with that body is among the earlier drafts" in hand.outcome(), hand.outcome)
        await hand.press("ctrl+up")
        await until(lambda: hand.draft.body == b"\xff\0", lambda: hand.draft)


async def test_the_editor_is_asked_for_and_answers() -> None:
    async with bench(Draft("/q", body="a")) as hand:
        await hand.press("f4")
        await until(
            lambda: {m.draft.body for m in hand.messages if isinstance(m, ComposePane.EditorRequested)} == {"a"}
        )
        hand.pane.set_body("from the editor")
        await hand.pilot.pause()
        await until(lambda: hand.draft.body == "from the editor")
        await until(lambda: hand.pane.query_one("#body", Editor).exact == "from the editor")


async def test_history_goes_back_and_forth_and_new_loses_nothing() -> None:
    async with bench(Draft("/unsent")) as hand:
        hand.pane.set_history([Draft("/one", [HeaderLine("a", "1")]), Draft("/two")])
        await hand.go("#body")
        await hand.press("ctrl+up")
        await until(lambda: hand.draft == Draft("/two"))
        await hand.press("ctrl+up", "ctrl+up")
        await until(lambda: hand.draft == Draft("/one", [HeaderLine("a", "1")]))
        await hand.press("ctrl+down", "ctrl+down")
        await until(lambda: hand.draft == Draft("/unsent"))
        await hand.press("ctrl+n")
        await until(lambda: hand.draft == Draft(variables=True))
        await hand.press("ctrl+pageup")
        await until(lambda: hand.draft == Draft("/unsent"))


async def test_an_earlier_draft_is_chosen_from_a_list() -> None:
    async with bench(Draft("/mine")) as hand:
        await hand.press("f2")
        await until(lambda: "no earlier draft" in hand.shown("#outcome"))
        hand.pane.set_history([Draft("/one", body="[/red] first"), Draft("/two")])
        await hand.press("f2")
        await hand.type("first")
        await hand.pilot.app.workers.wait_for_complete()
        await hand.pilot.pause()
        await hand.press("down", "enter")
        await until(lambda: hand.draft == Draft("/one", body="[/red] first"))
        await hand.press("ctrl+up")
        await until(lambda: hand.draft == Draft("/mine"))


async def test_what_became_of_it_is_said_as_the_broker_said_it() -> None:
    async with bench(Draft("/q")) as hand:
        for state in SendState:
            hand.pane.show_outcome(state, "refused: [/b] \x1b[2Jno")
            await hand.pilot.pause()
            await until(lambda: "refused: [/b] ␛[2Jno" in hand.shown("#outcome"))
        assert hand.draft == Draft("/q")


async def test_each_edit_is_told_and_loading_is_one_as_well() -> None:
    async with bench() as hand:
        for selector in ("#destination", "#body", "#add"):
            await hand.go(selector)
            hand.messages.clear()
            await hand.press("a")
            await until(lambda: any(isinstance(m, ComposePane.Changed) for m in hand.messages), lambda: selector)
        hand.messages.clear()
        hand.pane.load(Draft("/b"))
        await hand.pilot.pause()
        await until(lambda: any(isinstance(m, ComposePane.Changed) for m in hand.messages))
        await until(lambda: hand.draft == Draft("/b"))


async def test_drafts_loaded_one_after_the_other_do_not_mix() -> None:
    first = Draft("/1", [HeaderLine("a", "1"), HeaderLine("b", "2", False)], "one")
    second = Draft("/2", [HeaderLine("c", "3")], "two")
    third = Draft("/3", [HeaderLine(str(n), str(n)) for n in range(6)], b"\xff")
    async with bench(first.copy()) as hand:
        for draft in (second, third, first, second, third):
            hand.pane.load(draft)
        await hand.pilot.pause()
        await until(lambda: hand.draft == third)
        await until(lambda: first == Draft("/1", [HeaderLine("a", "1"), HeaderLine("b", "2", False)], "one"))
        hand.pane.load(second)
        await hand.go("HeaderRow #name")
        await hand.press("end", "x")
        await until(lambda: hand.draft.headers == [HeaderLine("cx", "3")])
        await until(lambda: second.headers == [HeaderLine("c", "3")])


@pytest.mark.parametrize("size", [(80, 24), (60, 8), (120, 40)])
async def test_every_part_can_be_reached_by_key_and_mouse(size: tuple[int, int]) -> None:
    async with bench(Draft("/q", [HeaderLine("a", "1")]), size) as hand:
        narrow = size[0] < 96
        assert hand.pane.query_one("#middle").display is not narrow or hand.pane.has_class("-narrow")
        await hand.press("f12")
        await hand.type("b")
        await until(lambda: hand.lines == [("ab", "1", True)])
        await hand.press("f12")
        await until(lambda: hand.pilot.app.focused is hand.pane.query_one("#preview"))
        await hand.press("f12")
        await hand.type("hello")
        await until(lambda: hand.draft.body == "hello")
        if narrow:
            await hand.pilot.click("#left", offset=(12, 0))
            await hand.type("c")
            await until(lambda: hand.lines == [("abc", "1", True)])


async def test_an_error_out_of_sight_comes_into_sight() -> None:
    async with bench(Draft("/q", [HeaderLine("", "1")]), (80, 24)) as hand:
        await hand.go("#body")
        await hand.press("f5")
        await hand.type("name")
        await until(lambda: hand.lines == [("name", "1", True)])


async def test_the_preview_is_the_frame_with_its_size() -> None:
    async with bench(Draft("/q", [HeaderLine("a", "b:c")], "  é")) as hand:
        hand.pane.set_context(ComposeContext(receipt_id="7"))
        await hand.pilot.pause()
        await until(
            lambda: (
                frame_content(hand.draft, "1.2", "7").plain
                == ("SEND\ndestination:/q\na:b\\cc\nreceipt:7\ncontent-length:4\n\n  é^@")
            )
        )
        await until(
            lambda: f"{len(hand.draft.encode('1.2', '7'))} bytes" in str(hand.pane.query_one("#right", Pane).title)
        )


async def test_the_meaning_of_a_header_follows_its_name() -> None:
    async with bench() as hand:
        hand.pane.set_context(ComposeContext(known_headers={"persistent": "[/b] survives a restart"}))
        await hand.go("#add")
        await hand.type("persistent")
        await until(lambda: hand.shown("#meaning") == "persistent: [/b] survives a restart")
        await hand.type("x")
        await until(lambda: hand.shown("#meaning") == "")


async def test_a_secret_is_covered_while_it_is_typed_and_in_the_frame() -> None:
    async with bench() as hand:

        def screen() -> str:
            return "\n".join(strip.text for strip in hand.pilot.app.screen._compositor.render_strips())

        await hand.go("#destination")
        await hand.type("/queue/a")
        await hand.go("#add")
        await hand.type("note")
        await hand.press("enter")
        await hand.type("s3cret")
        await until(lambda: "note:s3cret" in screen())
        await hand.go("#name")
        await hand.press("end", "backspace", "backspace", "backspace", "backspace")
        await hand.type("otp")
        await until(lambda: "otp:••••••" in screen() and "s3cret" not in screen())
        switch_secrets(hand.pilot.app)
        await hand.pilot.pause()
        await until(lambda: screen().count("s3cret") == 2)
        switch_secrets(hand.pilot.app)
        await hand.press("f5")
        await until(lambda: len(hand.sent()) == 1)
        [draft] = hand.sent()
        assert draft.get("otp") == "s3cret"
