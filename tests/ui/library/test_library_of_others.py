"""A library that others write to gets nothing from the environment or a file without a yes."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from stomptui.compose.draft import Draft
from stomptui.compose.draft_json import draft_line, draft_of
from stomptui.compose.library.library import Library
from stomptui.compose.library.saved_message import SavedMessage
from stomptui.ui.dialogs.confirm import ConfirmScreen
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.library.test_saved_messages import listed


async def opened(driver: Driver, body: str) -> None:
    pane = driver.app.console_screen.pane
    await driver.until(lambda: pane.draft.body == body and pane.has_focus_within, "opened")


def sent(embedded: EmbeddedBroker, count: int) -> bool:
    return embedded.depth("a") == (count, 0)


async def test_it_is_asked_once_what_a_library_may_know(
    embedded: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELD_BACK", "from the environment")
    embedded.publish("/queue/a", "the queue is there")
    body = "{{env HELD_BACK}} {{counter}}"
    Library(tmp_path).save(SavedMessage("theirs", Draft("/queue/a", [], body, variables=True)))
    for start in (1, 2):
        async with console(embedded.port, library=tmp_path) as driver:
            await driver.up()
            await listed(driver)
            await driver.press("enter")
            await opened(driver, body)
            await driver.press("f5")
            if start == 1:
                await driver.until(lambda: isinstance(driver.app.screen, ConfirmScreen), "the question")
                await driver.sees("env HELD_BACK: a variable of your environment", "which others may write to")
                await driver.press("n")
                assert embedded.depth("a") == (1, 0)
                await driver.press("f5")
                await driver.until(lambda: isinstance(driver.app.screen, ConfirmScreen), "asked again")
                await driver.press("y")
            await driver.until(partial(sent, embedded, start + 1), "sent")
            # What it then wants besides is another question.
            driver.app.console_screen.pane.set_body("{{file /etc/hostname}}")
            await driver.press("f5")
            await driver.sees("file /etc/hostname: the text of a file of yours")
            await driver.press("n")


async def test_what_is_written_in_ones_own_library_is_not_asked_about(embedded: EmbeddedBroker) -> None:
    embedded.publish("/queue/a", "the queue is there")
    Library().save(SavedMessage("mine", Draft("/queue/a", [], "{{env PATH}}", variables=True)))
    async with console(embedded.port) as driver:
        await driver.up()
        await listed(driver)
        await driver.press("enter")
        pane = driver.app.console_screen.pane
        await driver.until(lambda: pane.draft.body and pane.has_focus_within, "opened")
        await driver.press("f5")
        await driver.until(lambda: embedded.depth("a") == (2, 0), "sent")


def test_where_a_draft_comes_from_is_known_after_a_restart(tmp_path: Path) -> None:
    path = Library(tmp_path).save(SavedMessage("theirs", Draft("/queue/a"))).path
    draft = Library(tmp_path).open(path).draft
    assert draft_of(json.loads(draft_line(draft))).saved == draft.saved
    assert draft.saved is not None and not draft.saved.is_own
