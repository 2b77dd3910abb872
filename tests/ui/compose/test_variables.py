"""Variables that a person types are seen filled in, sent filled in, asked for, and said where they are wrong."""

from __future__ import annotations

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.ui.dialogs.answers import AnswersScreen
from stomptui.ui.widgets.compose.frame_preview import FrameText
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.compose.compose_bench import Hand, bench
from tests.ui.waiting import until


def frame(hand: Hand) -> str:
    return str(hand.pane.query_one(FrameText).render())


async def test_what_is_typed_is_seen_filled_in_and_the_draft_stays() -> None:
    async with bench() as hand:
        await hand.go("#destination")
        await hand.type("/queue/{{counter}}")
        await until(lambda: "destination:/queue/1" in frame(hand), lambda: frame(hand))
        assert hand.draft.destination == "/queue/{{counter}}"
        await hand.press("ctrl+backslash")
        await until(lambda: "destination:/queue/{{counter}}" in frame(hand))
        await until(lambda: "sent as it stands" in hand.shown("#switch-notes"))


async def test_a_wrong_one_is_said_where_it_stands_and_not_sent() -> None:
    draft = Draft("/queue/a", [HeaderLine("a", "1"), HeaderLine("b", "x {{nope}}")], variables=True)
    async with bench(draft) as hand:
        await hand.press("f5")
        await until(lambda: "nope is no variable" in hand.outcome())
        assert "(character 3)" in hand.outcome()
        assert hand.sent() == []


async def test_what_came_from_elsewhere_is_sent_as_it_stands() -> None:
    async with bench(Draft("/queue/a", [], "{{uuid}} {{oops")) as hand:
        await hand.press("f5")
        await until(lambda: len(hand.sent()) == 1)
        assert hand.sent()[0].body == "{{uuid}} {{oops"


async def opened(driver: Driver, draft: Draft) -> None:
    await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
    driver.app.console_screen.composing.edit(draft)


async def test_what_is_asked_for_is_sent_and_the_template_is_kept(embedded: EmbeddedBroker) -> None:
    embedded.publish("/queue/a", "the queue is there")
    async with console(embedded.port) as driver:
        body = '{"n": {{counter}}, "who": "{{prompt Name}}"}'
        await opened(driver, Draft("/queue/{{prompt Queue}}", [], body, variables=True))
        for number in (1, 2):
            await driver.press("f5")
            await driver.until(lambda: isinstance(driver.app.screen, AnswersScreen), "the labels")
            await driver.type_in("a")
            await driver.press("enter")
            await driver.type_in("Ada")
            await driver.press("enter")
            await driver.until(lambda: embedded.depth("a") == (number + 1, 0), "sent")
        await driver.sees('{"n": 2, "who": "Ada"}')
        await driver.until(lambda: driver.outcome.startswith("✓ confirmed"), "confirmed")
        pane = driver.app.console_screen.pane
        assert (pane.draft.destination, pane.draft.body) == ("/queue/{{prompt Queue}}", body)


async def test_a_file_that_is_not_there_is_said_and_nothing_is_sent(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await opened(driver, Draft("/queue/a", [], "a\nb {{file /no/such/file}}", variables=True))
        await driver.press("f5")
        await driver.until(lambda: "No such file" in driver.outcome, "why")
        assert driver.outcome.startswith("✗ not sent")
        assert "line 2 column 3" in driver.outcome
