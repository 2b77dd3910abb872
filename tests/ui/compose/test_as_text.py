"""Messages pasted where they do not belong, and headers edited as text."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgpack
import pytest
from textual.widgets import Static

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.ui.widgets.compose import header_editor
from stomptui.ui.widgets.compose.header_row import HeaderRow
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.text.editor import Editor
from tests.journal.views.test_protobuf_view import FULL, descriptors, order
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.compose.compose_bench import bench
from tests.ui.waiting import until

MESSAGE = "MESSAGE\r\ndestination:/queue/x\r\nsubscription:1\r\nurl:https\\c//shop\r\n\r\nthe body^@\r\n"


async def test_a_message_pasted_as_the_destination_is_the_draft_and_nothing_is_lost() -> None:
    async with bench(Draft("/queue/mine", [HeaderLine("a", "1")], "mine")) as hand:
        await hand.go("#destination")
        await hand.paste(MESSAGE)
        await until(lambda: hand.draft.destination == "/queue/x", lambda: hand.draft)
        assert hand.draft.body == "the body" and hand.lines == [("url", "https://shop", True)]
        await until(lambda: "earlier drafts; left out: subscription" in hand.outcome(), hand.outcome)
        await hand.press("ctrl+up")
        await until(lambda: hand.draft.body == "mine", lambda: hand.draft)
        await hand.go("#destination")
        await hand.paste("curl -H 'b: 2' \\\r  -H 'c: 3'")
        await until(lambda: [line[0] for line in hand.lines] == ["a", "b", "c"], lambda: hand.lines)
        assert (hand.draft.destination, hand.draft.body) == ("/queue/mine", "mine")


async def test_of_very_many_header_lines_a_few_have_rows_and_all_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header_editor, "SHOWN", 5)
    async with bench(Draft()) as hand:
        await hand.go("#destination")
        many = "".join(f"h{number}:v{number}\n" for number in range(3000))
        await hand.paste(f"SEND\ndestination:/queue/x\n{many}\nbody")
        await until(lambda: len(hand.lines) == 3000, lambda: len(hand.lines))
        await until(lambda: "… 2,995 more, edit as text" in hand.shown("#add"), lambda: hand.shown("#add"))
        assert len(hand.pane.query(HeaderRow)) == 5
        await hand.go("#add")
        await hand.press("x")
        await until(lambda: "no more than 5 header lines are edited here" in hand.outcome(), hand.outcome)
        assert len(hand.lines) == 3000
        await hand.press("enter")
        await until(lambda: any(isinstance(m, ComposePane.HeadersAsTextRequested) for m in hand.messages))


@pytest.mark.parametrize(("width", "names"), [(100, 14), (160, 14)])
async def test_names_of_headers_have_the_space_that_they_need(width: int, names: int) -> None:
    lines = [HeaderLine("content-type", "text/plain"), HeaderLine("correlation-id", "7"), HeaderLine("x", "y")]
    async with bench(Draft("/queue/a", lines), size=(width, 30)) as hand:
        rows = list(hand.pane.query(HeaderRow))
        await until(lambda: all(row.name_field.content_size.width >= names for row in rows))
        await until(lambda: len({row.name_field.size.width for row in rows}) == 1)
        assert all(row.value_field.content_size.width >= 10 for row in rows)


async def test_a_frame_pasted_into_the_body_stays_one_and_can_be_taken_apart() -> None:
    async with bench(Draft("/queue/mine")) as hand:
        await hand.go("#body")
        await hand.paste(MESSAGE)
        await until(lambda: "this is a whole frame" in hand.shown("#body-notes"), lambda: hand.draft)
        assert hand.draft.destination == "/queue/mine"
        hand.pane.body_actions.take_apart()
        await until(lambda: hand.draft.body == "the body", lambda: hand.draft)
        assert hand.draft.destination == "/queue/x"
        await until(lambda: "earlier drafts" in hand.outcome(), hand.outcome)


async def _headers_as_text(driver: Driver) -> Editor:
    await driver.press("ctrl+circumflex_accent")
    await driver.sees("Edit headers as text…")
    await driver.press(*"edit headers", "enter")
    await driver.sees("applies them")
    return driver.app.screen.query_one("#headers-text", Editor)


async def test_all_headers_are_edited_as_text_and_a_wrong_line_is_named(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("c")
        pane = driver.app.console_screen.pane
        lines = [HeaderLine("a", "one\ntwo "), HeaderLine("passcode", "hunter2", False)]
        pane.load(Draft("/queue/x", lines, "hello"))
        editor = await _headers_as_text(driver)
        assert editor.exact == "a: one\\ntwo\\s\n# passcode: «secret 1»\n"
        await driver.press("ctrl+end", *"b 2", "ctrl+s")
        problem = driver.app.screen.query_one("#headers-problem", Static)
        await driver.until(lambda: "line 3: no colon" in str(problem.render()), "the wrong line")
        # Leaving asks, since something was typed.
        await driver.press("escape")
        await driver.sees("Discard what you changed?")
        await driver.press("escape")
        await driver.press("ctrl+end", "left", *":", "ctrl+s")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "the pane")
        assert pane.draft.headers == [*lines, HeaderLine("b", "2")]


async def test_the_check_of_json_goes_to_the_error_and_minifying_can_be_undone() -> None:
    async with bench(Draft("/queue/x", [], '{\n  "a": 1.0,\n  "b": tru\n}')) as hand:
        hand.pane.body_actions.check_json()
        await until(lambda: "line 3 column 8" in hand.outcome(), hand.outcome)
        editor = hand.pane.query_one("#body", Editor)
        await until(lambda: editor.has_focus and editor.cursor_location == (2, 7), lambda: editor.cursor_location)
        hand.pane.body_actions.minify()
        await until(lambda: "not minified" in hand.outcome(), hand.outcome)
        editor.insert("e", (2, 10))
        hand.pane.body_actions.minify()
        await until(lambda: hand.draft.body == '{"a":1.0,"b":true}', lambda: hand.draft.body)
        editor.undo()
        await until(lambda: str(hand.draft.body).count("\n") == 3, lambda: hand.draft.body)
        hand.pane.body_actions.check_json()
        await until(lambda: "nothing is wrong" in hand.outcome(), hand.outcome)


async def test_messagepack_is_edited_as_text_and_arrives_as_messagepack(embedded: EmbeddedBroker) -> None:
    # The queue is there before the broker is asked for its queues.
    embedded.publish("/queue/packed", "first")
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("c")
        pane = driver.app.console_screen.pane
        data = msgpack.packb({"id": 7, 5: b"\xff"})
        pane.load(Draft("/queue/packed", [HeaderLine("content-type", "application/msgpack")], data))

        async def choose(words: str) -> None:
            await driver.press("ctrl+circumflex_accent")
            await driver.sees("What is to be done with this message?")
            await driver.press(*words, "enter")

        await choose("edit the body")
        await driver.sees("MessagePack, edited as text: as it came")
        assert pane.draft.body == "{\n  \"id\": 7,\n  5: h'ff'\n}" and pane.draft.body_bytes() == data
        body = pane.query_one("#body", Editor)
        await driver.until(lambda: body.has_focus, "the body")
        body.replace("8,,", (1, 8), (1, 10))
        await driver.press("f5")
        await driver.sees("not sent: not MessagePack: a value is expected, line 2 column 11")
        body.replace("8,", (1, 8), (1, 11))
        await driver.press("f5")
        await driver.until(lambda: "confirmed" in driver.outcome, driver.outcome)
        assert [msgpack.unpackb(sent, strict_map_key=False) for sent in embedded.bodies("packed")[1:]] == [
            {"id": 8, 5: b"\xff"}
        ]
        # A text of one's own is encoded too.
        pane.load(Draft("/queue/packed", [], '{"a": 1}'))
        await choose("encode the body")
        await driver.sees("Encode the text of the body as what?")
        await driver.press("down", "down", "down", "enter")
        await driver.sees("gzip, edited as text")
        assert gzip.decompress(pane.draft.body_bytes()) == b'{"a": 1}'


async def test_protobuf_is_edited_by_the_descriptor_of_the_profile(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    file = tmp_path / "shop.desc"
    file.write_bytes(descriptors().SerializeToString())
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("c")
        pane = driver.app.console_screen.pane
        driver.app.personal_views.use("", str(file), {"/queue/shop*": "shop.Order"})
        data = order(**FULL).SerializeToString()
        pane.load(Draft("/queue/shop", [], data))
        await driver.press("ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.press(*"edit the body", "enter")
        await driver.sees("Protobuf, edited as text: as it came")
        text = str(pane.draft.body)
        assert "/id/" in text and pane.draft.body_bytes() == data
        # What is not edited is encoded as it was.
        pane.query_one("#body", Editor).replace(" ", (0, 1), (0, 1))
        await driver.until(lambda: pane.draft.body != text, "an edit")
        assert pane.draft.body_bytes() == data
