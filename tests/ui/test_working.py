"""Working a queue from the log: each message waits for the person, and what is not ours any more is never answered."""

from __future__ import annotations

from textual.widgets import Select

from stomptui.config.connection import Connection
from stomptui.journal.entry import RowKind
from stomptui.ui.console.subscribe_form import SubscribeScreen
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.message_actions.action_form import ActionForm
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_peeking import action, fill
from tests.ui.waiting import until


async def subscribe(driver: Driver, mode: str, destination: str = "/queue/orders") -> None:
    """By the form, in one of its ways."""
    await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
    await driver.press("s")
    await driver.until(lambda: isinstance(driver.app.screen, SubscribeScreen), "the form")
    await driver.type_in(destination)
    select = driver.app.screen.query_one("#mode", Select)
    select.value = mode
    await driver.pilot.pause()
    await driver.until(lambda: select.value == mode, "that way")
    await driver.press("f5")


async def work(driver: Driver, count: int, mode: str = "work") -> None:
    """Work /queue/orders until so many messages wait."""
    await subscribe(driver, mode)
    await driver.until(lambda: driver.app.console_screen.console.unacknowledged.waiting == count, f"{count} waiting")


def go_to(driver: Driver, body: bytes) -> None:
    """Put the cursor of the log on the newest message with that body."""
    numbers = [entry.number for entry in driver.messages if entry.frame is not None and entry.frame.body == body]
    driver.app.console_screen.log_view.go_to(numbers[-1])


def outcome(driver: Driver, body: bytes) -> str:
    """What stands at the row of the newest message with that body."""
    found = [entry for entry in driver.messages if entry.frame is not None and entry.frame.body == body]
    return f"{found[-1].outcome.state.value} {found[-1].outcome.text}".strip() if found[-1].outcome else ""


def commands(driver: Driver) -> list[str]:
    """Every command that was sent."""
    return [entry.frame.command for entry in driver.entries if entry.kind is RowKind.SENT and entry.frame is not None]


async def test_each_message_waits_and_is_acknowledged_by_its_key(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=5)
    async with console(embedded.port) as driver:
        await work(driver, 5)
        await driver.sees("● unacked", "5 waiting", "a Ack", "n Nack")
        await until(lambda: embedded.depth("orders") == (0, 5))
        go_to(driver, b"m2")
        await driver.press("a")
        await driver.until(lambda: outcome(driver, b"m2") == "settled acknowledged", "acknowledged")
        await driver.sees("4 waiting", "✓ 1 acknowledged")
        embedded.wait(lambda: embedded.depth("orders") == (0, 4))
        await driver.press("a")
        await driver.until(lambda: any("acknowledged already" in told for told in driver.told), "said")
        await until(lambda: commands(driver).count("ACK") == 1)


async def test_a_nack_asks_where_to_and_says_what_that_means_here(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=2)
    async with console(embedded.port) as driver:
        await work(driver, 2)
        go_to(driver, b"m1")
        await action(driver, "n")
        await driver.sees("Reject 1 message", "return to the queue", "delivered again")
        driver.app.screen.query_one("#action-requeue", Select).value = False
        await driver.sees("The queue DLQ gets them")
        await driver.press("f5")
        await driver.until(lambda: outcome(driver, b"m1") == "settled rejected", "rejected")
        await until(lambda: embedded.bodies("DLQ") == [b"m1"])


async def test_a_waiting_message_is_moved(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=3)
    async with console(embedded.port) as driver:
        await work(driver, 3)
        go_to(driver, b"m0")
        await driver.press("v")
        go_to(driver, b"m2")
        await driver.press("v")
        await action(driver, "m", "/queue/other")
        await driver.press("enter")
        await driver.until(lambda: outcome(driver, b"m2") == "settled moved", "moved")
        await until(lambda: embedded.bodies("other") == [b"m0", b"m2"])
        await until(lambda: embedded.depth("orders") == (0, 1))
        await until(lambda: driver.app.console_screen.console.unacknowledged.waiting == 1)
        await driver.until(
            lambda: any("sending" in line and "/queue/" in line for line in driver.screen.splitlines()),
            "the queue beside what is done",
        )


async def test_after_a_reconnect_nothing_is_acknowledged_that_is_not_ours(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=2)
    async with console(embedded.port) as driver:
        await work(driver, 2)
        first = [entry.number for entry in driver.messages]
        embedded.drop_clients()
        await driver.lost()
        await driver.until(lambda: outcome(driver, b"m0") == "returned returned: the connection was lost", "gone")
        await driver.press("r")
        await driver.until(lambda: driver.app.console_screen.console.unacknowledged.waiting == 2, "delivered again")
        driver.app.console_screen.log_view.go_to(first[0])
        await driver.press("a")
        await driver.until(lambda: any("no longer yours: it was returned when" in t for t in driver.told), "said")
        await until(lambda: "ACK" not in commands(driver))
        await until(lambda: embedded.depth("orders") == (0, 2))


async def test_after_unsubscribing_nothing_waits(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=2)
    async with console(embedded.port) as driver:
        await work(driver, 2)
        await driver.to_subscriptions()
        await driver.press("d")
        await driver.until(lambda: outcome(driver, b"m0") == "returned you unsubscribed", "gone")
        await until(lambda: driver.app.console_screen.console.unacknowledged.waiting == 0)


