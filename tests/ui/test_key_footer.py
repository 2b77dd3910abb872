"""The keys at the bottom: those that work, as many as there is room for, and always the way to all of them."""

from __future__ import annotations

import pytest
from textual.widgets._footer import FooterKey

from stomptui.config.connection import Connection
from stomptui.journal.entry import NoteKind
from stomptui.ui.chosen_keys import names
from stomptui.ui.connect.form import ConnectForm
from stomptui.ui.dialogs.help import HelpScreen
from stomptui.ui.hints import HINTS, MOST
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.key_footer import KeyFooter, ShownKey, cells, fit
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_working import subscribe

pytestmark = pytest.mark.timeless

WIDTHS = (60, 80, 100, 120, 160)


def line(driver: Driver) -> list[str]:
    """The keys on the screen from left to right, each of which is there as a whole and over no other."""
    footer = driver.app.screen.query_one(KeyFooter)
    keys = sorted((key for key in footer.query(FooterKey) if key.display), key=lambda key: key.region.x)
    end = 0
    for key in keys:
        assert key.region.x >= end and key.region.width, [key.description for key in keys]
        end = key.region.right
    assert end <= driver.app.size.width
    return [f"{key.key_display} {key.description}" for key in keys]


async def settled(driver: Driver, *wanted: str) -> list[str]:
    """The line once the keys wanted are in it."""

    def there() -> bool:
        try:
            return set(wanted) <= set(line(driver))
        except AssertionError:
            return False

    await driver.until(there, f"{wanted} at the bottom")
    return line(driver)


def test_where_there_is_no_room_for_any_key_none_is_shown() -> None:
    key = ShownKey("console.peek", "p", "p", "Peek", "peek")
    assert fit([key, key], -5, 10, True) == ([], False)


@pytest.mark.parametrize("width", WIDTHS)
async def test_every_screen_has_what_matters_there_and_the_way_to_all(embedded: EmbeddedBroker, width: int) -> None:
    embedded.publish("/queue/orders", "m")
    async with console(embedded.port, size=(width, 30)) as driver:
        await driver.up()
        driver.app.journal.append_note(NoteKind.ERROR, "something", 0.0)
        driver.app.console_screen.settle()
        error = "! Last error" if width >= 80 else "! Error"
        found = await settled(driver, "enter Open", error, "p Peek", "g Queues", "c Compose", "? Help")
        assert found[:2] == ["enter Open", error] and ("/ Filter" in found) == (width >= 80)
        await driver.press("c")
        # What is typed into a field is no key, and the way to all of them is one that is not.
        found = await settled(driver, "f5 Send", "f12 Next tab", "f1 Help")
        assert found[0] == "f5 Send" and "/ Filter" not in found
        await driver.press("f1")
        await driver.until(lambda: isinstance(driver.app.screen, HelpScreen), "the help")
        await driver.press("f1", "escape", "escape")
        await driver.press("o")
        await settled(driver, "^g Connect", "f1 Help")


async def test_the_state_decides(embedded: EmbeddedBroker) -> None:
    embedded.publish("/queue/orders", "m")
    async with console(embedded.port, size=(160, 30)) as driver:
        await driver.up()
        found = await settled(driver, "enter Open", "p Peek", "space Pause")
        assert len([key for key in found if key != "^p palette"]) <= MOST
        assert not {"f Follow", "! Last error", "a Ack", "n Nack"} & set(found)
        await driver.press("up")
        assert (await settled(driver, "f Follow"))[:2] == ["enter Open", "f Follow"]
        await driver.press("f")
        await driver.until(lambda: "f Follow" not in line(driver), "it follows")
        await subscribe(driver, "work", "/queue/orders")
        assert (await settled(driver, "a Ack"))[:3] == ["enter Open", "a Ack", "n Nack"]
        await driver.press("up", "a")
        await driver.until(lambda: "a Ack" not in line(driver), "nothing waits")
        await driver.press("enter")
        await driver.press("f6")
        await settled(driver, "y Copy", "esc Back", "? Help")
        await driver.press("escape")
        embedded.stop()
        assert (await settled(driver, "r Reconnect now"))[0] == "r Reconnect now"


async def test_a_terminal_that_changes_its_size_changes_the_keys(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(160, 30)) as driver:
        await driver.up()
        await settled(driver, "? Help", "^p palette", "s Subscribe")
        await driver.pilot.resize_terminal(60, 30)
        await settled(driver, "? Help", "p Peek", "s Sub")
        await driver.pilot.resize_terminal(160, 30)
        await settled(driver, "? Help", "^p palette", "s Subscribe")


def test_what_matters_least_goes_first_and_the_order_stays() -> None:
    keys = [ShownKey(name, "x", "x", name, name) for name in HINTS[Place.LOG,]]
    for room in range(0, 400, 5):
        shown = fit(keys, room, 0, False).keys
        assert [key.id for key in shown] == [key.id for key in keys[: len(shown)]]
        assert sum(cells(key, False) for key in shown) <= room
    assert not fit(keys, 0, 0, False).keys and len(fit(keys, 400, 0, False).keys) == len(keys)


def test_every_hint_is_a_key() -> None:
    known = set(names())
    for places, ids in HINTS.items():
        assert len(ids) == len(set(ids)) and set(ids) <= known, places


@pytest.mark.parametrize("width", [80, 120])
async def test_in_a_header_line_of_the_connection_form_the_keys_of_the_form_are_told_too(width: int) -> None:
    async with console(size=(width, 40), connection=Connection(headers=(("a", "b"),))) as driver:
        form = driver.app.screen.query_one(ConnectForm)
        form.focus_field("headers")
        await settled(driver, "^g Connect", "^o Add", "^y Remove")
