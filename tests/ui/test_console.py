"""The whole app on the embedded broker: connecting, subscribing, reading, and sending again, by keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual.command import DiscoveryHit

from stomptui.application.destinations.has_queue import Taker
from stomptui.brokers.registry import BROKERS
from stomptui.compose.draft import Draft
from stomptui.compose.open_drafts import OpenDrafts
from stomptui.connection.events import BrokerError
from stomptui.journal.entry import NoteKind
from stomptui.ui.command_palette import ActionProvider, bound_actions
from stomptui.ui.connect.screen import ConnectScreen
from stomptui.ui.console.sending import DraftSender
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.subscriptions import SubscriptionList
from stomptui.ui.widgets.text.fields import ExactField
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.support.ports import free_port
from tests.ui.waiting import until


def field(driver: Driver, name: str) -> str:
    """What stands in a field of the connection form."""
    return driver.app.screen.query_one(f"#field-{name}", ExactField).exact


async def subscribe(driver: Driver, destination: str, down: int = 0) -> None:
    """Subscribe by the form; `down` says how far down the list of ways to read it."""
    await driver.press("s")
    await driver.sees("Destination  ")
    await driver.type_in(destination)
    if down:
        await driver.press("tab", "enter", *["down"] * down, "enter")
    await driver.press("f5")
    await driver.up()


# -- connecting --------------------------------------------------------------------------------------------------------


async def test_a_first_connection_that_fails_opens_the_form_with_the_reason() -> None:
    port = free_port()
    async with console(port) as driver:
        await driver.until(lambda: isinstance(driver.app.screen, ConnectScreen), "the form")
        await driver.sees("✗ nothing listens on 127.0.0.1")
        await until(lambda: field(driver, "port") == str(port))
        await until(lambda: field(driver, "login") == "guest")
        await until(lambda: field(driver, "passcode") == "guest")


async def test_what_was_typed_stays_when_it_fails_and_works_once_the_broker_is_there() -> None:
    port = free_port()
    async with console() as driver:
        await driver.type_in(f"stomp://me@127.0.0.1:{port}/")
        await driver.press("enter")
        await driver.sees("✗ nothing listens on 127.0.0.1")
        await until(lambda: (field(driver, "login"), field(driver, "port")) == ("me", str(port)))
        with EmbeddedBroker(port):
            await driver.press("enter")
            await driver.up()
            await driver.sees("● connected", f"me@127.0.0.1:{port}")
            # What the pane was told while the form was on top of it must not be waited for once the form is gone.
            await driver.press("c", *"/queue/seen")
            await driver.sees("destination:/queue/seen")


@pytest.fixture
async def silent() -> AsyncIterator[int]:
    """A port that takes connections and never says anything."""
    done = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        await done.wait()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    done.set()
    server.close()


async def test_escape_cancels_an_attempt(silent: int) -> None:
    async with console() as driver:
        await driver.type_in(f"stomp://guest@127.0.0.1:{silent}/")
        await driver.press("enter")
        await driver.sees("Esc cancels")
        await driver.press("escape")
        await driver.sees("cancelled", "Connect ⏎")
        await until(lambda: field(driver, "port") == str(silent))


# -- subscribing -------------------------------------------------------------------------------------------------------


async def test_errors_by_the_thousand_stand_in_no_keys_way(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        session = driver.app.console_screen.console.session
        assert session is not None
        for number in range(1000):
            driver.app.console_screen.console.handle(
                BrokerError(session.number, 0.0, "no", f"no {number}", "", "", b"ERROR\n\n")
            )
        assert driver.app.message_queue_size < 50, "what a key would have to wait for"
        await driver.press("question_mark")
        await driver.sees("─ Help")


def test_what_to_do_is_said_before_the_words_of_a_refusal() -> None:
    draft, told = Draft("/queue/orders"), list[str]()
    broker = SimpleNamespace(
        main_connection=None,
        profile="",
        dialect=BROKERS.named("rabbitmq"),
        sender=SimpleNamespace(send=lambda sent: (1, "r1")),
        arrivals=SimpleNamespace(taker=lambda sent, dialect: Taker.QUEUE),
        transactions=SimpleNamespace(open=None),
    )
    pane = SimpleNamespace(open_drafts=OpenDrafts(draft), show_outcome=lambda state, text, tab: told.append(text))
    sender = DraftSender(cast(Any, broker), cast(Any, pane))
    sender.send(draft)
    sender.handle(BrokerError(1, 0.0, "no", "PRECONDITION_FAILED\ninequivalent arg 'x-max-length'", "r1"))
    assert told[-1].endswith(
        "send to /amq/queue/orders. The broker said: PRECONDITION_FAILED: inequivalent arg 'x-max-length'"
    )


async def test_the_body_under_the_cursor_is_copied_from_the_log(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/news",)) as driver:
        await driver.up()
        embedded.publish("/topic/news", '{"exactly": 1.0}')
        await driver.sees('{"exactly": 1.0}')
        await driver.press("end", "y")
        await until(lambda: driver.app.clipboard == '{"exactly": 1.0}')


async def test_the_same_destination_twice_is_said(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/news",)) as driver:
        await driver.up()
        await subscribe(driver, "/topic/news")
        await driver.sees("/topic/news is now subscribed to 2 times")
        await until(lambda: any("each gets every message" in note for note in driver.notes))


async def test_looking_at_a_queue_leaves_everything_in_it(embedded: EmbeddedBroker) -> None:
    for body in ("one", "two", "three"):
        embedded.publish("/queue/look", body)
    async with console(embedded.port) as driver:
        await driver.up()
        await subscribe(driver, "/queue/look", down=1)
        await driver.sees("one", "two", "three", "hold")
        await until(lambda: embedded.depth("look") == (0, 3), lambda: "shown, and in nobody's hands for good")
    embedded.wait(lambda: embedded.depth("look") == (3, 0))
    assert embedded.bodies("look") == [b"one", b"two", b"three"]


async def test_consuming_takes_messages_out(embedded: EmbeddedBroker) -> None:
    for body in ("one", "two", "three"):
        embedded.publish("/queue/eat", body)
    async with console(embedded.port, consume=("/queue/eat",)) as driver:
        await driver.sees("one", "two", "three", "consume")
        await driver.until(lambda: embedded.depth("eat") == (0, 0), "the queue empty")


async def test_a_refused_subscription_says_why_and_others_go_on(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/good",)) as driver:
        await driver.up()
        await driver.press("s")
        await driver.sees("Destination  ")
        await driver.type_in("/amq/queue/nosuch")
        await driver.press("tab", "enter", "down", "enter", "f5")
        await driver.until(lambda: driver.watch(1).state == "refused", "the refusal")
        await until(lambda: any("Not subscribed to /amq/queue/nosuch" in told for told in driver.told))
        # This broker ends the connection over it, and what was good is there again without being asked for.
        await driver.until(
            lambda: driver.watch().state == "on" and driver.app.console_screen.console.connected, "the others"
        )
        await driver.until(lambda: driver.notes.count("subscribed to /topic/good") == 2, "the other subscription")
        embedded.publish("/topic/good", "still here")
        await driver.sees("still here")


async def test_a_paused_subscription_receives_nothing_until_it_is_resumed(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/news",)) as driver:
        await driver.up()
        await driver.to_subscriptions()
        await driver.press("space")
        await driver.sees("║ /topic/news", "paused")
        embedded.publish("/topic/news", "unheard")
        await driver.press("space")
        await driver.up()
        await driver.until(lambda: driver.watch().state == "on", "resumed")
        embedded.publish("/topic/news", "heard")
        await driver.sees("heard", "◉ /topic/news")
        await until(lambda: [bytes(entry.frame.body) for entry in driver.messages if entry.frame] == [b"heard"])


async def test_removing_a_subscription_forgets_it(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a", "/topic/b")) as driver:
        await driver.up()
        await driver.to_subscriptions()
        await driver.press("d")
        await driver.until(
            lambda: [row.destination for row in driver.app.console_screen.subscriptions.rows] == ["/topic/b"]
        )
        await driver.until(lambda: any(e.frame and e.frame.command == "UNSUBSCRIBE" for e in driver.entries))


# -- the log -----------------------------------------------------------------------------------------------------------


async def test_the_filter_shows_what_holds_the_word_and_escape_shows_all(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/news",)) as driver:
        await driver.up()
        for body in ("first apple", "a pear", "second APPLE"):
            embedded.publish("/topic/news", body)
        await driver.sees("a pear", "second APPLE")
        await driver.press("slash", *"apple")
        await driver.until(lambda: "2 matching “apple”" in driver.header, "two rows")
        await until(lambda: "a pear" not in driver.screen)
        await driver.press("enter")
        embedded.publish("/topic/news", "third apple")
        embedded.publish("/topic/news", "a plum")
        await driver.until(lambda: "3 matching" in driver.header, "three rows")
        await driver.press("escape")
        await driver.sees("a pear", "a plum", "third apple")
        # Nothing holds it: that is said, kept by Enter, ended from the log, and by a key that asks for a hidden row.
        await driver.press("slash", *"zzzz")
        await driver.sees("No rows contain 'zzzz'. esc shows all", "0 matching “zzzz”")
        await driver.press("enter", "e")
        await until(lambda: any("Select a message first" in note for note in driver.told))
        await driver.press("escape")
        await driver.sees("a pear", "a plum", "third apple")
        driver.app.journal.append_note(NoteKind.FAILED, "something", 0.0)
        await driver.press("slash", *"zzzz", "enter")
        await driver.sees("No rows contain 'zzzz'")
        await driver.press("exclamation_mark")
        await driver.sees("a pear", "something")
        await until(lambda: not driver.app.console_screen.query_one("#filter").has_class("-open"))
        await driver.press("slash", "p", "l")
        await driver.until(lambda: "matching “pl”" in driver.header, "the new word alone")


async def test_space_holds_the_view_while_the_record_goes_on(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/news",)) as driver:
        await driver.up()
        await driver.press("space")
        embedded.publish("/topic/news", "later")
        await driver.until(lambda: "║ paused, +1 new" in driver.header, "the count")
        await until(lambda: "later" not in driver.screen)
        await driver.press("space")
        await driver.sees("later")


async def test_enter_opens_the_message_and_escape_closes_it(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/news",)) as driver:
        await driver.up()
        embedded.publish("/topic/news", '{"colour": "green"}', [("x-kind", "test")])
        await driver.until(lambda: driver.messages)
        await driver.press("enter")
        await driver.until(lambda: driver.app.console_screen.detail.display, "the detail")
        await driver.sees('"colour"', "green")
        await driver.press("escape")
        await driver.until(lambda: not driver.app.console_screen.detail.display, "the detail gone")
        await until(lambda: driver.app.focused is driver.app.console_screen.log_view)


async def test_errors_are_counted_and_one_key_goes_to_the_last(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/news",)) as driver:
        await driver.up()
        await until(lambda: "error" not in driver.status)
        await driver.compose("/nowhere/at/all", "x")
        await driver.press("f5")
        await driver.until(lambda: driver.app.journal.errors.total, "an error")
        await driver.until(lambda: "refused" in driver.outcome, "the outcome")
        await driver.until(lambda: f"✗ {driver.app.journal.errors.total} error" in driver.status, "the counter")
        for _ in range(50):
            embedded.publish("/topic/news", "traffic")
        await driver.press("escape", "exclamation_mark")
        await until(lambda: driver.app.console_screen.log_view.cursor == driver.app.journal.errors.last)
        await until(lambda: "▲ reading" in driver.header)


# -- composing ---------------------------------------------------------------------------------------------------------


async def test_a_message_is_edited_and_sent_again(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/news",)) as driver:
        await driver.up()
        embedded.publish("/topic/news", "hello", [("app-id", "APP")])
        await driver.until(lambda: driver.messages)
        await driver.press("e")
        await until(lambda: driver.app.console_screen.pane.draft.destination == "/topic/news")
        draft = driver.app.console_screen.pane.draft
        assert draft.destination == "/topic/news"
        assert [(line.name, line.value) for _, line in draft.lines() if line.name == "app-id"] == [("app-id", "APP")]
        assert driver.app.focused is not None and driver.app.focused.id == "body"
        await driver.press("ctrl+end", *" again", "f5")
        await driver.until(lambda: "confirmed in" in driver.outcome, "the receipt")
        await driver.until(lambda: len(driver.messages) == 2, "it came back")
        frame = driver.messages[1].frame
        assert frame is not None
        assert (bytes(frame.body), frame.get("app-id")) == (b"hello again", "APP")


async def test_an_empty_destination_is_not_sent_and_said(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("c", "f5")
        await driver.until(lambda: "not sent: a destination is needed" in driver.outcome, "the problem")


async def test_leaving_asks_about_a_message_that_was_not_sent(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.compose("/queue/draft", "unfinished")
        await driver.press("escape", "q")
        await driver.sees("was not sent", "Stay")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen)
        await until(lambda: driver.app.console_screen.pane.draft.body == "unfinished")


async def test_keys_that_usually_end_a_program_say_how_to_leave_and_ask(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("ctrl+c")
        await driver.until(lambda: any("Press ^q to leave stomptui." in told for told in driver.told), "how")
        assert "[" not in " ".join(driver.told)
        # Of what comes from outside every character is shown.
        driver.app.notify("/queue/[b]x[/b] [/] [red", markup=True)
        await driver.until(lambda: any("/queue/[b]x[/b] [/] [red" in told for told in driver.told), "as it is")
        await driver.compose("/queue/draft", "unfinished")
        await driver.press("ctrl+q")
        await driver.sees("was not sent", "Stay")
        await driver.press("escape")


# -- what there is to do -----------------------------------------------------------------------------------------------


async def test_the_palette_lists_every_action(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/news",)) as driver:
        await driver.up()
        embedded.publish("/topic/news", "hello")
        await driver.until(lambda: driver.messages)
        await driver.press("enter", "c")
        console_screen = driver.app.console_screen
        offered = {
            hit.display async for hit in ActionProvider(console_screen).discover() if isinstance(hit, DiscoveryHit)
        }
        places = (type(console_screen), MessageLog, MessageDetail, ComposePane, SubscriptionList)
        wanted = [binding for place in places for _, binding in place._merged_bindings or []]
        own = [binding for binding in wanted if binding.id and binding.description]
        assert len(own) > 30
        assert {binding.description for binding in own} - offered == set()
        ids = {binding.id for _, _, binding in bound_actions(driver.app.screen)}
        assert {"console.subscribe", "console.reconnect", "log.last_error", "subscription.pause", "compose.send"} <= ids


async def test_the_palette_runs_an_action(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("ctrl+p", *"Subscribe to a dest")
        await driver.sees("Subscribe to a destination")
        await driver.press("enter")
        await driver.sees("Destination  ")


async def test_help_tells_the_keys(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(140, 60)) as driver:
        await driver.up()
        await driver.press("question_mark")
        await driver.sees("All queues of this broker at a glance", "Go to the last error", "stops following")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen)
