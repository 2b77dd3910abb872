"""What the status bar says when there is not enough room for all of it."""

from __future__ import annotations

import pytest

from stomptui.ui.widgets.status_bar import StatusBar, StatusFacts
from tests.support.console import console

pytestmark = pytest.mark.timeless
COUNTDOWN = "; reconnecting in 16 s (3rd try)"
REASON = "connection lost: the server closed the WebSocket: 1002, after it said Failed to send message to Executor"


async def painted(width: int, facts: StatusFacts) -> str:
    async with console(size=(width, 24)) as driver:
        bar = StatusBar()
        await driver.app.screen.mount(bar)
        bar.facts = facts
        await driver.painted()
        return bar.render().plain


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("errors", [0, 12])
async def test_the_countdown_stays_and_the_reason_is_cut(width: int, errors: int) -> None:
    facts = StatusFacts(health="lost", state=REASON + COUNTDOWN, state_end=COUNTDOWN, where="h:8080/ws", errors=errors)
    line = await painted(width, facts)
    assert line.startswith("✗ connection lost")
    assert "…" + COUNTDOWN in line
    assert len(line) <= width - 2


async def test_what_is_short_is_not_cut() -> None:
    facts = StatusFacts(health="lost", state="connection lost: x" + COUNTDOWN, state_end=COUNTDOWN)
    assert await painted(80, facts) == "✗ connection lost: x" + COUNTDOWN


async def test_where_there_is_room_for_neither_the_beginning_stays() -> None:
    facts = StatusFacts(health="lost", state=REASON + COUNTDOWN, state_end=COUNTDOWN)
    line = await painted(36, facts)
    assert line.startswith("✗ connection lost") and line.endswith("…")
