"""Behind a dialog the console is painted seldom, since each paint there paints the whole screen; nothing is missed."""

from __future__ import annotations

import pytest

from stomptui.journal.entry import NoteKind
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.widgets.log.message_log import MessageLog
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker


async def test_it_follows_once_a_tick_and_is_up_to_date_once_the_dialog_closes(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        screen = driver.app.console_screen
        driver.app.push_screen(ConfirmScreen("Sure?", "Yes", "No"))
        await driver.until(lambda: isinstance(driver.app.screen, ConfirmScreen), "the dialog")
        settled: list[int] = []
        settle = MessageLog.settle

        def noted(log: MessageLog) -> None:
            settled.append(log.journal.end)
            settle(log)

        monkeypatch.setattr(MessageLog, "settle", noted)
        for number in range(50):
            driver.app.journal.append_note(NoteKind.INFO, f"note {number}", 0.0)
            screen.settle()
        assert not settled, "painted with each event"
        await driver.sees("note 49")
        assert isinstance(driver.app.screen, ConfirmScreen) and len(settled) == 1
        driver.app.journal.append_note(NoteKind.INFO, "the last note", 0.0)
        screen.settle()
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is screen, "the console")
        await driver.sees("the last note")
