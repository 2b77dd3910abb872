"""What became of many messages is told once for each reason, with which messages it is."""

from __future__ import annotations

from textual.app import App
from textual.widgets import Static

from stomptui.queues.actions.action import DONE, DOUBT, FAILED, Action, ActionResult, MessageOutcome
from stomptui.ui.message_actions.result import ActionResultScreen

LOST = "it was sent, and whether it arrived is not known; it is still in this queue"


async def test_a_reason_is_told_once_with_the_messages_it_holds_for() -> None:
    result = ActionResult(Action("move", "/queue/other"), 500, stopped="the broker closed the connection")
    result.outcomes = {index: MessageOutcome(DOUBT, LOST) for index in range(300)}
    result.outcomes[9] = MessageOutcome(DONE)
    result.outcomes[400] = MessageOutcome(FAILED, "its header is bad")
    result.outcomes.update({index: MessageOutcome(FAILED, "it is gone") for index in range(401, 499, 2)})
    app: App[None] = App()
    async with app.run_test() as pilot:
        await app.push_screen(ActionResultScreen(result))
        await pilot.pause()
        told = str(app.screen.query_one("#result-rows", Static).content)
    assert told.count(LOST) == 1
    assert f"299 × {LOST}\n    messages 1 to 9, 11 to 300\n" in told
    assert "1 × its header is bad\n    message 401\n" in told
    assert "49 × it is gone\n    messages 402, 404," in told and " and 29 more\n" in told
