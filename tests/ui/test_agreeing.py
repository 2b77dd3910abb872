"""What may not be kept where it goes, for all that is known, needs more than Enter: the button that has no focus."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Button

from stomptui.brokers.embedded.queue_facts import EmbeddedQueueFacts
from stomptui.brokers.rabbitmq.peek.survey import RabbitMQSurvey
from stomptui.brokers.rabbitmq.targets.declaring import DeclareAnswers
from stomptui.brokers.rabbitmq.targets.target_limits import RabbitMQQueueSettings
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.leaving import Leaving
from stomptui.ui.message_actions.action_form import ActionForm
from stomptui.ui.widgets.text.fields import ExactField
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_peeking import action, fill, peek
from tests.ui.test_transferring import form
from tests.ui.waiting import until

WHY = "untold"
NOT_KNOWN = "whether /amq/queue/unsure keeps them is not known"


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch, embedded: EmbeddedBroker) -> None:
    """A queue that is said to keep three messages, and one of which it is not known whether it keeps any."""

    def told(
        facts: EmbeddedQueueFacts, name: str, heard: DeclareAnswers, wait: bool = True
    ) -> tuple[RabbitMQQueueSettings, str]:
        arguments = {"max-length": 3} if name == "short" else {}
        return RabbitMQQueueSettings("classic", arguments, {}), WHY if name == "unsure" else ""

    monkeypatch.setattr(EmbeddedQueueFacts, "settings", told)
    for name in ("short", "unsure"):
        embedded.call(functools.partial(embedded.queues.declare, name))


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "short",
            "⚠ /amq/queue/short keeps at most 3 messages",
            "⚠ 4 moved; /amq/queue/short keeps at most 3 messages",
        ),
        (
            "unsure",
            f"⚠ Whether /amq/queue/unsure keeps what is sent there is not known: {WHY}.",
            f"⚠ 4 moved; {NOT_KNOWN}",
        ),
    ],
)
async def test_enter_and_the_key_alone_do_not_move_what_may_not_be_kept(
    embedded: EmbeddedBroker, name: str, before: str, after: str
) -> None:
    fill(embedded, count=4)
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press("asterisk")
        screen = await action(driver, "m", f"/queue/{name}")
        await driver.sees(before, "Move anyway")
        await driver.until(lambda: screen.query_one("#action-no", Button).has_focus, "Enter to cancel")
        for key in ("f5", "ctrl+g"):
            await driver.press(key)
            await until(lambda: driver.app.screen is screen)
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is not screen, "Enter to have cancelled")
        assert embedded.bodies(name) == []
        again = await action(driver, "m", f"/queue/{name}")
        await driver.until(lambda: again.query_one("#action-no", Button).has_focus, "Enter to cancel")
        await driver.press("tab", "enter")
        await driver.sees(after, "⚠ moved")
        assert "✓ moved" not in driver.screen
        await until(lambda: len(embedded.bodies(name)) == 4, lambda: "the embedded broker keeps them all")


async def test_a_copy_stays_where_it_is_and_needs_no_yes(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=2)
    async with console(embedded.port) as driver:
        await peek(driver)
        screen = await action(driver, "C", "/queue/unsure")
        await driver.sees("Whether /amq/queue/unsure keeps what is sent there is not known", "Copy 1")
        await driver.until(lambda: screen.query_one("#action-yes", Button).has_focus, "Enter to do it")
        await driver.press("enter")
        await driver.sees(f"⚠ 1 copied; {NOT_KNOWN}")
        assert sum(embedded.depth("orders")) == 2


async def test_a_drain_that_would_lose_the_rest_takes_nothing_out_before_a_yes(
    monkeypatch: pytest.MonkeyPatch, embedded: EmbeddedBroker, tmp_path: Path
) -> None:
    gone = "/queue/orders is deleted when its last reader leaves."
    monkeypatch.setattr(RabbitMQSurvey, "found_leaving", lambda survey, heard: Leaving(gone, (), by_leaving=True))
    fill(embedded, count=4)
    path = tmp_path / "messages.jsonl"
    async with console(embedded.port) as driver:

        async def drain() -> None:
            await form(driver, "D")
            await driver.type_in("/queue/orders")
            await driver.press("tab")
            await driver.type_in(str(path))
            await driver.press("f5")
            await driver.sees("Drain anyway?", gone, "then is lost.")

        await drain()
        await driver.press("enter")
        await driver.sees("‖ nothing was taken out: what stays in the queue would be lost")
        assert embedded.depth("orders") == (4, 0)
        assert not path.exists()
        await driver.press("enter")
        await drain()
        await driver.press("y")
        await driver.sees("✓ 4 drained")
        assert len(path.read_bytes().splitlines()) == 4


async def test_another_target_is_asked_about_anew(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=4)
    async with console(embedded.port) as driver:
        await peek(driver)
        screen = await action(driver, "m", "/queue/short")
        await driver.sees("Move anyway")
        await driver.press("shift+tab", "end")
        await driver.type_in("er")
        await driver.until(lambda: str(screen.query_one("#action-yes", Button).label) == "Check", "to be checked anew")
        await driver.press("enter")
        await driver.until(lambda: str(screen.query_one("#action-yes", Button).label) == "Move 1", "the plan")
        await driver.painted()
        await driver.press("enter")
        await driver.sees("✓ 1 moved")
        await until(lambda: not isinstance(driver.app.screen, ActionForm))


@pytest.mark.parametrize("way", ["typed", "pasted", "erased"])
async def test_what_is_typed_after_the_check_changes_the_target(embedded: EmbeddedBroker, way: str) -> None:
    fill(embedded, count=4)
    fill(embedded, "other", count=1)
    async with console(embedded.port) as driver:
        await peek(driver)
        screen = await action(driver, "m", "/queue/othe" if way == "typed" else "/queue/otherx")
        await driver.sees("is not there yet. Enter does it all the same.")
        await driver.until(lambda: screen.query_one("#action-target").has_focus, "the name to be typed anew")
        # As if it was there: then the button has the focus.
        screen.query_one("#action-yes", Button).focus()
        await driver.until(lambda: screen.query_one("#action-yes", Button).has_focus, "the button")
        if way == "typed":
            await driver.press("r")
        elif way == "erased":
            await driver.press("backspace")
        else:
            await driver.press("ctrl+u")
            await driver.until(lambda: screen.query_one("#action-target", ExactField).exact == "", "it to be empty")
            screen.query_one("#action-yes", Button).focus()
            await driver.until(lambda: screen.query_one("#action-yes", Button).has_focus, "the button")
            driver.app.post_message(events.Paste("/queue/other"))
        await driver.until(
            lambda: screen.query_one("#action-target", ExactField).exact == "/queue/other", "the other name"
        )
        await driver.until(lambda: str(screen.query_one("#action-yes", Button).label) == "Check", "to be checked anew")
        await driver.press("enter")
        await driver.until(lambda: str(screen.query_one("#action-yes", Button).label) == "Move 1", "the plan")
        await driver.painted()
        await driver.until(lambda: screen.query_one("#action-yes", Button).has_focus, "the button")
        await driver.press("enter")
        await driver.sees("✓ 1 moved to /queue/other")
        assert {"othe", "otherx"} & set(embedded.call(embedded.queues.depths)) == set()


async def test_a_refill_asks_before_anything_is_sent(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    lines = [FileMessage(f"/queue/{name}", (), b"m").line() for name in ("other", "short")]
    path.write_bytes(b"".join(lines))
    async with console(embedded.port) as driver:
        await form(driver, "R")
        await driver.type_in(str(path))
        await driver.press("f5")
        await driver.sees("Refill anyway?", "keeps at most 3 messages")
        await driver.press("enter")
        await driver.sees("nothing was sent: the broker may confirm messages there and not keep them")
        await until(lambda: embedded.bodies("short") == [])
        await until(lambda: "other" not in embedded.call(embedded.queues.depths))
        await driver.press("enter")
        await form(driver, "R")
        await driver.type_in(str(path))
        await driver.press("f5")
        await driver.sees("Refill anyway?")
        await driver.press("y")
        await driver.sees("⚠ 2 sent", "keeps at most 3 messages")
        await until(lambda: embedded.bodies("short") == embedded.bodies("other") == [b"m"])


async def test_what_is_not_known_of_a_target_is_said_of_a_refill_whose_file_stays(
    embedded: EmbeddedBroker, tmp_path: Path
) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage(f"/queue/{name}", (), b"m").line() for name in ("orders", "unsure")))
    async with console(embedded.port) as driver:
        await form(driver, "R")
        await driver.type_in(str(path))
        await driver.press("f5")
        await driver.sees(f"⚠ 2 sent; {NOT_KNOWN}", WHY, "Keep the file until you have seen that they are there.")
