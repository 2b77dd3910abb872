"""A queue whose name ends in a blank is another queue: what is typed is shown, asked about, and taken as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from stomptui.cli.console import name_notes
from stomptui.config.options import Options
from stomptui.ui.console.subscribe_form import SubscribeScreen
from stomptui.ui.dialogs.lookalike_name import NameScreen
from stomptui.ui.message_actions.action_form import ActionForm
from stomptui.ui.peek.form import PeekForm
from stomptui.ui.peek.screen import PeekScreen
from stomptui.ui.queue_list.screen import QueueListScreen
from stomptui.ui.transfer.form import TransferForm
from stomptui.ui.widgets.text.fields import ExactField
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_peeking import peek
from tests.ui.waiting import until

pytestmark = pytest.mark.timeless

NAMES = ("x", "x ", " x", "x\u00a0", "x\t")


@pytest.fixture
def alike(embedded: EmbeddedBroker) -> EmbeddedBroker:
    """Three messages in each of five queues that look the same."""
    for name in NAMES:
        for number in range(3):
            embedded.publish(f"/queue/{name}", f"{name} {number}")
    return embedded


def depths(broker: EmbeddedBroker) -> list[tuple[int, int]]:
    return [broker.depth(name) for name in NAMES]


async def opened(driver: Driver, key: str, kind: type[object]) -> None:
    await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
    await driver.press(key)
    await driver.until(lambda: isinstance(driver.app.screen, kind), "the form")


async def say_yes(driver: Driver, question: str) -> None:
    """The question is there; the name is meant as it is."""
    await driver.until(lambda: isinstance(driver.app.screen, NameScreen), "the question")
    await driver.sees(question)
    await driver.press("down", "enter")


async def test_a_drain_empties_the_queue_that_was_named(alike: EmbeddedBroker, tmp_path: Path) -> None:
    async with console(alike.port) as driver:
        await opened(driver, "D", TransferForm)
        await driver.type_in("/queue/x ")
        await driver.sees("“/queue/x·” ends in a blank")
        await driver.press("tab")
        await driver.type_in(str(tmp_path / "x.jsonl"))
        await driver.press("f5")
        await say_yes(driver, "/queue/x· ends in a blank.")
        await driver.sees("Drain: /queue/x· into", "✓ 3 drained")
        await until(lambda: depths(alike) == [(3, 0), (0, 0), (3, 0), (3, 0), (3, 0)])
        await until(lambda: '"destination": "/queue/x "' in (tmp_path / "x.jsonl").read_text())


async def test_the_other_name_is_offered_and_nothing_is_done_meanwhile(alike: EmbeddedBroker, tmp_path: Path) -> None:
    async with console(alike.port) as driver:
        await opened(driver, "D", TransferForm)
        await driver.type_in("/queue/x ")
        await driver.press("tab")
        await driver.type_in(str(tmp_path / "x.jsonl"))
        await driver.press("f5")
        await driver.sees("No, use /queue/x", "Yes, use /queue/x·")
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, TransferForm), "back in the form")
        await until(lambda: driver.app.screen.query_one("#transfer-queue", ExactField).exact == "/queue/x")
        await until(lambda: depths(alike) == [(3, 0)] * 5)
        await driver.press("f5")
        await driver.sees("✓ 3 drained")
        await until(lambda: depths(alike) == [(0, 0), (3, 0), (3, 0), (3, 0), (3, 0)])


async def test_a_peek_and_a_move_take_the_names_as_they_are(alike: EmbeddedBroker) -> None:
    async with console(alike.port) as driver:
        await opened(driver, "p", PeekForm)
        await driver.type_in("/queue/ x")
        await driver.press("f5")
        await say_yes(driver, "/queue/·x has a blank beside a slash or colon.")
        await driver.sees("“redelivered”")
        await driver.press("f5")
        await driver.sees("Peek /queue/·x", "3 unacked")
        await until(lambda: depths(alike) == [(3, 0), (3, 0), (0, 3), (3, 0), (3, 0)])
        await driver.press("asterisk", "m")
        await driver.until(lambda: isinstance(driver.app.screen, ActionForm), "the order")
        await driver.type_in("/queue/x ")
        await driver.press("enter")
        await say_yes(driver, "/queue/x· ends in a blank.")
        await driver.sees("To /amq/queue/x·: the queue exists")
        await driver.press("f5")
        await driver.sees("✓ 3 moved")
        await until(lambda: depths(alike) == [(3, 0), (6, 0), (0, 0), (3, 0), (3, 0)])


async def test_consuming_takes_the_name_as_it_is(alike: EmbeddedBroker) -> None:
    async with console(alike.port) as driver:
        await opened(driver, "s", SubscribeScreen)
        await driver.type_in("/queue/x")
        await driver.paste("\u00a0")
        await driver.sees("“/queue/x·” ends in a no-break space (U+00A0)")
        driver.app.screen.query_one("#mode").value = "consume"  # type: ignore[attr-defined]
        await driver.press("f5")
        await say_yes(driver, "/queue/x· ends in a no-break space (U+00A0).")
        await driver.sees("/queue/x·?", "Consume")
        await driver.press("y")
        await driver.sees("subscribed to /queue/x·")
        alike.wait(lambda: alike.depth("x\u00a0") == (0, 0))
        assert depths(alike) == [(3, 0), (3, 0), (3, 0), (0, 0), (3, 0)]
        assert [line for line in driver.app.summary() if line] == ["/queue/x·  3 received"]


async def test_what_is_composed_goes_where_it_says(alike: EmbeddedBroker) -> None:
    async with console(alike.port) as driver:
        await driver.up()
        await driver.compose("/queue/x ", "hello")
        await driver.press("f5")
        await say_yes(driver, "/queue/x· ends in a blank.")
        alike.wait(lambda: alike.depth("x ") == (4, 0))
        assert depths(alike) == [(3, 0), (4, 0), (3, 0), (3, 0), (3, 0)]
        await driver.press("f5")
        alike.wait(lambda: alike.depth("x ") == (5, 0))


async def test_the_list_hands_over_the_name_it_shows(alike: EmbeddedBroker) -> None:
    async with console(alike.port) as driver:
        await opened(driver, "g", QueueListScreen)
        await driver.sees("x·", "·x", "x␉")
        await driver.press("slash")
        await driver.type_in("x␉")
        await driver.press("enter")
        await driver.sees("x␉")
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, PeekForm), "the form")
        await driver.sees("“redelivered”", "ends in a tab")
        await driver.press("f5")
        await driver.until(lambda: isinstance(driver.app.screen, PeekScreen), "the queue, without a question")
        await driver.sees("Peek /queue/x␉", "3 unacked")
        await until(lambda: depths(alike) == [(3, 0), (3, 0), (3, 0), (3, 0), (0, 3)])


async def test_a_peek_of_the_plain_name_asks_nothing(alike: EmbeddedBroker) -> None:
    async with console(alike.port) as driver:
        await peek(driver, "/queue/x")
        assert depths(alike) == [(0, 3), (3, 0), (3, 0), (3, 0), (3, 0)]


def test_names_on_the_command_line_are_taken_as_they_are_and_mentioned() -> None:
    options = Options(subscribe=("/queue/a ", "/queue/b"), work=("\tq",), consume=("c\u200b",), peek="/queue/ d")
    assert name_notes(options) == [
        "“/queue/a·” ends in a blank; it is taken as it is",
        "“␉q” begins with a tab; it is taken as it is",
        "“c�” ends in a zero width space (U+200B); it is taken as it is",
        "“/queue/·d” has a blank beside a slash or colon; it is taken as it is",
    ]
