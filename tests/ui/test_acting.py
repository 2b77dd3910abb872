"""Acting on messages where something gets in the way: nothing is lost, nobody is stuck, what is said is true."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.queues.actions.action import Action
from stomptui.queues.actions.confirmed_actions import ConfirmedActions
from stomptui.queues.actions.pipeline import Step
from stomptui.ui.dialogs.prompt import PromptScreen
from stomptui.ui.message_actions.action_form import ActionForm
from stomptui.ui.peek.screen import PeekScreen
from stomptui.ui.transfer.form import TransferForm
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_peeking import action, fill, peek
from tests.ui.test_working import commands, go_to, outcome, subscribe, work
from tests.ui.waiting import until


class Gate:
    """Stops orders before the message with a number, until `open` is set."""

    def __init__(self, patch: pytest.MonkeyPatch, before: int) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()
        steps = ConfirmedActions.steps

        def held_up(actions: ConfirmedActions, action: Action, index: int, *rest: Any) -> Iterable[Step]:
            if action.kind == "move" and self.count == before:
                self.reached.set()
                assert self.open.wait(20)
            self.count += 1
            return steps(actions, action, index, *rest)

        self.count = 0
        patch.setattr(ConfirmedActions, "steps", held_up)


async def move_all(driver: Driver, gate: Gate) -> None:
    """Begin to move all that is shown to /queue/other, and come as far as the gate."""
    await driver.press("asterisk")
    await action(driver, "m", "/queue/other")
    await driver.press("f5")
    await driver.until(gate.reached.is_set, "half of it")


async def test_nothing_is_moved_or_deleted_out_of_a_cumulative_subscription(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=4)
    async with console(embedded.port) as driver:
        await work(driver, 4, "work-client")
        go_to(driver, b"m2")
        for key in "mdt":
            await driver.press(key)
            await driver.until(lambda: any("cumulative" in told for told in driver.told), "a word")
            await until(lambda: driver.app.screen is driver.app.console_screen)
            driver.app.clear_notifications()
        assert not {"ACK", "SEND"}.intersection(commands(driver))


async def test_an_ack_that_covers_what_other_subscriptions_hold_asks_first(embedded: EmbeddedBroker) -> None:
    fill(embedded, "looked", 5)
    fill(embedded, "worked", 1)
    # An ACK in mode client covers the whole connection there.
    connection = Connection(port=embedded.port, login="guest", passcode="guest", dialect="rabbitmq")
    async with console(connection=connection, autoconnect=True, subscribe=("/queue/looked",)) as driver:
        await driver.up()
        await driver.until(lambda: len(driver.messages) == 5, "shown")
        await subscribe(driver, "work-client", "/queue/worked")
        await driver.until(lambda: driver.app.console_screen.console.unacknowledged.waiting == 1, "waiting")
        driver.app.console_screen.log_view.go_to(driver.messages[-1].number)
        await action(driver, "a")
        await driver.sees("5 earlier unacknowledged messages are included")
        await driver.press("escape")
        # The broker keeps what was delivered until the connection ends, so the ACK would still cover it.
        await driver.to_subscriptions()
        await driver.press("home", "space")
        await driver.until(lambda: driver.watch().paused, "paused")
        driver.app.console_screen.log_view.focus()
        await action(driver, "a")
        await driver.sees("5 earlier unacknowledged messages are included")
        await driver.press("escape")
        await until(lambda: "ACK" not in commands(driver))


async def test_a_connection_closed_by_the_person_ends_the_order_with_an_account(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, 5)
    fill(embedded)
    async with console(embedded.port) as driver:
        await work(driver, 10)
        await move_all(driver, gate)
        driver.app.console_screen.connection.action_disconnect()
        gate.open.set()
        await driver.until(lambda: not driver.app.console_screen.reader.acting.busy, "the end of it")
        await driver.sees("untouched; stopped")
        await driver.press("escape", "r")
        await driver.up()
        await driver.until(lambda: driver.app.console_screen.console.unacknowledged.waiting > 0, "what was not moved")
        there, here = embedded.depth("other"), embedded.depth("orders")
        assert sum(there) + sum(here) >= 10
        go_to(driver, b"m9")
        await driver.press("a")
        await driver.until(lambda: outcome(driver, b"m9") == "settled acknowledged", "keys that work again")


async def test_a_copy_without_a_connection_says_why_not(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=1)
    async with console(embedded.port, subscribe=("/queue/orders",)) as driver:
        await driver.up()
        await driver.until(lambda: driver.messages, "shown")
        go_to(driver, b"m0")
        embedded.stop()
        await driver.lost()
        await driver.press("C")
        await driver.until(lambda: isinstance(driver.app.screen, ActionForm), "the question")
        await driver.type_in("/queue/kept")
        await driver.press("enter")
        await driver.sees("✗ there is no connection")
        embedded.start()


async def test_subscriptions_stay_while_their_messages_are_moved(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, 5)
    fill(embedded)
    async with console(embedded.port) as driver:
        await work(driver, 10)
        await move_all(driver, gate)
        await driver.to_subscriptions()
        await driver.press("space")
        await driver.press("d")
        await driver.until(lambda: sum("Wait for" in told for told in driver.told) == 2, "a word for each")
        gate.open.set()
        await driver.sees("✓ 10 moved")
        await until(lambda: "UNSUBSCRIBE" not in commands(driver))


async def test_editing_a_copy_waits_for_the_end_of_an_order(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, 5)
    fill(embedded)
    async with console(embedded.port) as driver:
        screen = await peek(driver)
        await move_all(driver, gate)
        await driver.press("e")
        await driver.until(lambda: any("Wait for" in told for told in driver.told), "a word")
        gate.open.set()
        await driver.sees("✓ 10 moved")
        await until(lambda: driver.app.screen is screen)
    assert embedded.depth("other") == (10, 0)


async def test_an_error_of_the_program_itself_leaves_nobody_stuck(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: Any) -> Iterable[Step]:
        raise KeyError("a defect")

    fill(embedded, count=3)
    async with console(embedded.port) as driver:
        await peek(driver)
        monkeypatch.setattr(ConfirmedActions, "steps", broken)
        await action(driver, "m", "/queue/other")
        await driver.press("f5")
        await driver.sees("✗ not done: internal error")
        await driver.press("escape")
        await driver.until(lambda: not isinstance(driver.app.screen, PeekScreen), "the way out")
    embedded.wait(lambda: embedded.depth("orders") == (3, 0))


async def test_an_unsent_message_is_kept_when_another_is_edited(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=1)
    async with console(embedded.port, subscribe=("/queue/orders",)) as driver:
        await driver.up()
        await driver.until(lambda: driver.messages, "shown")
        await driver.compose("/queue/mine", "hours of work")
        driver.app.console_screen.log_view.focus()
        go_to(driver, b"m0")
        await driver.press("e")
        await driver.until(lambda: driver.app.console_screen.pane.draft.body == "m0", "the copy")
        await driver.sees("•/queue/mine  /queue/orders ✕")
        await driver.press("ctrl+pageup")
        await driver.until(lambda: driver.app.console_screen.pane.draft.body == "hours of work", "what was written")


async def test_the_home_of_nobody_is_a_name_like_others(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=1)
    async with console(embedded.port, subscribe=("/queue/orders",)) as driver:
        await driver.up()
        await driver.until(lambda: driver.messages, "shown")
        await driver.press("D")
        await driver.until(lambda: isinstance(driver.app.screen, TransferForm), "the form")
        await driver.type_in("/queue/orders")
        await driver.press("tab")
        await driver.type_in("~nobody-at-all/x")
        await driver.press("f5")
        await driver.sees("✗ there is no directory ~nobody-at-all")
        await driver.press("escape")
        go_to(driver, b"m0")
        await driver.press("W")
        await driver.until(lambda: isinstance(driver.app.screen, PromptScreen), "the prompt")
        await driver.type_in("~nobody-at-all/x")
        await driver.press("enter")
        await driver.sees("✗ there is no directory ~nobody-at-all")


async def test_what_a_broker_says_is_no_command_to_the_terminal(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        driver.app.notify("a\x1b]52;c;eA==\x07b\x9b2J [bold]c", title="t\x1b[2J", markup=True)
        await driver.until(lambda: driver.told, "said")
        (note,) = driver.app._notifications
        assert (note.message, note.title, note.markup) == ("a␛]52;c;eA==␇b�2J [bold]c", "t␛[2J", False)


async def test_what_was_begun_at_one_broker_is_not_ended_at_another(embedded: EmbeddedBroker) -> None:
    with EmbeddedBroker() as other:
        async with console(embedded.port) as driver:
            await driver.up()
            dial = driver.app.console_screen.console.side_connections.dialer("orders", BlockingEventQueue())
            driver.app.console_screen.connect(Connection(port=other.port, login="guest", passcode="guest"))
            await driver.up()
            line: BlockingClient = await asyncio.to_thread(dial, "managing")
            assert line.session.connection.port == embedded.port
            line.drop()
