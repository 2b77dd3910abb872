"""Repairing a dead letter: edited in compose, sent where it came from, and only then taken out."""

from __future__ import annotations

from stomptui.compose.draft import Draft
from stomptui.compose.repair import Repair
from stomptui.config.environment import Environment
from stomptui.protocol.frame import Frame
from stomptui.ui.dialogs.repair import RepairScreen
from stomptui.ui.dialogs.typed_name import TypedNameScreen
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_peeking import peek

DEAD = (("x-first-death-queue", "orders"), ("kind", "order"))


def bury(embedded: EmbeddedBroker) -> None:
    embedded.publish("/queue/orders", "before")
    for body in ("first", "wrong", "last"):
        embedded.publish("/queue/DLQ", body, DEAD)


async def edit(driver: Driver) -> None:
    """Open the second message of the queue and change its body."""
    await peek(driver, "/queue/DLQ")
    await driver.press("home", "down", "R")
    await driver.sees("Takes the place of message", "of /queue/DLQ", "Set aside: ", within=6)
    pane = driver.app.console_screen.pane
    assert pane.draft.destination == "/queue/orders"
    assert [line.name for line in pane.draft.headers] == ["kind"]
    pane.set_body("[b]right[/b]")


async def test_only_one_message_takes_the_place_of_one_and_it_goes_as_it_stands(embedded: EmbeddedBroker) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40)) as driver:
        await edit(driver)
        pane = driver.app.console_screen.pane
        await driver.press("ctrl+right_square_bracket")
        await driver.sees("no series: this takes the place of one message")
        await driver.press("ctrl+backslash")
        await driver.sees("goes as it stands")
        assert not pane.draft.variables
        pane.set_body("{{uuid}}")
        await driver.press("ctrl+g")
        await driver.sees("+ {{uuid}}")
        await driver.press("y")
        await driver.sees("repaired: confirmed in /queue/orders")
        assert embedded.bodies("orders") == [b"before", b"{{uuid}}"]


async def test_a_repair_that_was_not_kept_is_an_ordinary_message_and_says_so(embedded: EmbeddedBroker) -> None:
    bury(embedded)
    lapsed = Repair(
        "/queue/DLQ", "", Frame(b"MESSAGE\nmessage-id:7\n\n"), 0, lapsed="it was too large to be kept on disk"
    )
    async with console(embedded.port, size=(120, 40)) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        driver.app.console_screen.composing.edit(Draft("/queue/orders", body="right", repairs=lapsed))
        await driver.sees("message 7 of /queue/DLQ, which it leaves there", "It is an ordinary message now")
        await driver.press("ctrl+g")
        await driver.sees("Send it, and leave the original where it is?")
        await driver.press("y")
        await driver.sees("confirmed in")
        assert "takes the place" not in driver.screen
        assert driver.app.console_screen.pane.draft.repairs is None
        assert embedded.depth("DLQ") == (3, 0)
        assert embedded.bodies("orders") == [b"before", b"right"]


async def test_what_was_edited_goes_and_then_the_original_is_taken_out(embedded: EmbeddedBroker) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40)) as driver:
        await edit(driver)
        # Nothing is kept from others while one edits.
        await driver.until(lambda: embedded.depth("DLQ") == (3, 0), "returned")
        await driver.press("ctrl+g")
        await driver.sees("- wrong", "+ [b]right[/b]", "Send this in place of")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen)
        assert embedded.depth("DLQ") == (3, 0)
        await driver.press("ctrl+g")
        await driver.until(lambda: isinstance(driver.app.screen, RepairScreen), "what changed")
        await driver.painted()
        await driver.press("enter")
        await driver.sees("repaired: confirmed in /queue/orders", "taken out of /queue/DLQ")
        assert driver.app.console_screen.pane.draft.repairs is None
        assert "Takes the place of message" not in driver.screen
        embedded.wait(lambda: embedded.depth("DLQ") == (2, 0))
        assert embedded.bodies("DLQ") == [b"first", b"last"]
        assert embedded.bodies("orders") == [b"before", b"[b]right[/b]"]


