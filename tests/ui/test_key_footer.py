"""The keys at the bottom: those that work, as many as there is room for, and always the way to all of them."""

from __future__ import annotations

import itertools

import pytest
from textual.widgets._footer import FooterKey

from stomptui.journal.entry import NoteKind
from stomptui.ui.dialogs.help import HelpScreen
from stomptui.ui.widgets.key_footer import IMPORTANCE, KeyFooter, ShownKey, cells, fit
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker

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


@pytest.mark.parametrize("width", WIDTHS)
async def test_every_screen_has_the_keys_that_fit_and_the_way_to_all(embedded: EmbeddedBroker, width: int) -> None:
    embedded.publish("/queue/orders", "m")
    async with console(embedded.port, size=(width, 30)) as driver:
        await driver.up()
        driver.app.journal.append_note(NoteKind.ERROR, "something", 0.0)
        driver.app.console_screen.settle()
        most = ["p Peek", "g Queues", "c Compose"]
        error = ["! Last error"] if width == 160 else ["! Error"] if width >= 80 else []
        found = await settled(driver, *most, *error, "? Help" if width >= 120 else "? more")
        if width >= 120:
            assert {"/ Filter", "e Resend", "q Quit", "space Pause"} <= set(found)
        elif width >= 80:
            assert "q Quit" in found
        await driver.press("c")
        found = await settled(driver, "f5 Send")
        # What is typed into a field is no key, and the way to all of them is one that is not.
        assert any(key in found for key in ("f1 more", "f1 Help")) and "/ Filter" not in found
        if width <= 80:
            assert "f12 Next tab" in found
        await driver.press("f1")
        await driver.until(lambda: isinstance(driver.app.screen, HelpScreen), "the help")
        await driver.press("f1", "escape", "escape")
        await driver.press("o")
        await settled(driver, "^g Connect", "f1 Help")


async def test_a_terminal_that_changes_its_size_changes_the_keys(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(160, 30)) as driver:
        await driver.up()
        await settled(driver, "? Help", "^p palette", "e Resend")
        await driver.pilot.resize_terminal(60, 30)
        await settled(driver, "? more", "p Peek")
        await driver.pilot.resize_terminal(160, 30)
        await settled(driver, "? Help", "^p palette", "e Resend")


def test_what_matters_least_goes_first_and_the_order_stays() -> None:
    keys = [ShownKey(name, "x", "x", name, name) for name in ("unknown", *reversed(IMPORTANCE))]
    rooms = [fit(keys, room, 0, False) for room in range(0, 2000, 50)]
    for fewer, more in itertools.pairwise(rooms):
        ids = [shown.id for shown in more.keys]
        assert [shown.id for shown in fewer.keys] == [name for name in ids if name in {k.id for k in fewer.keys}]
    assert rooms[-1].whole and not rooms[0].keys
    left = fit(keys, sum(cells(key, False) for key in keys) - 500, 0, False)
    assert "unknown" not in {shown.id for shown in left.keys} and IMPORTANCE[0] in {shown.id for shown in left.keys}
