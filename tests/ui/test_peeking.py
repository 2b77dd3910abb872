"""Looking into a queue on the screen: told before, shown, held and given back, and what is done with the messages."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Button

from stomptui.config.connection import Connection
from stomptui.queues.actions.action import Action
from stomptui.queues.actions.confirmed_actions import ConfirmedActions
from stomptui.queues.actions.pipeline import Step
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.ui.message_actions.action_form import ActionForm
from stomptui.ui.message_actions.result import ActionResultScreen
from stomptui.ui.peek.form import Notice, PeekForm
from stomptui.ui.peek.screen import PeekScreen
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.waiting import until

TEN = [b"m%d" % n for n in range(10)]


def fill(embedded: EmbeddedBroker, name: str = "orders", count: int = 10) -> None:
    for number in range(count):
        embedded.publish(f"/queue/{name}", f"m{number}")


async def ask(driver: Driver, queue: str = "/queue/orders") -> None:
    """Open the form and have the broker asked."""
    await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
    await driver.press("p")
    await driver.until(lambda: isinstance(driver.app.screen, PeekForm), "the form")
    await driver.type_in(queue)
    await driver.press("enter")


async def peek(driver: Driver, queue: str = "/queue/orders") -> PeekScreen:
    """Look into a queue, all of it shown and held."""
    await ask(driver, queue)
    await driver.sees("“redelivered”")
    await driver.press("enter")
    await driver.until(lambda: isinstance(driver.app.screen, PeekScreen), "the queue")
    screen = driver.app.screen
    assert isinstance(screen, PeekScreen)
    await driver.until(lambda: screen.holding and not screen.peek.busy, "all held")
    return screen


async def action(driver: Driver, key: str, target: str = "") -> ActionForm:
    """Press a key that asks what is to be done, name the target, and have it checked."""
    await driver.press(key)
    await driver.until(lambda: isinstance(driver.app.screen, ActionForm), "the question")
    screen = driver.app.screen
    assert isinstance(screen, ActionForm)
    if target:
        await driver.type_in(target)
        await driver.press("enter")
    await driver.until(lambda: str(screen.query_one("#action-yes", Button).label) != "Check", "the plan")
    await driver.painted()
    return screen


async def test_nobody_looks_before_having_been_told_what_it_does(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port) as driver:
        await ask(driver)
        await driver.sees("While you look, other consumers cannot receive these", "“redelivered”")
        await until(lambda: embedded.depth("orders") == (10, 0), lambda: "nothing was touched yet")
        await driver.press("enter")
        await driver.sees("Peek /queue/orders", "10 unacked", "m0", "m9")
        await until(lambda: embedded.depth("orders") == (0, 10))
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "back")
        embedded.wait(lambda: embedded.depth("orders") == (10, 0))
        assert embedded.bodies("orders") == TEN


async def test_what_crossed_the_wire_is_in_the_log(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=2)
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press("escape")
        await driver.until(lambda: any("closed" in note for note in driver.notes), "the end of it")
        commands = [entry.frame.command for entry in driver.entries if entry.frame is not None]
        assert commands.count("MESSAGE") == 2
        assert "DISCONNECT" in commands
        assert "peeking /queue/orders: a connection of its own, STOMP 1.2" in driver.notes
        assert not driver.app.journal.errors.total


async def test_a_queue_that_is_not_there_is_said_in_the_form(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await ask(driver, "/queue/nosuch")
        await driver.sees("✗ there is no queue nosuch")
        await driver.press("enter")
        await until(lambda: isinstance(driver.app.screen, PeekForm))
        assert isinstance(driver.app.screen, PeekForm)
        await until(lambda: embedded.depth("nosuch") == (0, 0))
        await driver.press("escape")
        await driver.press("p")
        await driver.type_in("/topic/x")
        await driver.press("enter")
        await driver.sees("not kept anywhere")


async def test_wrong_numbers_are_told_under_their_fields(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port) as driver:
        await ask(driver)
        await driver.sees("“redelivered”")
        await driver.press("tab", *["backspace"] * 3, *"none", "enter")
        await driver.sees("✗ a whole number of 1 or more, or all")
        await driver.press(*["backspace"] * 4, *"all")
        await driver.sees("all; they are unacked while you look", "Peek: see what is in a queue and take nothing out")
        assert isinstance(driver.app.screen, PeekForm)
        # Where nothing is held, nothing says so.
        driver.app.screen.show_notice("/queue/orders", Notice("The broker notices nothing.", holds=False))
        await driver.sees("all, however many there are")
        driver.app.screen.show_notice("/queue/orders", Notice("Held."))
        await driver.sees("all; they are unacked while you look")
        await driver.press("tab", *["backspace"] * 2, *"9999", "enter")
        await driver.sees("✗ a number of seconds from 2 to 300")


async def test_a_limit_and_looking_again(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port) as driver:
        await ask(driver)
        await driver.sees("“redelivered”")
        await driver.press("tab", *["backspace"] * 3, "4", "enter")
        await driver.sees("4 unacked", "4 messages of 10 in the queue")
        await until(lambda: embedded.depth("orders") == (6, 4))
        await driver.press("r")
        await driver.until(lambda: embedded.depth("orders") == (6, 4) and "4 unacked" in driver.screen, "again")
        await driver.sees("4 messages of 10 in the queue")
        # What is copied is held as before, what is moved is counted no more.
        await action(driver, "C", "/queue/copies")
        await driver.press("enter")
        await driver.sees("✓ 1 copied", "unacked ✓ copied", "4 unacked", "4 messages of 10 in the queue")
        await driver.press("V")
        await action(driver, "m", "/queue/other")
        await driver.press("enter")
        await driver.sees("✓ 1 moved", "3 unacked", "4 messages, 1 removed from the queue, 9 left in it")
        await driver.sees("While you look, other consumers cannot receive these")


async def test_marked_messages_are_moved_and_the_others_stay(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press("down", "space", "space")
        await driver.sees("2 marked")
        screen = await action(driver, "m", "/queue/other")
        await driver.sees("Move 2 messages to", "it does not exist", "If the connection breaks")
        await until(lambda: str(screen.query_one("#action-yes", Button).label) == "Move 2")
        await driver.press("enter")
        await driver.sees("✓ 2 moved", "✓ moved", "8 unacked")
        await until(lambda: embedded.bodies("other") == [b"m1", b"m2"])
        await driver.press("escape")
        embedded.wait(lambda: embedded.depth("orders") == (8, 0))
        assert embedded.bodies("orders") == [TEN[0], *TEN[3:]]


async def test_the_fifth_is_deleted_after_a_yes_that_has_to_be_chosen(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press(*["down"] * 4)
        await action(driver, "d")
        await driver.sees("Delete 1 message", "This message will be deleted permanently")
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, PeekScreen), "nothing done")
        await until(lambda: embedded.depth("orders") == (0, 10))
        await action(driver, "d")
        await driver.press("tab", "enter")
        await driver.sees("✓ 1 deleted", "✓ deleted")
        await driver.press("d")
        await driver.until(lambda: any("already deleted" in told for told in driver.told), "said")
        await driver.press("escape")
        embedded.wait(lambda: embedded.depth("orders") == (9, 0))
        assert embedded.bodies("orders") == TEN[:4] + TEN[5:]


async def test_all_that_a_filter_shows_can_be_marked(embedded: EmbeddedBroker) -> None:
    for number in range(6):
        embedded.publish("/queue/orders", f"{'odd' if number % 2 else 'even'} {number}")
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press("slash", *"odd", "enter", "*")
        await driver.sees("3 matching “odd” of 6 messages", "3 marked")
        await action(driver, "d")
        await driver.press("tab", "enter")
        await driver.sees("✓ 3 deleted")
        await driver.press("escape", "escape")
        embedded.wait(lambda: embedded.depth("orders") == (3, 0))
        assert embedded.bodies("orders") == [b"even 0", b"even 2", b"even 4"]


async def test_a_range_is_marked(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port) as driver:
        screen = await peek(driver)
        await driver.press("down", "space", "down", "down", "V")
        await driver.sees("4 marked")
        await until(
            lambda: [number - screen.list_view.base for number in screen.list_view.marking.chosen()] == [1, 2, 3, 4]
        )
        await driver.press("u")
        await driver.until(lambda: not screen.list_view.marks.numbers, "unmarked")


async def test_what_is_held_goes_back_by_itself_and_is_not_acted_on_then(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port) as driver:
        await ask(driver)
        await driver.sees("“redelivered”")
        await driver.press("tab", "tab", *["backspace"] * 2, "2", "enter")
        # A busy machine may paint nothing in the two seconds of the hold.
        await driver.sees("returned after 2 s", "10 messages")
        await until(lambda: embedded.depth("orders") == (10, 0))
        await driver.press("d")
        await driver.until(lambda: any("press r to peek again" in told for told in driver.told), "said")
        assert isinstance(driver.app.screen, PeekScreen)
        opened = [note for note in driver.notes if "a connection of its own" in note]
        await driver.press("r")
        await driver.until(lambda: driver.notes.count(opened[0]) > len(opened), "looked at again")


async def test_giving_back_at_once_and_holding_on(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port) as driver:
        screen = await peek(driver)
        before = screen.peek.held_until
        await driver.press("h")
        await driver.until(lambda: screen.peek.held_until != before, "longer")
        await driver.press("g")
        await driver.sees("returned by you")
        await until(lambda: embedded.depth("orders") == (10, 0))


async def test_a_connection_that_breaks_says_that_all_is_back(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port) as driver:
        await peek(driver)
        embedded.drop_clients()
        await driver.sees("returned", "the broker closed the connection")
        embedded.wait(lambda: embedded.depth("orders") == (10, 0))


async def test_a_dead_letter_goes_back_where_it_came_from(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=3)
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press("down", "n")
        await driver.until(lambda: isinstance(driver.app.screen, ActionForm), "the question")
        await driver.press("enter", "down", "enter")
        await driver.sees("The queue DLQ gets them")
        await driver.press("f5")
        await driver.sees("✓ 1 rejected")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "back")
        embedded.wait(lambda: embedded.depth("DLQ") == (1, 0))
        await peek(driver, "/queue/DLQ")
        await action(driver, "t")
        await driver.sees("Retry 1 message", "To /amq/queue/orders")
        await driver.press("enter")
        await driver.sees("✓ 1 retried")
        await until(lambda: embedded.depth("DLQ") == (0, 0))


async def test_messages_are_saved_as_json_lines(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    fill(embedded, count=3)
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press("*", "W")
        await driver.sees("Save 3 messages as JSON Lines to")
        await driver.type_in(str(tmp_path / "saved.jsonl"))
        await driver.press("enter")
        await driver.until(lambda: (tmp_path / "saved.jsonl").exists(), "the file")
        text = (tmp_path / "saved.jsonl").read_text()
        assert text.count("\n") == 3
        assert '"m1"' in text
        assert (tmp_path / "saved.jsonl").stat().st_mode & 0o777 == 0o600


async def test_a_message_is_edited_and_sent_from_the_queue(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=1)
    async with console(embedded.port) as driver:
        await peek(driver)
        await driver.press("e")
        await driver.sees("SEND to", "m0")
        await until(lambda: driver.app.screen is driver.app.console_screen)
        embedded.wait(lambda: embedded.depth("orders") == (1, 0))


async def test_a_bulk_action_is_stopped_and_accounted_for(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, reached = threading.Event(), threading.Event()
    steps = ConfirmedActions.steps

    def slow(actions: ConfirmedActions, action: Action, index: int, *more: Any) -> Iterable[Step]:
        if index == 100:
            reached.set()
            gate.wait(20)
        return steps(actions, action, index, *more)

    monkeypatch.setattr(ConfirmedActions, "steps", slow)
    monkeypatch.setattr(Forwarding, "window", 10)
    fill(embedded, count=300)
    async with console(embedded.port) as driver:
        await ask(driver)
        await driver.sees("“redelivered”")
        await driver.press("tab", *["backspace"] * 3, *"all", "enter")
        await driver.sees("300 unacked")
        await driver.press("*")
        await action(driver, "m", "/queue/other")
        await driver.press("enter")
        await driver.until(reached.is_set, "the middle of it")
        await driver.sees("moving", "of 300", "esc stops")
        await driver.press("r")
        await driver.until(lambda: any("stop it with esc" in told for told in driver.told), "not now")
        await driver.press("escape")
        gate.set()
        await driver.until(lambda: isinstance(driver.app.screen, ActionResultScreen), "the account")
        await driver.sees("101 moved to /queue/other, 199 untouched; stopped: by you")
        await until(lambda: embedded.bodies("other") == [b"m%d" % n for n in range(101)])
        await driver.press("escape", "escape")
        embedded.wait(lambda: embedded.depth("orders") == (199, 0))
        assert embedded.bodies("orders") == [b"m%d" % n for n in range(101, 300)]


async def test_an_unknown_broker_is_only_looked_into_after_a_second_yes(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    connection = Connection(port=embedded.port, login="guest", passcode="guest", dialect="unknown")
    async with console(connection=connection, autoconnect=True) as driver:
        await ask(driver)
        await driver.sees("may take messages away", "Peek anyway")
        assert "take nothing out" not in driver.screen
        for key in ("enter", "f5"):
            # A key of the form is no yes, and no cancel either.
            await driver.press(key)
            await driver.sees("Peek at /queue/orders anyway?")
            await driver.press("enter")
            await driver.until(lambda: isinstance(driver.app.screen, PeekForm), "back in the form")
        assert embedded.depth("orders") == (10, 0)
        await driver.press("enter")
        await driver.sees("Peek at /queue/orders anyway?")
        await driver.press("tab", "enter")
        await driver.sees("10 unacked")
        await driver.press("escape")
        embedded.wait(lambda: embedded.depth("orders") == (10, 0))


async def test_a_broker_without_a_safe_way_is_refused_with_the_reason(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    connection = Connection(port=embedded.port, login="guest", passcode="guest", dialect="coilmq")
    async with console(connection=connection, autoconnect=True) as driver:
        await ask(driver)
        await driver.sees("✗ CoilMQ has no safe way to peek")
        await driver.press("enter")
        await until(lambda: isinstance(driver.app.screen, PeekForm))
        assert isinstance(driver.app.screen, PeekForm)
        await until(lambda: embedded.depth("orders") == (10, 0))


async def test_on_a_small_terminal_what_is_held_is_said(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port, size=(60, 15)) as driver:
        await peek(driver)
        await driver.sees("Peek /queue/orders", "10 unacked", "m0")
        await driver.press("enter")
        await driver.sees("Body", "m0")
        await driver.press("escape", "escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "back")


async def test_leaving_the_app_gives_everything_back(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port) as driver:
        await peek(driver)
        assert embedded.depth("orders") == (0, 10)
    embedded.wait(lambda: embedded.depth("orders") == (10, 0))
    assert embedded.bodies("orders") == TEN


async def test_the_command_line_opens_a_queue(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port, peek="/queue/orders", work=("/queue/other",)) as driver:
        await driver.sees("Peek: see what is in a queue", "/queue/orders", "“redelivered”")
        await driver.press("enter")
        await driver.sees("10 unacked")
        await until(lambda: driver.watch().mode == "work")


async def test_what_this_console_holds_itself_is_said_before_a_look(embedded: EmbeddedBroker) -> None:
    fill(embedded)
    async with console(embedded.port, subscribe=("/queue/orders",)) as driver:
        await driver.up()
        await driver.until(lambda: len(driver.messages) == 10, "the messages")
        await ask(driver)
        await driver.sees("subscription of this console has not acknowledged")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "back")
        assert driver.app.console_screen.console.main_connection is not None
        driver.app.console_screen.console.main_connection.remove(driver.watch().key)
        await driver.until(
            lambda: any("removed /queue/orders: unacknowledged messages" in note for note in driver.notes), "a word"
        )
