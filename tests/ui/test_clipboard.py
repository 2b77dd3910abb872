"""Copying anything anywhere: what the terminal gets is the data, and the person is told where it went."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from textual.app import App, ComposeResult

from stomptui.compose.draft import from_frame
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Frame
from stomptui.ui.widgets.clipboard import LIMIT, MULTIPLEXED_LIMIT, Clipboard, ClipboardSent, limit
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.text.editor import Editor
from stomptui.ui.widgets.text.fields import ExactField, Field
from tests.ui.waiting import until

ODD = "👨\u200d👩\u200d👧 soft\u00adhyphen \x1b[2J \u202eturned \U0010f004 \ue000"


class Host(Clipboard, App[None]):
    """Everything that text is copied from."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield MessageDetail(id="detail")
        yield Field(id="field")
        yield ExactField(ODD, id="exact")
        yield Editor(id="editor")

    def on_mount(self) -> None:
        driver: Any = self._driver
        write: Callable[[str], None] = driver.write

        def kept(data: str) -> None:
            self.written.append(data)
            write(data)

        driver.write = kept

    @property
    def terminal(self) -> list[str]:
        """What the terminal was asked to put into its clipboard."""
        return [
            base64.b64decode(found).decode()
            for data in self.written
            for found in re.findall("\x1b\\]52;c;([^\a]*)\a", data)
        ]

    def notify(self, message: str, **options: Any) -> None:
        # They go by themselves after a while, and a busy machine takes longer.
        self.told.append(message)
        super().notify(message, **options)


def message(body: bytes, *headers: tuple[str, str]) -> Frame:
    return Frame(
        encode("MESSAGE", [("destination", "/queue/test"), *headers, ("content-length", str(len(body)))], body)[:-1]
    )


