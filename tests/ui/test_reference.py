"""The reference in the console: from the help and from the palette, and its links."""

from __future__ import annotations

import pytest
from textual.containers import VerticalScroll
from textual.widgets import Markdown

from stomptui.ui.dialogs.reference import ReferenceScreen
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker

pytestmark = pytest.mark.timeless


async def test_the_help_leads_to_it_and_its_links_to_its_chapters(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(80, 24)) as driver:
        await driver.up()
        await driver.press("question_mark")
        await driver.press("f2")
        await driver.until(lambda: isinstance(driver.app.screen, ReferenceScreen), "the reference")
        screen = driver.app.screen
        text, scroll = screen.query_one(Markdown), screen.query_one(VerticalScroll)
        await driver.until(lambda: scroll.max_scroll_y > 50, "its text")
        text.post_message(Markdown.LinkClicked(text, "#limits"))
        await driver.until(lambda: scroll.scroll_y > 50, "the chapter")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is not screen, "the help again")


async def test_the_palette_has_it(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        titles = {command.title for command in driver.app.get_system_commands(driver.app.screen)}
        assert "Reference" in titles
