"""What can hardly be meant is seen and asked about once, and what is told of a draft goes with its cause."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest
from textual.widgets import Button, Static

from stomptui.brokers.embedded.queue_list import EmbeddedLister
from stomptui.compose.compose_context import ComposeContext
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.send_state import SendState
from stomptui.queues.listing.listing import Listing
from stomptui.ui.console import destination_check
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.compose.pane import ComposePane
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.compose.compose_bench import bench
from tests.ui.waiting import until


async def test_lines_of_name_and_value_become_header_lines_typed_or_pasted() -> None:
    async with bench(Draft("/q", [HeaderLine()])) as hand:

        def at(line: int, field: str) -> bool:
            focused = hand.pilot.app.focused
            return hand.pane.query_one(HeaderEditor).current == line and focused is not None and focused.id == field

        await hand.go("HeaderRow #name")
        await hand.type("type:")
        await until(lambda: at(0, "value"), lambda: hand.lines)
        await hand.type(" a:b")
        await until(lambda: hand.lines == [("type", "a:b", True)], lambda: hand.lines)
        await hand.press("enter")
        await until(lambda: at(1, "name"), lambda: hand.lines)
        await hand.paste("correlation-id: 7\r\nreply-to:/queue/r\r\npriority: 4\r\n")
        expected = [("type", "a:b", True), ("correlation-id", "7", True), ("reply-to", "/queue/r", True)]
        await until(lambda: hand.lines == [*expected, ("priority", "4", True)], lambda: hand.lines)
        # With a value, a colon is a part of the name.
        await hand.go("HeaderRow #name")
        await hand.press("end")
        await hand.type(":x")
        await until(lambda: hand.lines[0] == ("type:x", "a:b", True), lambda: hand.lines)
        await hand.go("#add")
        await hand.paste("app-id: A")
        await until(lambda: hand.lines[-1] == ("app-id", "A", True), lambda: hand.lines)
        await hand.go("#add")
        await hand.feed("x:1")
        await until(lambda: hand.lines[-1] == ("x", "1", True), lambda: hand.lines)


async def test_a_pasted_frame_goes_where_its_parts_belong() -> None:
    frame = "SEND\ndestination:/queue/x\nurl:https\\c//shop\n\nthe body\0"
    async with bench(Draft("", [HeaderLine("a", "1")])) as hand:
        await hand.go("#add")
        await hand.paste(frame)
        await until(lambda: hand.lines == [("a", "1", True), ("url", "https://shop", True)], lambda: hand.lines)
        await until(lambda: (hand.draft.destination, hand.draft.body) == ("/queue/x", "the body"), lambda: hand.draft)
        await hand.go("#add")
        await hand.paste(frame.replace("the body", "another"))
        await until(lambda: "left out" in hand.outcome(), hand.outcome)
        assert hand.draft.destination == "/queue/x" and hand.draft.body == "the body"


async def test_text_that_is_no_header_lines_is_pasted_as_it_is() -> None:
    async with bench(Draft("/q", [HeaderLine("a", "")])) as hand:
        await hand.go("HeaderRow #value")
        await hand.paste("b: 1\nc: 2")
        await until(lambda: hand.lines == [("a", "b: 1\nc: 2", True)], lambda: hand.lines)


async def test_persistent_is_one_switch() -> None:
    async with bench(Draft("/q", [HeaderLine("a", "1"), HeaderLine("persistent", "ture", False)])) as hand:
        await hand.press("ctrl+b")
        await until(lambda: hand.lines == [("a", "1", True), ("persistent", "true", True)], lambda: hand.lines)
        await until(lambda: "● persistent" in hand.shown("#persistent"), lambda: hand.shown("#persistent"))
        await hand.press("ctrl+b")
        await until(lambda: hand.lines == [("a", "1", True)], lambda: hand.lines)
        await hand.go("#persistent")
        await hand.press("space")
        await until(lambda: hand.lines[1:] == [("persistent", "true", True)], lambda: hand.lines)


async def test_what_was_told_goes_with_its_cause() -> None:
    async with bench(Draft("", [HeaderLine("", "v")])) as hand:
        await hand.press("f5")
        assert "destination is needed" in hand.outcome()
        await hand.type("/q")
        # The next thing that keeps it from being sent takes its place, until there is none.
        await until(lambda: "not sent" in hand.outcome() and "destination" not in hand.outcome(), hand.outcome)
        await hand.go("HeaderRow #name")
        await hand.type("n")
        await until(lambda: hand.outcome() == "", hand.outcome)
        hand.pane.show_outcome(SendState.CONFIRMED, "confirmed in 1 ms")
        await hand.type("m")
        await until(lambda: hand.outcome() == "", hand.outcome)
        hand.pane.show_outcome(SendState.WAITING, "sent")
        await hand.type("o")
        assert "sent" in hand.outcome()
        hand.pane.show_outcome(SendState.PROBLEM, "not sent: there is no connection")
        hand.pane.set_context(ComposeContext(connected=False))
        assert "no connection" in hand.outcome()
        hand.pane.set_context(ComposeContext(connected=True))
        await until(lambda: hand.outcome() == "", hand.outcome)


async def test_keys_that_do_nothing_say_why() -> None:
    async with bench(Draft("/q", [HeaderLine("a", "1")], "{}")) as hand:
        for key, why in (
            ("ctrl+up", "no earlier draft"),
            ("ctrl+down", "newest draft"),
            ("ctrl+t", "formatted already"),
            ("f2", "no earlier draft"),
        ):
            await hand.press(key)
            await until(partial(lambda words: words in hand.outcome(), why), hand.outcome)
        await hand.go("HeaderRow #name")
        await hand.press("alt+up")
        await until(lambda: "first header line" in hand.outcome(), hand.outcome)
        await hand.go("#add")
        await hand.press("alt+x")
        await until(lambda: "go to a header line first" in hand.outcome(), hand.outcome)
        assert hand.lines == [("a", "1", True)]


def asked(driver: Driver) -> str:
    """What is asked, "" while nothing is."""
    screen = driver.app.screen
    if not isinstance(screen, ConfirmScreen):
        return ""
    return "\n".join(str(part.content) for part in screen.query(Static))


async def write(driver: Driver, draft: Draft) -> ComposePane:
    driver.app.console_screen.composing.edit(draft)
    await driver.until(lambda: driver.app.console_screen.pane.display, "compose")
    return driver.app.console_screen.pane


async def test_what_can_hardly_be_meant_is_asked_about_once(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        json = HeaderLine("content-type", "application/json")
        pane = await write(driver, Draft("/queue/x", [HeaderLine("priority", "4ax"), json], '{"a": }'))
        await driver.sees("! is commonly a whole number")
        await driver.press("f5")
        await driver.until(lambda: "Send it anyway?" in asked(driver), "the question")
        assert "priority: is commonly a whole number" in asked(driver)
        assert "not JSON" in asked(driver)
        await driver.press("escape")
        await driver.until(lambda: not asked(driver), "back")
        assert embedded.depth("x")[0] == 0
        await driver.press("f5")
        await driver.until(lambda: asked(driver), "the question again")
        driver.app.screen.query_one("#confirm-yes", Button).press()
        await driver.until(lambda: "confirmed" in driver.outcome, "sent")
        # The same again is meant; something else is not.
        await driver.press("f5")
        await driver.until(lambda: embedded.depth("x")[0] == 2, "a second one")
        pane.draft.headers[0].value = "4b"
        await driver.press("f5")
        await driver.until(lambda: asked(driver), "a question about another value")
        assert "JSON" not in asked(driver)


async def test_a_queue_that_was_not_listed_is_asked_about_until_it_is_there(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await write(driver, Draft("/queue/ordesr", [], "x"))
        driver.app.console_screen.console.known.put(["/queue/orders", "/queue/invoices"])
        await driver.press("f5")
        await driver.until(lambda: "New queue" in asked(driver), "the question")
        driver.app.screen.query_one("#confirm-yes", Button).press()
        await driver.until(lambda: embedded.depth("ordesr")[0] == 1, "sent")
        await driver.press("f5")
        await driver.until(lambda: embedded.depth("ordesr")[0] == 2, "sent again")
        await driver.until(lambda: driver.outcome.startswith("✓ confirmed"), "a queue has it")
        assert driver.outcome.endswith("ms")
        await write(driver, Draft("/amq/queue/orders", [], "x"))
        await driver.press("f5")
        await driver.until(
            lambda: "/amq/queue/orders" in driver.app.console_screen.console.destinations.sent,
            "sent without a question",
        )


async def test_a_message_that_no_queue_takes_is_not_simply_confirmed(embedded: EmbeddedBroker) -> None:
    embedded.call(lambda: embedded.queues.declare("there"))
    async with console(embedded.port) as driver:
        await driver.up()
        for destination in ("/amq/queue/nope", "/reply-queue/nope"):
            await write(driver, Draft(destination, [], "x"))
            await driver.press("f5")
            await driver.until(lambda: "There is no queue nope" in asked(driver), "the question")
            assert "confirms the message and discards it" in asked(driver) and "New queue" not in asked(driver)
            await driver.press("y")
            for _ in range(2):
                await driver.until(
                    lambda: (
                        driver.outcome.startswith("⚠ confirmed") and driver.outcome.endswith("ms, but no queue took it")
                    ),
                    "the outcome",
                )
                # The same again is meant; what becomes of it is said all the same, and the hint stays.
                await driver.sees("there is no queue nope", "✓? ")
                await driver.press("f5")
        await write(driver, Draft("/amq/queue/there", [], "x"))
        await driver.press("f5")
        await driver.until(lambda: embedded.depth("there")[0] == 1, "sent without a question")
        await driver.until(
            lambda: driver.outcome.startswith("✓ confirmed") and driver.outcome.endswith("ms"), "a queue"
        )
        await write(driver, Draft("/topic/news", [], "x"))
        await driver.press("f5")
        await driver.until(
            lambda: driver.outcome.endswith("ms; without a reader it is gone"),
            "sent without a question, with what it proves",
        )
        # Once the queue was made the same draft is an ordinary one.
        embedded.call(lambda: embedded.queues.declare("nope"))
        driver.app.console_screen.console.known.put(["/queue/nope"])
        await write(driver, Draft("/amq/queue/nope", [], "x"))
        await driver.press("f5")
        await driver.until(lambda: driver.outcome.startswith("✓ confirmed"), "a queue")
        await driver.until(lambda: embedded.depth("nope")[0] == 1, "it is there")


class Slow:
    """Holds back the answer of the broker to what queues it has."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.asked = 0
        ask = EmbeddedLister.ask

        def slow(lister: EmbeddedLister) -> Listing:
            self.asked += 1
            assert self.open.wait(20)
            return ask(lister)

        monkeypatch.setattr(EmbeddedLister, "ask", slow)


