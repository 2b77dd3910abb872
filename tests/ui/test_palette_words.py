"""The palette finds an action by the words that people use for it."""

from __future__ import annotations

import pytest
from textual.command import Hit

from stomptui.ui.command_palette import ActionProvider
from tests.support.console import console

pytestmark = pytest.mark.timeless

MEANT = {
    "connect": {"Connection"},
    "login": {"Connection"},
    "export": {"Drain", "Save", "Save body"},
    "password": {"Show secrets"},
    "copy body": {"Copy body"},
    "clipboard": {"Copy body", "Copy"},
    "repeat": {"Edit & resend"},
    "resend": {"Edit & resend"},
    "delete": {"Delete"},
    "purge": {"Drain", "Delete"},
    "browse": {"Peek", "Queues"},
    "ack": {"Ack"},
    "acknowledge": {"Ack"},
    "nack": {"Nack"},
    "reject": {"Nack"},
    "dlq": {"Dead letters", "Retry"},
    "dead letter": {"Dead letters", "Retry"},
    "search": {"Filter", "Find"},
    "listen": {"Subscribe"},
    "publish": {"Compose"},
    "import": {"Refill"},
    "exit": {"Quit"},
    "tail": {"Follow"},
    "undo": {"Bring back"},
}


async def test_words_people_use_find_what_is_meant() -> None:
    async with console() as driver:
        provider = ActionProvider(driver.app.console_screen)
        for typed, meant in MEANT.items():
            hits = [hit async for hit in provider.search(typed) if isinstance(hit, Hit)]
            hits.sort(key=lambda hit: hit.score, reverse=True)
            # Those that mean it come before all others.
            assert hits and hits[0].text in meant, (typed, [hit.text for hit in hits[:3]])
            # While it is being typed, too.
            early = [hit.text async for hit in provider.search(typed[:4]) if isinstance(hit, Hit)]
            assert meant & set(early), (typed, early)
