"""A message over Spring's limit: warned of as a guess, refused in its words, and known from then on."""

from __future__ import annotations

from textual.widgets import Static

from stomptui.journal.entry import RowState
from tests.support.brokers.spring import Spring
from tests.support.console import Driver, console


def noted(driver: Driver) -> str:
    """What stands below the headers of the compose pane, of the whole frame."""
    return str(driver.app.console_screen.pane.query_one("#switch-notes", Static).content)


async def test_what_is_too_large_is_refused_in_the_servers_words(spring: Spring) -> None:
    async with console(connection=spring.connection(), autoconnect=True) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.compose("/topic/big", "")
        await driver.paste("x" * 70_000)
        await driver.until(lambda: "a guess" in noted(driver), "the warning")
        await driver.press("f5")
        await driver.sees("Send it anyway?")
        await driver.press("y")
        words = "'content-length' header value 70000 exceeds configured buffer size limit 65536"
        await driver.until(lambda: driver.outcome.startswith("✗ refused, and the session ended by it: "), "refused")
        assert words in " ".join(driver.outcome.split())
        row = next(entry for entry in driver.entries if entry.raw.startswith(b"SEND\n"))
        assert row.outcome is not None
        assert row.outcome.state is RowState.REFUSED
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected again")
        assert driver.app.console_screen.console.told_limit == 65536
        await driver.until(lambda: "as it has said itself" in noted(driver), "the limit it told")


async def test_what_is_sent_is_said_with_where_to_look(spring: Spring) -> None:
    async with console(connection=spring.connection(), autoconnect=True) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.compose("/app/nothing", '"hello"')
        await driver.press("f5")
        await driver.until(lambda: driver.outcome.startswith("→ sent; no answer is normal here"), "sent")
        assert "/user/queue/errors" in driver.outcome