async def test_a_message_sent_faster_than_the_broker_lists_is_asked_about(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destination_check, "FIRST_BOUND", 30.0)
    slow = Slow(monkeypatch)
    embedded.call(lambda: embedded.queues.declare("orders"))
    async with console(embedded.port) as driver:
        await driver.up()
        await write(driver, Draft("/queue/ordesr", [], "x"))
        await driver.press("f5", "f5")
        await driver.until(lambda: slow.asked, "the broker is asked")
        assert not asked(driver) and embedded.depth("ordesr")[0] == 0
        slow.open.set()
        await driver.until(lambda: "New queue" in asked(driver), "the question")
        await driver.press("escape")
        await driver.until(lambda: not asked(driver), "asked once")
        await write(driver, Draft("/queue/orders", [], "x"))
        await driver.press("f5")
        await driver.until(lambda: embedded.depth("orders")[0] == 1, "sent without a question")
        assert embedded.depth("ordesr")[0] == 0


async def test_a_broker_that_does_not_say_what_it_has_is_not_waited_for_long(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    async with console(embedded.port) as driver:
        await driver.up()
        await write(driver, Draft("/queue/orders", [], "x"))
        await driver.press("f5")
        await driver.until(lambda: "not known yet" in asked(driver), "the question")
        await driver.press("y")
        await driver.until(lambda: embedded.depth("orders")[0] == 1, "sent")
        await driver.press("f5")
        await driver.until(lambda: embedded.depth("orders")[0] == 2, "sent again, without a question")
        slow.open.set()


async def test_an_old_list_is_looked_up_again_before_a_message_goes(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        known = driver.app.console_screen.console.known
        embedded.call(lambda: embedded.queues.declare("made"))
        await write(driver, Draft("/queue/made", [], "x"))
        await driver.until(lambda: known.listed, "the list")
        # It is a minute old, and says what is not so any more.
        known.put(["/queue/gone"])
        known._asked = time.monotonic() - 30
        await driver.press("f5")
        await driver.until(lambda: embedded.depth("made")[0] == 1, "sent without a question")
        known.put(["/queue/gone"])
        known._asked = time.monotonic() - 30
        await write(driver, Draft("/queue/gone", [], "x"))
        await driver.press("f5")
        await driver.until(lambda: "New queue" in asked(driver), "the question")


async def test_closing_compose_keeps_following(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/news",), size=(100, 24)) as driver:
        await driver.up()
        for number in range(60):
            embedded.publish("/topic/news", str(number))
        await driver.until(lambda: len(driver.messages) == 60, "all of them")
        for _ in range(3):
            await driver.press("c")
            await driver.until(lambda: driver.app.console_screen.pane.display, "compose")
            await driver.press("escape")
            await driver.until(lambda: not driver.app.console_screen.pane.display, "the log")
            assert driver.app.console_screen.log_view.following
        await driver.sees("▼ following")


async def test_open_errors_are_counted_and_cleared(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.compose("/nowhere/at/all", "x")
        await driver.press("f5")
        await driver.until(lambda: "refused" in driver.outcome, "the outcome")
        await driver.until(lambda: driver.app.console_screen.console.connected, "the connection again")
        # The connection stands again; what the broker refused is still to be seen.
        await driver.until(lambda: "✗ 1 error" in driver.status, "the counter")
        await driver.press("escape", "E")
        await driver.until(lambda: "error" not in driver.status, "the counter gone")
        assert driver.app.journal.errors.last is not None
        await driver.press("E")
        await driver.until(lambda: any("no errors to clear" in told for told in driver.told), "why")
        await driver.press("a")
        await driver.until(lambda: any("Nothing here is unacknowledged" in told for told in driver.told), "why")