async def test_every_view_of_a_message_is_copied_exactly_and_told() -> None:
    async with Host().run_test(size=(80, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        detail = app.query_one(MessageDetail)
        frame = message(ODD.encode(), ("x", "a\u200db:\n\u00ad"))
        detail.show(frame)
        detail.focus_view()
        await until(lambda: detail.has_focus_within)
        await pilot.press("y", "2", "y", "3", "y", "4", "y")
        await until(lambda: len(app.terminal) == 4, lambda: app.terminal)
        body, headers, wire, dump = app.terminal
        assert body == ODD
        assert headers == f"destination:/queue/test\nx:a\u200db:\n\u00ad\ncontent-length:{len(ODD.encode())}"
        assert wire.encode() == frame.raw
        assert dump.startswith("00000000  4d 45 53 53 41 47 45")
        assert app.told[0] == f"{len(ODD)} characters sent to the terminal's clipboard"
        assert app.told[2].endswith("\nthe frame without the NUL that ends it")
        detail.show_note("connection lost", "the \x1bbroker's words")
        await pilot.press("y")
        await until(lambda: len(app.terminal) == 5, lambda: app.terminal)
        await until(lambda: app.terminal[4] == "connection lost\nthe \x1bbroker's words")
        # What an ERROR without a body says is shown in its place, and is what is copied.
        detail.show(Frame(b"ERROR\nmessage:queue \\c[b]x\\nsecond line \x1b[2J\n\n"))
        detail.action_tab("body")
        await pilot.press("y")
        await until(lambda: app.terminal[5:] == ["queue :[b]x\nsecond line \x1b[2J"], lambda: app.terminal)
        assert "whose body is empty" in app.told[-1]
        detail.show(message(b""))
        await pilot.press("y")
        await until(lambda: "The body is empty" in app.told[-1], lambda: app.told)
        assert len(app.terminal) == 6


async def test_a_body_larger_than_the_terminal_takes_is_cut_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        detail = app.query_one(MessageDetail)
        detail.show(message(b"x" * 20_000_000))
        detail.focus_view()
        await until(lambda: detail.has_focus_within)
        await pilot.press("y")
        await until(lambda: app.told, lambda: app.told)
        await until(lambda: app.terminal == ["x" * LIMIT])
        await until(
            lambda: (
                app.told
                == [
                    "The first 8,388,608 of 20,000,000 characters sent to the terminal's clipboard, "
                    "which takes no more\n"
                    "w saves the whole body to a file"
                ]
            )
        )
        await until(lambda: len(app.clipboard) == 20_000_000)


async def test_fields_copy_cut_and_paste_exactly() -> None:
    async with Host().run_test(size=(80, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        field, editor = app.query_one("#exact", ExactField), app.query_one(Editor)
        field.focus()
        await pilot.press("ctrl+shift+a", "ctrl+c", "end", "ctrl+v")
        await until(lambda: field.exact == ODD + ODD)
        await until(lambda: app.terminal == [ODD])
        await pilot.press("ctrl+shift+a", "ctrl+x")
        await until(lambda: (field.exact, app.terminal[-1]) == ("", ODD + ODD))
        text = "one\r\n" + ODD + "\rtwo\nthree\n"
        editor.exact = text
        editor.focus()
        editor.select_all()
        await pilot.press("ctrl+c", "ctrl+x", "ctrl+v")
        await until(lambda: app.terminal[-2:] == [text, text])
        await until(lambda: editor.exact == text)
        await until(lambda: app.told[-1] == f"{len(text)} characters sent to the terminal's clipboard")


async def test_nothing_selected_is_nothing_cut() -> None:
    async with Host().run_test(size=(80, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        for field in app.query(Field):
            field.focus()
            await pilot.pause()
            await pilot.press("ctrl+x")
        app.query_one(Editor).focus()
        await pilot.pause()
        await pilot.press("ctrl+x")
        await until(lambda: (app.terminal, app.told) == ([], []))


async def test_a_message_edited_again_keeps_every_byte() -> None:
    bodies = [
        ODD.encode(),
        b"one\r\ntwo\r\n",
        b"one\r\ntwo\n",
        b"\xef\xbb\xbfmarked",
        b"\xff\xfe\x00bytes",
        b"a\rb\x0b",
    ]
    async with Host().run_test(size=(80, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        editor, field = app.query_one(Editor), app.query_one("#exact", ExactField)
        for body in bodies:
            draft = from_frame(message(body, ("x", ODD)))
            if isinstance(draft.body, str):
                editor.exact = draft.body
                draft.body = editor.exact
            field.exact = draft.headers[0].value
            draft.headers[0].value = field.exact
            assert draft.body_bytes() == body
            assert draft.headers[0].value == ODD


async def test_a_selection_of_nothing_leaves_the_clipboard_alone() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.copy_to_clipboard("kept")
        app.copy_to_clipboard("")
        assert (app.terminal, app.clipboard, app.told[-1]) == (["kept"], "kept", "There is nothing to copy.")


def test_halves_of_characters_are_told_and_everything_else_is_sent() -> None:
    sent = ClipboardSent("a\udcffb\udcfe\u200d", LIMIT)
    assert base64.b64decode(sent.sequence[7:-1]).decode() == "a\ufffdb\ufffd\u200d"
    assert "2 bytes that are not UTF-8 copied as \ufffd" in sent.report((), "")


def test_a_cut_is_between_characters() -> None:
    sent = ClipboardSent("ä" * 100, 101)
    assert sent.count == 50
    assert sent.report((), "") == "The first 50 of 100 characters sent to the terminal's clipboard, which takes no more"


def test_tmux_is_sent_no_more_than_it_takes() -> None:
    assert limit({"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "xterm"}) == MULTIPLEXED_LIMIT
    assert limit({"TERM": "screen-256color"}) == MULTIPLEXED_LIMIT
    assert limit({"TERM": "xterm-256color"}) == LIMIT
    assert len(ClipboardSent("x" * LIMIT, MULTIPLEXED_LIMIT).sequence) < 1 << 20