async def test_an_original_that_is_gone_is_said_and_the_draft_stays(embedded: EmbeddedBroker) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40)) as driver:
        await edit(driver)
        await driver.until(lambda: embedded.depth("DLQ") == (3, 0), "returned")
        embedded.delete("DLQ")
        embedded.publish("/queue/DLQ", "another", DEAD)
        await driver.press("ctrl+g")
        await driver.until(lambda: isinstance(driver.app.screen, RepairScreen), "what changed")
        await driver.painted()
        await driver.press("enter")
        await driver.sees("not repaired", "it is not among", "Takes the place of message")
        assert driver.app.console_screen.pane.draft.body == "[b]right[/b]"
        embedded.wait(lambda: embedded.depth("DLQ") == (1, 0))
        assert embedded.bodies("orders") == [b"before"]


async def test_production_wants_the_name_of_the_queue(embedded: EmbeddedBroker) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40), environment=Environment(production=True)) as driver:
        await edit(driver)
        await driver.press("ctrl+g")
        await driver.until(lambda: isinstance(driver.app.screen, RepairScreen), "what changed")
        assert driver.app.focused is not None
        assert driver.app.focused.id == "repair-no"
        await driver.painted()
        await driver.press("y")
        await driver.until(lambda: isinstance(driver.app.screen, TypedNameScreen), "the name")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen)
        assert embedded.bodies("orders") == [b"before"]


async def test_the_original_can_be_left_where_it_is(embedded: EmbeddedBroker) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40)) as driver:
        await edit(driver)
        await driver.press("ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.type_in("leave the original")
        await driver.press("enter")
        await driver.until(lambda: driver.app.console_screen.pane.draft.repairs is None, "let go")
        await driver.press("ctrl+g")
        await driver.sees("confirmed in")
        assert "Takes the place of message" not in driver.screen
        assert embedded.bodies("orders") == [b"before", b"[b]right[/b]"]
        assert embedded.depth("DLQ") == (3, 0)


async def test_a_message_is_replaced_in_its_own_queue(embedded: EmbeddedBroker) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40)) as driver:
        await edit(driver)
        await driver.press("ctrl+circumflex_accent")
        await driver.sees("What is to be done with this message?")
        await driver.type_in("put it back")
        await driver.press("enter")
        await driver.sees("destination:/queue/DLQ")
        await driver.press("ctrl+g")
        await driver.sees("- destination: /queue/orders", "+ destination: /queue/DLQ")
        await driver.press("y")
        await driver.sees("Send it anyway?", "each goes to its end")
        await driver.press("y")
        await driver.sees("repaired: confirmed in /queue/DLQ")
        embedded.wait(lambda: embedded.depth("DLQ") == (3, 0))
        assert embedded.bodies("DLQ") == [b"first", b"last", b"[b]right[/b]"]


async def test_the_same_edit_goes_to_all_that_are_marked_and_what_it_does_not_change_stays(
    embedded: EmbeddedBroker,
) -> None:
    bury(embedded)
    async with console(embedded.port, size=(120, 40)) as driver:
        await peek(driver, "/queue/DLQ")
        await driver.press("*", "X")
        await driver.sees("Edit 3 messages, then retry")
        await driver.press("enter")
        await driver.sees("nothing is to be changed")
        await driver.type_in("message-id: 7")
        await driver.press("enter")
        await driver.sees("message-id belongs to one delivery")
        await driver.press("ctrl+u", "tab", "tab")
        await driver.type_in("st")
        await driver.press("tab")
        await driver.type_in("[b]")
        await driver.press("enter")
        await driver.sees("“st” becomes “[b]”", "1 message left where it is: nothing in it is changed")
        assert embedded.bodies("orders") == [b"before"]
        await driver.press("enter")
        await driver.sees("2 retried, 1 failed")
        embedded.wait(lambda: embedded.bodies("orders") == [b"before", b"fir[b]", b"la[b]"])
        await driver.press("escape")
        await driver.press("q")
        embedded.wait(lambda: embedded.depth("DLQ") == (1, 0))
        assert embedded.bodies("DLQ") == [b"wrong"]
