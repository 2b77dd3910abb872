"""The list of earlier drafts says of each when and where it was sent, what became of it, and what changed."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.sent_draft import Became, Sending, SentDraft
from stomptui.ui.widgets.compose.earlier_drafts_list import palette_commands
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker
from tests.ui.waiting import until

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=timezone.utc)


def about(sent: list[SentDraft], aside: list[Draft]) -> list[str]:
    drafts = [*(each.draft for each in sent), *aside]
    return [str(command[2]) for command in palette_commands(drafts, lambda draft: None, False, sent, NOW)][::-1]


def test_each_says_what_became_of_it_when_and_where_and_what_changed() -> None:
    first = Draft("/queue/a", [HeaderLine("priority", "4")])
    second = Draft("/queue/a", [HeaderLine("priority", "9")], "[b]body")
    sent = [
        SentDraft(Draft("/queue/old", [HeaderLine("x", "1")]), Sending(when=None, id="")),
        SentDraft(first, Sending("local", NOW - timedelta(days=2)), Became.REFUSED, "no\n[red]access"),
        SentDraft(second, Sending("h:1", NOW - timedelta(minutes=1)), Became.CONFIRMED, "in 3 ms", 2),
        SentDraft(Draft("/queue/b"), Sending("h:1", NOW), Became.SERIES, "1,000 sent, 1,000 confirmed"),
    ]
    assert about(sent, [Draft("/queue/b", [HeaderLine("to", "")])]) == [
        "x:1",
        r"✗ refused: no \[red]access · 2026-11-28 12:00 · priority:4 · local",
        "✓ confirmed in 3 ms · 2 times · 11:59:00 · priority: 4 → 9, body: 1 line · h:1",
        "series: 1,000 sent, 1,000 confirmed · 12:00:00 · h:1",
        'not sent · to: ""',
    ]


async def test_what_is_sent_is_found_in_the_list_with_what_became_of_it(embedded: EmbeddedBroker) -> None:
    embedded.publish("/queue/a", "the queue is there")
    async with console(embedded.port) as driver:
        await driver.up()
        for priority in ("4", "9"):
            draft = Draft("/queue/a", [HeaderLine("priority", priority)], "x")
            driver.app.console_screen.composing.edit(draft)
            await driver.press("f5")
            await driver.until(lambda: driver.outcome.startswith("✓ confirmed"), "the outcome")
        await driver.until(
            lambda: [each.became for each in driver.app.history.entries] == [Became.CONFIRMED] * 2, "in the history"
        )
        await driver.press("f2")
        await driver.sees("✓ confirmed in", f"127.0.0.1:{embedded.port}", "priority: 4 → 9")


async def test_the_thread_of_the_history_ends_with_the_screen(embedded: EmbeddedBroker) -> None:
    def threads() -> set[threading.Thread]:
        return {each for each in threading.enumerate() if each.name.startswith("stomptui-history")}

    before = threads()
    async with console(embedded.port) as driver:
        await driver.up()
        mine = threads() - before
        assert mine
    await until(lambda: not any(thread.is_alive() for thread in mine), lambda: "it goes on")
