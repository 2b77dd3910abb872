"""Over a read-only connection: no key, palette action, form or dialog changes anything, and each says why."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from textual.widgets import Select

from stomptui.compose.draft import Draft
from stomptui.config.environment import Environment
from stomptui.ui.app_messages import DraftWanted, DrainWanted
from stomptui.ui.chosen_keys import written
from stomptui.ui.command_palette import bound_actions
from stomptui.ui.dialogs.help import key_groups
from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place
from stomptui.ui.keymap.registry import TABLE
from stomptui.ui.read_only import CHANGING
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.support.raw import RawStomp

READ_ONLY = Environment(read_only=True)
TOLD = "This connection is read-only: nothing can be sent, acknowledged or changed over it."
HARMLESS = frozenset(
    (
        *("help", "filter", "reconnect", "stop", "disconnect", "clear", "bring_back", "side", "place", "grow", "alone"),
        *(
            "form",
            "next_pane",
            "back",
            "save_messages",
            "copy_body",
            "copy_as",
            "peek",
            "queues",
            "check",  # then it asks what CONNECT tells
            "subscribe",
            "leave",
            "repaint",
        ),
        *("refresh", "return_all", "hold_longer", "mark", "newest", "nothing", "sort", "again", "auto", "reveal"),
        *(
            "copy_as",
            "compare",
            "saved_messages",
            "suspend_process",
            "select",
            "jump",
            "settings",
            "dead_letters",
            "watch",
        ),
    )
)
"""Actions of the console, a peek and the list of queues that change nothing on a broker. Whoever adds a key decides."""
PLACES = (Place.APP, Place.CONSOLE, Place.QUEUES_AND_MESSAGES, Place.PEEK, Place.PEEK_LIST, Place.QUEUE_LIST)


def offers(select: Select[str], modes: list[str]) -> bool:
    return [mode for _, mode in select._options] == modes


def changing(*places: Place) -> list[Key]:
    return [key for place in places for key in TABLE[place] if key.changes]


def test_every_key_says_whether_it_changes_something() -> None:
    for place in PLACES:
        for key in TABLE[place]:
            name = key.action.removeprefix("app.").partition("(")[0]
            assert key.changes == (name not in HARMLESS), key
    # The same action means the same everywhere.
    for place, keys in TABLE.items():
        assert not [key for key in keys if key.action in CHANGING and not key.changes], place


async def refused(driver: Driver, *places: Place) -> None:
    """Every key that changes something does nothing here but say so, and is offered nowhere."""
    screen = driver.app.screen
    actions = {binding.action for _, _, binding in bound_actions(screen)}
    helped = {does for group in key_groups(screen) for _, does in group.keys}
    assert not actions & CHANGING
    for key in changing(*places):
        assert not [each for each in screen.active_bindings.values() if each.binding.id == key.id]
        assert key.help not in helped
        for name in written(key.keys):
            driver.app.clear_notifications()
            await driver.press(name)
            await driver.until(lambda: any(TOLD in told for told in driver.told), f"{key.id} told")
            assert driver.app.screen is screen, key


async def test_no_key_changes_anything(embedded: EmbeddedBroker) -> None:
    for number in range(3):
        embedded.publish("/queue/orders", f"n{number}")
    embedded.publish("/queue/DLQ", "dead")
    before = embedded.call(embedded.queues.depths)
    async with console(embedded.port, environment=READ_ONLY, subscribe=("/topic/a", "/queue/orders")) as driver:
        await driver.sees("read-only", "subscribed to /topic/a")
        # A queue that the profile subscribes to is not read, and it is said why.
        await driver.until(lambda: driver.watch(1).state == "refused")
        assert "peek at it instead" in driver.watch(1).error
        embedded.publish("/topic/a", "seen")
        await driver.sees("seen")
        await driver.press("home")
        await refused(driver, Place.CONSOLE, Place.QUEUES_AND_MESSAGES)
        # What another part of the app asks for is not possible either.
        for wanted in (DrainWanted("/queue/orders"), DraftWanted(Draft("/queue/orders"))):
            driver.app.clear_notifications()
            driver.app.post_message(wanted)
            await driver.until(lambda: any(TOLD in told for told in driver.told))
        assert driver.app.screen is driver.app.console_screen
        assert not driver.app.console_screen.has_class("-compose")
        await driver.press("g")
        await driver.sees("read-only", "orders")
        await refused(driver, Place.QUEUE_LIST)
        await driver.press("down", "enter")
        await driver.sees("no delivery is counted. Read-only:", "messages can be read and saved, nothing else.")
        await driver.press("f5")
        await driver.sees("3 unacked", "n2", "read-only")
        await refused(driver, Place.PEEK)
        await driver.press("q", "escape")
        await driver.until(lambda: embedded.depth("orders") == (3, 0))
    embedded.wait(lambda: embedded.clients == 0)
    after = embedded.call(embedded.queues.depths)
    assert {name: (depth.ready, depth.unacked, depth.published) for name, depth in after.items()} == {
        name: (depth.ready, depth.unacked, depth.published) for name, depth in before.items()
    }
    with RawStomp(embedded.host, embedded.port) as raw:
        raw.connect()
        raw.receipt("SUBSCRIBE", {"id": "1", "destination": "/queue/orders", "ack": "client-individual"})
        assert [frame.text for frame in raw.messages(3)] == ["n0", "n1", "n2"]


async def test_subscribing_offers_what_only_watches(embedded: EmbeddedBroker) -> None:
    embedded.publish("/queue/orders", "one")
    async with console(embedded.port, environment=READ_ONLY) as driver:
        await driver.up()
        await driver.sees("No messages yet.", "peeks into a queue")
        assert "builds a message" not in driver.screen
        for destination, modes in (("/queue/orders", ["peek"]), ("/topic/a", ["live"])):
            await driver.press("s")
            await driver.type_in(destination)
            select = driver.app.screen.query_one("#mode", Select)
            await driver.until(partial(offers, select, modes))
            await driver.press("escape")
        await driver.press("p")
        await driver.type_in("/queue/nosuch")
        await driver.press("enter")
        await driver.sees("there is no queue nosuch")
    assert "nosuch" not in embedded.call(embedded.queues.depths)


async def test_a_pane_that_was_open_before_sends_nothing(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.compose("/queue/orders", "hello")
        console_screen = driver.app.console_screen
        main = console_screen.console.main_connection
        assert main is not None
        console_screen.connect(replace(main.connection, environment=READ_ONLY))
        await driver.until(lambda: console_screen.console.connected)
        await driver.press("f5")
        await driver.until(lambda: any(TOLD in told for told in driver.told))
        console_screen.composing._send_now(console_screen.pane.draft)
        await driver.until(lambda: "read-only" in driver.outcome)
    assert not embedded.call(embedded.queues.depths)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 60)])
async def test_that_it_is_read_only_is_always_in_sight(embedded: EmbeddedBroker, size: tuple[int, int]) -> None:
    embedded.publish("/queue/orders", "one")
    async with console(embedded.port, size=size, environment=READ_ONLY, profile="a rather long name") as driver:
        await driver.until(lambda: driver.status.startswith("read-only  ● connected"))
        embedded.stop()
        await driver.until(lambda: "lost" in driver.status)
        assert "read-only" in driver.screen
        embedded.start()
        await driver.up()
        await driver.press("p")
        await driver.type_in("/queue/orders")
        await driver.press("enter")
        await driver.sees("Read-only")
        await driver.press("f5")
        await driver.sees("1 unacked", "read-only")
