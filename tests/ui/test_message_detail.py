"""Looking into one message: what a person reads, copies and saves."""

from __future__ import annotations

import gzip

from textual.app import App, ComposeResult

from stomptui.brokers.rabbitmq.dialect import RabbitMQ
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Frame
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.message.tabs import DetailTab
from tests.ui.waiting import until


class Host(App[None]):
    """A detail and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.saved: list[bytes] = []

    def compose(self) -> ComposeResult:
        yield MessageDetail(id="detail")

    def on_message_detail_save_requested(self, message: MessageDetail.SaveRequested) -> None:
        self.saved.append(message.body)

    @property
    def detail(self) -> MessageDetail:
        return self.query_one(MessageDetail)

    def screen_text(self) -> str:
        """What is painted in the view, line by line."""
        view = self.query_one(LinesView)
        return "\n".join(view.render_line(y).text.rstrip() for y in range(view.size.height)).rstrip()

    def notes(self) -> str:
        return "\n".join(str(note.render()) for note in self.query(".detail-note"))


async def reached(app: Host, end: str) -> None:
    """Wait until that is the last line on the screen."""
    await until(lambda: app.screen_text().endswith(end), app.screen_text)


def message(body: bytes, *headers: tuple[str, str]) -> Frame:
    lines = [("destination", "/queue/test"), *headers, ("content-length", str(len(body)))]
    return Frame(encode("MESSAGE", lines, body)[:-1])


async def test_json_is_laid_out_and_its_numbers_stay_as_they_were_written() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.detail.show(message(b'{"total":59.90,"a":[1,{"b":null}],"a":2}', ("content-type", "application/json")))
        await pilot.pause()
        await until(lambda: '"total": 59.90,' in app.screen_text())
        text = app.screen_text()
        assert '"total": 59.90,' in text
        assert text.count('"a"') == 2


async def test_gzip_is_opened_and_said() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.detail.show(message(gzip.compress(b'{"hidden":true}'), ("content-encoding", "gzip")))
        await pilot.pause()
        await until(lambda: '"hidden": true' in app.screen_text())
        await until(lambda: "gzip" in app.notes())


async def test_headers_keep_order_and_repeats_and_say_what_they_mean() -> None:
    async with Host().run_test(size=(100, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.detail.show(
            message(b"", ("x", "1"), ("redelivered", "true"), ("x", "2")), meanings=RabbitMQ.header_meanings
        )
        app.detail.focus_view()
        await pilot.press("2")
        await until(lambda: app.screen_text().split("\n")[0] == "MESSAGE")
        lines = app.screen_text().split("\n")
        assert lines[0] == "MESSAGE"
        assert [line.split()[0] for line in lines[1:6]] == [
            "destination",
            "x",
            "redelivered",
            "x",
            "content-length",
        ]
        assert "delivered before" in lines[3]
        assert "only the first counts" in lines[4]


async def test_wire_shows_every_control_character_and_none_reaches_the_terminal() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.detail.show(message(b"a\x1b[2J\x00\x9b[/x]", ("content-type", "text/plain")))
        app.detail.focus_view()
        await pilot.press("3")
        await until(
            lambda: (
                "\x1b" not in app.screen_text()
                and "\x00" not in app.screen_text()
                and ("\x9b" not in app.screen_text())
            )
        )
        text = app.screen_text()
        assert "\x1b" not in text and "\x00" not in text and "\x9b" not in text
        assert "␛[2J␀" in text and "[/x]" in text
        assert text.endswith("␀")


async def test_bytes_that_are_no_text_are_pictured_and_the_frame_can_be_seen_in_hex() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.detail.show(message(bytes(range(128, 160)), ("content-type", "application/octet-stream")))
        await pilot.pause()
        await until(lambda: app.screen_text().startswith("00000000  80 81 82"))
        app.detail.focus_view()
        await pilot.press("4")
        await until(lambda: "4d 45 53 53 41 47 45" in app.screen_text())


async def test_keys_and_clicks_change_the_view() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.detail.show(message(b"hello"))
        app.detail.focus_view()
        await pilot.press("right", "right")
        await until(lambda: app.detail.tab is DetailTab.WIRE)
        await pilot.press("left")
        await until(lambda: app.detail.tab is DetailTab.HEADERS)
        await pilot.click("#detail-view", offset=(5, 0))
        await until(lambda: app.detail.tab is DetailTab.BODY)


async def test_copying_and_saving() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.detail.show(message(b"line one\nline \x1btwo"))
        app.detail.focus_view()
        await pilot.press("y", "w")
        await pilot.pause()
        await until(lambda: app.clipboard == "line one\nline \x1btwo")
        await until(lambda: app.saved == [b"line one\nline \x1btwo"])


async def test_what_is_odd_is_said_on_top() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.detail.show(Frame(b"MESSAGE\nbad\\tescape:1\n\nx"), odd="content-length does not fit the body")
        await pilot.pause()
        await until(lambda: "content-length does not fit the body" in app.notes())
        await until(lambda: "undefined escape" in app.notes())


async def test_a_long_body_is_folded_and_its_end_is_reached() -> None:
    async with Host().run_test(size=(60, 20)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        body = "\n".join(f"line {number} " + "word " * 30 for number in range(2_000)) + "\nthe very end"
        app.detail.show(message(body.encode()))
        app.detail.focus_view()
        await pilot.press("end")
        view = app.query_one(LinesView)
        await reached(app, "the very end")
        assert all(view.render_line(y).cell_length <= view.width for y in range(view.size.height))


async def test_the_reader_stays_where_they_are_when_the_size_or_the_view_changes() -> None:
    app = Host()

    def top() -> int:
        return int(app.screen_text().split("line ")[1].split()[0])

    async with app.run_test(size=(60, 20)) as pilot:
        body = "\n".join(f"line {number} " + "word " * 30 for number in range(2_000)) + "\nthe very end"
        app.detail.show(message(body.encode()))
        app.detail.focus_view()
        await pilot.pause()
        await pilot.press(*["pagedown"] * 6)
        await until(lambda: top() > 20)
        before = top()
        assert before > 20
        for size in ((100, 20), (60, 30), (60, 20)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await until(lambda: abs(top() - before) <= 3)
        await pilot.press("3", "1")
        await pilot.pause()
        await until(lambda: abs(top() - before) <= 3)
        view = app.query_one(LinesView)
        await pilot.press("end")
        await reached(app, "the very end")
        await pilot.resize_terminal(90, 24)
        await reached(app, "the very end")
        assert view.row_count > 2_000


async def test_nothing_selected_says_what_to_do() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.detail.show(None)
        assert app.query_one("#detail-empty").display
        app.detail.show_note("connection lost", "the \x1bbroker's words")
        # The view has a height, and so lines to paint, once it is laid out.
        await until(lambda: "the ␛broker's words" in app.screen_text(), app.screen_text)


async def test_an_error_without_a_body_says_what_its_message_header_says() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.detail.show(Frame(b"ERROR\nmessage:queue \\c[b]x\\nsecond line \x1b[2J\n\n"))
        await pilot.pause()
        await until(lambda: app.screen_text() == "queue :[b]x\nsecond line ␛[2J\nno body")
        app.detail.show(Frame(b"ERROR\nmessage:not\\callowed\n\nbecause of this"))
        await pilot.pause()
        await until(lambda: app.screen_text() == "because of this")
        await until(lambda: "not:allowed" in app.notes())
        app.detail.show(Frame(b"ERROR\nmessage:the same\n\nthe same, and more"))
        await pilot.pause()
        await until(lambda: app.notes().strip() == "")
        app.detail.show(Frame(b"MESSAGE\nmessage:a header like any other\n\n"))
        await pilot.pause()
        await until(lambda: app.screen_text() == "no body")
