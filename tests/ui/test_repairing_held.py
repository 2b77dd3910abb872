"""Repairing a message that a subscription keeps unacknowledged in the log."""

from __future__ import annotations

from stomptui.ui.dialogs.repair import RepairScreen
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_repairing import bury
from tests.ui.test_working import commands, go_to, outcome, subscribe
from tests.ui.waiting import until

DEAD_LETTERS = ("/queue/DLQ",)


async def hold(driver: Driver) -> None:
    """Wait until the three dead letters are unacknowledged, and edit the second."""
    await driver.until(lambda: len(driver.messages) == 3, "three messages")
    go_to(driver, b"wrong")
    await driver.press("F")
    await driver.sees("Takes the place of message", "of /queue/DLQ", "stays unacked", "Set aside: ", within=6)
    pane = driver.app.console_screen.pane
    assert pane.draft.destination == "/queue/orders"
    assert [line.name for line in pane.draft.headers] == ["kind"]
    pane.set_body("right")


async def send(driver: Driver) -> None:
    """Send what was edited, and say yes to what changed."""
    await driver.press("ctrl+g")
    await driver.sees("- wrong", "+ right", "Send this in place of")
    await driver.painted()
    await driver.press("y")


async def test_what_is_held_stays_so_while_one_edits_and_is_acknowledged_once_the_edited_one_is_confirmed(
    embedded: EmbeddedBroker,
) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40), work=DEAD_LETTERS) as driver:
        await hold(driver)
        assert embedded.depth("DLQ") == (0, 3)
        await send(driver)
        await driver.sees("repaired: confirmed in /queue/orders", "taken out of /queue/DLQ")
        assert driver.app.console_screen.pane.draft.repairs is None
        assert outcome(driver, b"wrong") == "settled repaired"
        await until(lambda: embedded.depth("DLQ") == (0, 2))
        assert embedded.bodies("orders") == [b"before", b"right"]
        assert commands(driver).count("ACK") == 1
        # Nobody else acts on it again, and the others wait as before.
        assert driver.app.console_screen.console.unacknowledged.waiting == 2
        await driver.press("escape", "F")
        await driver.until(lambda: any("It was repaired already" in told for told in driver.told), "said")


async def test_a_target_that_is_its_own_queue_is_agreed_to_and_the_edited_one_is_delivered(
    embedded: EmbeddedBroker,
) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40), subscribe=DEAD_LETTERS) as driver:
        await hold(driver)
        await driver.press("ctrl+circumflex_accent")
        await driver.type_in("put it back")
        await driver.press("enter")
        await driver.sees("destination:/queue/DLQ")
        await send(driver)
        await driver.sees("Send it anyway?", "each goes to its end")
        await driver.press("y")
        await driver.sees("repaired: confirmed in /queue/DLQ")
        await driver.until(lambda: [entry.frame and entry.frame.body for entry in driver.messages][3:] == [b"right"])
        await until(lambda: embedded.depth("DLQ") == (0, 3))


async def test_what_was_delivered_again_after_a_lost_connection_is_the_original_still(
    embedded: EmbeddedBroker,
) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40), work=DEAD_LETTERS) as driver:
        await hold(driver)
        returned = driver.messages[1].number
        embedded.drop_clients()
        await driver.lost()
        await driver.sees("is in that queue", "again, and is taken out")
        await driver.until(lambda: driver.app.console_screen.console.unacknowledged.waiting == 3, "delivered again")
        await send(driver)
        await driver.sees("repaired: confirmed in /queue/orders")
        assert outcome(driver, b"wrong") == "settled repaired"
        await until(lambda: embedded.depth("DLQ") == (0, 2))
        assert embedded.bodies("orders") == [b"before", b"right"]
        # A row whose message was returned stands for the one that is in the queue now.
        await driver.press("escape")
        driver.app.console_screen.log_view.go_to(returned - 1)
        await driver.press("F")
        await driver.sees("Takes the place of message", "nothing keeps it now")
        driver.app.console_screen.pane.set_body("second")
        await driver.press("ctrl+g")
        await driver.sees("+ second", "Send this in place of")
        await driver.painted()
        await driver.press("y")
        await driver.until(lambda: outcome(driver, b"first") == "settled repaired", "repaired")
        await until(lambda: embedded.bodies("orders") == [b"before", b"right", b"second"])


async def test_what_was_returned_is_found_again_in_its_queue(embedded: EmbeddedBroker) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40), work=DEAD_LETTERS) as driver:
        await hold(driver)
        main = driver.app.console_screen.console.main_connection
        assert main is not None
        main.remove(driver.watch().key)
        # As RabbitMQ does, the broker keeps what was delivered until the connection closes.
        await send(driver)
        await driver.sees("not repaired", "disconnect")
        embedded.drop_clients()
        await driver.lost()
        await driver.press("escape", "r")
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        await driver.press("c")
        await send(driver)
        await driver.sees("repaired: confirmed in /queue/orders", within=8)
        await until(lambda: embedded.bodies("DLQ") == [b"first", b"last"])
        assert embedded.bodies("orders") == [b"before", b"right"]


async def test_what_was_settled_meanwhile_is_not_sent(embedded: EmbeddedBroker) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40), work=DEAD_LETTERS) as driver:
        await hold(driver)
        await driver.press("escape")
        go_to(driver, b"wrong")
        await driver.press("a")
        await driver.until(lambda: outcome(driver, b"wrong") == "settled acknowledged", "acknowledged")
        await driver.press("c", "ctrl+g")
        await driver.until(lambda: isinstance(driver.app.screen, RepairScreen), "what changed")
        await driver.painted()
        await driver.press("y")
        await driver.sees("not repaired", "the original was acknowledged already")
        assert embedded.bodies("orders") == [b"before"]


async def test_what_cannot_be_replaced_says_why_and_what_there_is_instead(embedded: EmbeddedBroker) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40)) as driver:
        await subscribe(driver, "work-client", "/queue/DLQ")
        await driver.until(lambda: len(driver.messages) == 3, "three messages")
        go_to(driver, b"wrong")
        await driver.press("F")
        await driver.until(lambda: any("Its subscription is cumulative" in told for told in driver.told), "said")
        embedded.publish("/topic/t", "gone")
        await subscribe(driver, "live", "/topic/t")
        await driver.until(lambda: driver.watch(1).state == "on", "subscribed")
        embedded.publish("/topic/t", "live")
        await driver.until(lambda: len(driver.messages) == 4, "one more")
        go_to(driver, b"live")
        await driver.press("F")
        await driver.until(lambda: any("e edits and sends a copy" in told for told in driver.told), "said")
        assert driver.app.console_screen.pane.draft.repairs is None
