"""Bodies by a command of the person's own: asked about first, shown once it has ended, and hex where it fails."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from stomptui.config.view_approvals import ViewApprovals
from stomptui.journal.views.personal import PersonalViews
from stomptui.ui.widgets.message.detail import MessageDetail
from tests.ui.test_message_detail import Host, message
from tests.ui.waiting import until


class ViewsHost(Host):
    """A detail in an app with views of the person's own."""

    def __init__(self, commands: dict[str, str], path: Path) -> None:
        super().__init__()
        self.personal_views = PersonalViews(commands, ViewApprovals(path))
        self.personal_views.use("staging", "", {})
        self.asked: list[str] = []

    def on_message_detail_command_question(self, message: MessageDetail.CommandQuestion) -> None:
        self.asked.append(message.command)
        message.allow()


def command(code: str) -> str:
    return shlex.join([sys.executable, "-c", code])


async def test_a_command_is_asked_about_once_and_shows_the_bodies(tmp_path: Path) -> None:
    shows = command("import sys; print('decoded', sys.stdin.buffer.read()[0])")
    app = ViewsHost({"application/avro": shows}, tmp_path / "views.json")
    async with app.run_test(size=(80, 24)) as pilot:
        app.detail.show(message(b"\x01\x00", ("content-type", "application/avro")))
        app.detail.focus_view()
        await until(lambda: "was not run yet" in app.notes() and "01 00" in app.screen_text(), app.notes)
        await pilot.press("enter")
        await until(lambda: "decoded 1" in app.screen_text(), app.screen_text)
        app.detail.show(message(b"\x02\x00", ("content-type", "application/avro")))
        await until(lambda: "decoded 2" in app.screen_text(), app.screen_text)
        assert app.asked == [shows]


async def test_where_a_command_fails_a_sentence_says_so_and_the_bytes_are_shown(tmp_path: Path) -> None:
    fails = command(r"import sys; sys.exit('no \x1b[2J schema')")
    app = ViewsHost({"application/avro": fails}, tmp_path / "views.json")
    app.personal_views.allow(fails)
    async with app.run_test(size=(80, 24)):
        app.detail.show(message(b"\x01\x00", ("content-type", "application/avro")))
        await until(lambda: "ended with status 1: no ␛[2J schema" in app.notes(), app.notes)
        await until(lambda: "01 00" in app.screen_text(), app.screen_text)