async def test_a_cumulative_ack_says_what_it_covers_and_covers_it(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=4)
    async with console(embedded.port) as driver:
        await work(driver, 4, "work-client")
        go_to(driver, b"m2")
        await action(driver, "a")
        await driver.sees("Acknowledge 1 message", "2 earlier unacknowledged messages are included")
        await driver.press("f5")
        await driver.until(lambda: outcome(driver, b"m2") == "settled acknowledged", "acknowledged")
        await until(lambda: [outcome(driver, body) for body in (b"m0", b"m1")] == ["settled acknowledged"] * 2)
        await until(lambda: outcome(driver, b"m3") == "unacknowledged")
        embedded.wait(lambda: embedded.depth("orders") == (0, 1))


async def test_stomp_1_0_has_no_nack_on_other_brokers(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=1)
    connection = Connection(
        port=embedded.port, login="guest", passcode="guest", versions=("1.0",), dialect="unknown"
    )  # fmt: skip
    async with console(connection=connection, autoconnect=True) as driver:
        await work(driver, 1)
        go_to(driver, b"m0")
        await action(driver, "n")
        await driver.press("f5")
        await driver.sees("STOMP 1.0 has no NACK: connect with 1.1 or 1.2")
        await until(lambda: "NACK" not in commands(driver))


async def test_a_looked_at_message_can_be_taken_too(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=2)
    async with console(embedded.port, subscribe=("/queue/orders",)) as driver:
        await driver.up()
        await driver.until(lambda: len(driver.messages) == 2, "shown")
        go_to(driver, b"m1")
        await action(driver, "d")
        await driver.press("tab", "enter")
        await driver.until(lambda: outcome(driver, b"m1") == "settled deleted", "deleted")
        embedded.wait(lambda: embedded.depth("orders") == (0, 1))


async def test_a_topic_has_nothing_to_acknowledge_but_its_messages_can_be_copied(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=1)
    async with console(embedded.port, subscribe=("/topic/news", "/queue/orders")) as driver:
        await driver.up()
        embedded.publish("/topic/news", "hello")
        await driver.sees("hello")
        go_to(driver, b"hello")
        await driver.press("a")
        await driver.until(lambda: any("nothing to acknowledge" in told for told in driver.told), "said")
        await action(driver, "C", "/queue/kept")
        await driver.press("enter")
        await driver.sees("✓ 1 copied")
        await until(lambda: embedded.bodies("kept") == [b"hello"])


async def test_consuming_is_asked_about_the_first_time(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=2)
    async with console(embedded.port) as driver:
        await subscribe(driver, "consume")
        await driver.until(lambda: isinstance(driver.app.screen, ConfirmScreen), "the question")
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "no")
        await until(lambda: embedded.depth("orders") == (2, 0))
        await subscribe(driver, "consume")
        await driver.until(lambda: isinstance(driver.app.screen, ConfirmScreen), "the question")
        await driver.press("y")
        embedded.wait(lambda: embedded.depth("orders") == (0, 0))
        fill(embedded, "more", 1)
        await subscribe(driver, "consume", "/queue/more")
        embedded.wait(lambda: embedded.depth("more") == (0, 0))


async def test_peek_is_the_first_way_into_a_queue(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=2)
    async with console(embedded.port) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.press("s")
        await driver.type_in("/queue/orders")
        await driver.sees("peek: see what is in it now")
        await driver.press("f5")
        await driver.sees("Peek: see what is in a queue", "“redelivered”")
        await until(lambda: embedded.depth("orders") == (2, 0))


async def test_from_the_list_of_queues_into_one(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=2)
    async with console(embedded.port) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.press("g")
        await driver.sees("Queues", "orders", "2")
        await driver.press("enter")
        await driver.sees("Peek: see what is in a queue", "/queue/orders", "“redelivered”")
        await driver.press("enter")
        await driver.sees("2 unacked")
        await until(lambda: not isinstance(driver.app.screen, ActionForm))
        await driver.press("escape")
        await driver.sees("Queues", "orders", "2 ready")


async def test_from_the_list_of_queues_all_messages_are_deleted_after_the_same_question(
    embedded: EmbeddedBroker,
) -> None:
    fill(embedded, count=3)
    async with console(embedded.port) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.press("g")
        await driver.sees("Queues", "orders", "3")
        await driver.press("X")
        await driver.sees(
            "Peek: see what is in a queue", "asked how to delete them", "all; they are unacked", "“redelivered”"
        )
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, ActionForm), "the question")
        await driver.press("escape")
        await driver.until(lambda: not isinstance(driver.app.screen, ActionForm), "no")
        await driver.sees("3 marked")
        await driver.press("escape", "escape")
        await driver.sees("Queues", "orders", "3 ready")
        await until(lambda: embedded.depth("orders") == (3, 0))


async def test_from_the_list_of_queues_to_compose(embedded: EmbeddedBroker) -> None:
    fill(embedded, count=1)
    async with console(embedded.port) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.press("g")
        await driver.sees("Queues", "orders", "1")
        await driver.press("c")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "the console")
        await until(lambda: driver.app.console_screen.has_class("-compose"))
        await driver.sees("/queue/orders")


async def test_who_peeks_is_not_asked_for_the_rest_of_a_subscribe_frame(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("s")
        await driver.sees("peek: see what is in it now", "Continue", "f5 continues · esc cancels")
        await until(lambda: "Prefetch" not in driver.screen)
        await driver.type_in("/topic/orders")
        await driver.sees("Prefetch", "Selector", "Headers", "f5 subscribes · esc cancels")
