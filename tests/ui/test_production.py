"""An environment is marked by its colour and in words, and production wants the name of a queue typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES
from textual.widgets import Button, Select

from stomptui.config.connection import Connection
from stomptui.config.environment import COLOUR_NAMES, Environment, EnvironmentColour
from stomptui.config.profiles import Profiles
from stomptui.queues.actions.action import ActionKind
from stomptui.ui.connect.profile_list import ProfileList
from stomptui.ui.connect.screen import ConnectScreen
from stomptui.ui.dialogs.typed_name import TypedNameScreen
from stomptui.ui.message_actions.action_form import ActionForm
from stomptui.ui.message_actions.controller import wants_name
from stomptui.ui.theme_contrast import DIMMED, MARKS, TEXT, ReadableColours, contrast
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_working import go_to, subscribe

PRODUCTION = Environment(production=True)


def painted(driver: Driver, text: str) -> tuple[Color, Color]:
    """The colour of a text on the screen, and what it lies on."""
    for strip in driver.app.screen._compositor.render_strips():
        for piece, style, _ in strip:
            if text in piece and style is not None and style.color is not None and style.bgcolor is not None:
                return Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
    raise AssertionError(f"{text} is not on\n{driver.screen}")


def test_every_colour_is_in_the_palette() -> None:
    assert tuple(MARKS) == COLOUR_NAMES


def test_the_colours_can_be_told_from_what_they_are_on() -> None:
    app: ReadableColours[int] = ReadableColours()
    for name, theme in BUILTIN_THEMES.items():
        app.set_reactive(ReadableColours.theme, name)
        told = app.get_css_variables()
        if theme.ansi:
            assert {told[f"mark-{colour}"] for colour in MARKS} == {f"ansi_{colour}" for colour in MARKS}
            continue
        seen_on = [Color.parse(told["background"]), Color.parse(told["surface"])]
        for colour in MARKS:
            mark, text = Color.parse(told[f"mark-{colour}"]), Color.parse(told[f"on-mark-{colour}"])
            assert min(contrast(mark, place) for place in seen_on) >= DIMMED - 0.1, (name, colour)
            assert contrast(text, mark) >= TEXT - 0.1, (name, colour)


@pytest.mark.timeless
@pytest.mark.parametrize("size", [(60, 15), (80, 24), (160, 48)])
async def test_production_is_said_in_words_and_colours_the_frame(
    embedded: EmbeddedBroker, size: tuple[int, int]
) -> None:
    embedded.publish("/queue/orders", "one")
    async with console(embedded.port, size=size, environment=PRODUCTION, profile="eu") as driver:
        await driver.up()
        await driver.until(lambda: driver.status.startswith(" PRODUCTION    eu   ● connected"))
        red = Color.parse(driver.app.theme_variables["mark-red"])
        await driver.until(lambda: painted(driver, "━━")[0] == red, "a red frame")
        assert painted(driver, "PRODUCTION")[1] == red
        await driver.press("g")
        await driver.sees("orders", "PRODUCTION")
        assert painted(driver, "━━")[0] == painted(driver, "PRODUCTION")[1] == red
        await driver.press("enter")
        await driver.sees("Classic queue.", "in order")
        await driver.press("f5")
        await driver.sees("1 unacked", "PRODUCTION")
        assert painted(driver, "━━")[0] == red
        # Another connection has its own colour, and no other frame.
        console_screen = driver.app.console_screen
        await driver.press("q", "q")
        blue = Environment(EnvironmentColour.BLUE)
        connection = Connection(port=embedded.port, login="guest", passcode="guest", environment=blue)
        driver.app._place.connect(connection, "staging", ())
        await driver.until(lambda: console_screen.console.connected and "PRODUCTION" not in driver.screen)
        await driver.until(lambda: driver.status.startswith(" staging   ● connected"))
        assert painted(driver, "staging")[1] == Color.parse(driver.app.theme_variables["mark-blue"])
        assert red not in {painted(driver, "──")[0], painted(driver, "Messages")[0]}


async def test_the_form_has_the_marks_and_the_list_shows_them() -> None:
    Profiles().save("plain", Connection())
    async with console(size=(80, 24)) as driver:
        await driver.sees("Environment", "production", "read-only")
        form = driver.app.screen
        assert isinstance(form, ConnectScreen)
        form.form.load(Connection())
        for name in ("production", "read_only"):
            form.form.fields.ticks[name].value = True
        form.form.fields.colour.value = EnvironmentColour.MAGENTA
        await driver.pilot.pause()
        marked = Environment(EnvironmentColour.MAGENTA, production=True, read_only=True)
        assert form.form.connection()[0].environment == marked
        Profiles().save("live", form.form.connection()[0])
        profiles = form.query_one(ProfileList)
        profiles.fill("live")
        await driver.sees("▌live", "▌PRODUCTION", "▌read-only")
        assert painted(driver, "▌")[0] == Color.parse(driver.app.theme_variables["mark-magenta"])
        form.form.load(Profiles().load("plain"))
        await driver.pilot.pause()
        assert form.form.fields.colour.value is EnvironmentColour.NONE
        assert not form.form.fields.ticks["production"].value


def test_what_takes_messages_out_wants_the_name() -> None:
    assert wants_name("delete", 1) and wants_name("delete", 9)
    kinds: tuple[ActionKind, ...] = ("move", "retry", "ack", "reject")
    for kind in kinds:
        assert wants_name(kind, 2) and not wants_name(kind, 1)
    assert not wants_name("copy", 9)


async def do(driver: Driver, label: str) -> None:
    """Click on the button of an action once that was checked."""
    await driver.until(
        lambda: [str(button.label) for button in driver.app.screen.query("#action-yes").results(Button)] == [label]
    )
    await driver.painted()
    await driver.pilot.click("#action-yes")


async def peeked(driver: Driver) -> None:
    await driver.up()
    await driver.press("p")
    await driver.type_in("/queue/orders")
    await driver.press("enter")
    await driver.sees("Classic queue.", "in order")
    await driver.press("f5")
    await driver.sees("3 unacked")
    await driver.painted()


async def test_messages_are_deleted_once_the_name_of_the_queue_is_typed(embedded: EmbeddedBroker) -> None:
    for number in range(3):
        embedded.publish("/queue/orders", f"{number}")
    async with console(embedded.port, environment=PRODUCTION) as driver:
        await peeked(driver)
        await driver.press("d")
        await do(driver, "Delete 1")
        await driver.sees("PRODUCTION: delete 1 message of /queue/orders.", "queue to do it.")
        await driver.painted()
        await driver.type_in("order")
        await driver.press("enter")
        await driver.sees("that is not /queue/orders")
        await driver.press("escape")
        # The form is as it was, and nothing was done.
        await driver.until(lambda: isinstance(driver.app.screen, ActionForm))
        assert embedded.depth("orders") == (0, 3)
        await driver.pilot.click("#action-yes")
        await driver.until(lambda: isinstance(driver.app.screen, TypedNameScreen))
        await driver.painted()
        await driver.type_in("orders")
        await driver.press("enter")
        await driver.until(lambda: embedded.depth("orders") == (0, 2))


@pytest.mark.parametrize("count", [1, 2])
async def test_one_message_is_moved_without_it_and_several_with_it(embedded: EmbeddedBroker, count: int) -> None:
    for number in range(3):
        embedded.publish("/queue/orders", f"{number}")
    embedded.publish("/queue/other", "there")
    async with console(embedded.port, environment=PRODUCTION) as driver:
        await peeked(driver)
        if count > 1:
            await driver.press("home", "v", "down", "v")
        await driver.press("m")
        await driver.until(lambda: isinstance(driver.app.screen, ActionForm))
        await driver.painted()
        await driver.type_in("/queue/other")
        await driver.press("enter")
        await driver.until(lambda: driver.app.focused is not None and driver.app.focused.id == "action-yes")
        await driver.painted()
        await driver.press("enter")
        if count > 1:
            await driver.sees("PRODUCTION: move 2 messages of /queue/orders")
            await driver.painted()
            await driver.type_in("/queue/orders")
            await driver.press("enter")
        await driver.until(lambda: embedded.depth("other") == (1 + count, 0))


async def test_the_name_of_each_queue_is_typed_and_what_a_cumulative_ack_covers_counts(
    embedded: EmbeddedBroker,
) -> None:
    for queue in ("/queue/orders", "/queue/orders", "/queue/others"):
        embedded.publish(queue, "one")
    async with console(embedded.port, environment=PRODUCTION) as driver:
        await driver.up()
        for queue in ("/queue/orders", "/queue/others"):
            await subscribe(driver, "hold", queue)
        await driver.until(lambda: len(driver.messages) == 3, "all of them")
        await driver.press("*", "d")
        await do(driver, "Delete 3")
        await driver.sees("PRODUCTION: delete 2 messages of /queue/orders.")
        await driver.painted()
        await driver.type_in("orders")
        await driver.press("enter")
        await driver.sees("PRODUCTION: delete 1 message of /queue/others.")
        await driver.painted()
        await driver.press("escape")
        await driver.until(lambda: isinstance(driver.app.screen, ActionForm))
        assert (embedded.depth("orders"), embedded.depth("others")) == ((0, 2), (0, 1))
    embedded.publish("/queue/a", "one")
    embedded.publish("/queue/a", "two")
    async with console(embedded.port, environment=PRODUCTION) as driver:
        await driver.up()
        await subscribe(driver, "work-client", "/queue/a")
        await driver.until(lambda: driver.app.console_screen.console.unacknowledged.waiting == 2, "both")
        go_to(driver, b"two")
        await driver.press("a")
        await do(driver, "Acknowledge 1")
        await driver.sees("PRODUCTION: acknowledge 2 messages of /queue/a.")
        assert embedded.depth("a") == (0, 2)


async def test_a_drain_and_consuming_want_it_too(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    for number in range(3):
        embedded.publish("/queue/orders", f"{number}")
    async with console(embedded.port, environment=PRODUCTION) as driver:
        await driver.up()
        await driver.press("D")
        await driver.type_in("/queue/orders")
        await driver.press("tab")
        await driver.type_in(str(tmp_path / "out.jsonl"))
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, TypedNameScreen))
        await driver.painted()
        await driver.press("enter")
        await driver.sees("that is not /queue/orders")
        await driver.press("escape", "escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen)
        await driver.press("s")
        await driver.type_in("/queue/orders")
        await driver.until(lambda: driver.app.screen.query("#mode"))
        driver.app.screen.query_one("#mode", Select).value = "consume"
        await driver.pilot.pause()
        await driver.press("f5")
        await driver.sees("PRODUCTION: consume /queue/orders")
        await driver.press("escape")
        assert embedded.depth("orders") == (3, 0) and not (tmp_path / "out.jsonl").exists()
