"""Where a broker lacks something, its keys are not there: not in the footer, the help, the palette or the menu."""

from __future__ import annotations

from functools import partial

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.protocol.features import Feature
from stomptui.ui.chosen_keys import written
from stomptui.ui.command_palette import bound_actions
from stomptui.ui.console.compose_menu import ComposeProvider
from stomptui.ui.dialogs.choice import ChoiceScreen
from stomptui.ui.dialogs.help import key_groups
from stomptui.ui.keymap.place import Place
from stomptui.ui.keymap.registry import TABLE
from stomptui.ui.offered_features import NEEDED
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker

LACKS = BROKERS.named("spring").lacks


def told(driver: Driver, words: str) -> bool:
    """Whether a notification says that."""
    return any(words in text for text in driver.told)


def as_spring(embedded: EmbeddedBroker) -> Connection:
    return Connection(port=embedded.port, login="guest", passcode="guest", dialect="spring")


async def test_no_key_offers_what_springs_simple_broker_does_not_have(embedded: EmbeddedBroker) -> None:
    async with console(connection=as_spring(embedded), autoconnect=True, subscribe=("/topic/a",)) as driver:
        await driver.sees("● connected", "you are anonymous")
        embedded.publish("/topic/a", "seen")
        await driver.sees("seen")
        screen = driver.app.screen
        lacking = {action for action, feature in NEEDED.items() if feature in LACKS}
        assert {"peek", "queues", "act('ack')", "act('reject')", "drain"} <= lacking
        assert not lacking & {binding.action for _, _, binding in bound_actions(screen)}
        helped = {does for group in key_groups(screen) for _, does in group.keys}
        for key in TABLE[Place.QUEUES_AND_MESSAGES]:
            if key.needs is None:
                continue
            assert key.help not in helped
            assert not [each for each in screen.active_bindings.values() if each.binding.id == key.id]
            why = LACKS[key.needs]
            driver.app.clear_notifications()
            await driver.press(written(key.keys)[0])
            await driver.until(partial(told, driver, why[1:]), f"{key.id} told")
            assert driver.app.screen is screen


async def test_a_message_to_spring_is_json_and_asks_for_no_receipt(embedded: EmbeddedBroker) -> None:
    async with console(connection=as_spring(embedded), autoconnect=True, subscribe=("/topic/a",)) as driver:
        await driver.sees("● connected")
        assert driver.app.console_screen.pane.draft.empty
        await driver.compose("/app/echo", "{}")
        await driver.sees("content-type:application/json", "destination:/app/echo", "no answer is normal here")
        assert "receipt" not in driver.screen and "persistent" not in driver.screen
        await driver.press("ctrl+r", "ctrl+b")
        await driver.until(lambda: any("confirms nothing" in told for told in driver.told), "told")
        await driver.press("f5")
        await driver.until(lambda: [entry for entry in driver.entries if entry.frame and entry.frame.command == "SEND"])
        sent = next(entry.frame for entry in driver.entries if entry.frame and entry.frame.command == "SEND")
        assert sent.get("receipt") is None and sent.get("content-type") == "application/json"
        await driver.press("ctrl+circumflex_accent")
        await driver.until(lambda: isinstance(driver.app.screen, ChoiceScreen), "the menu")
        assert "transaction" not in driver.screen


async def test_the_errors_of_the_application_are_in_the_palette_without_a_draft(embedded: EmbeddedBroker) -> None:
    async with console(connection=as_spring(embedded), autoconnect=True) as driver:
        await driver.sees("● connected")
        await driver.press("ctrl+p")
        await driver.type_in("application errors")
        await driver.sees("Subscribe to application errors")
        await driver.press("enter")
        await driver.sees("/user/queue/errors")
        assert not driver.app.console_screen.has_class("-compose")
        assert driver.watch().destination == "/user/queue/errors"


async def test_other_brokers_have_no_application_whose_errors_could_be_subscribed_to(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        provider = ComposeProvider(driver.app.console_screen)
        assert not [hit async for hit in provider.discover()]


async def test_the_subscribe_form_asks_for_nothing_that_means_nothing_here(embedded: EmbeddedBroker) -> None:
    async with console(connection=as_spring(embedded), autoconnect=True) as driver:
        await driver.sees("● connected")
        await driver.press("s")
        await driver.sees("Destination", "Headers")
        assert "Prefetch" not in driver.screen and "Selector" not in driver.screen
        await driver.type_in("/topic/a")
        await driver.press("enter")
        await driver.sees("/topic/a")


async def test_brokers_that_have_them_are_asked_for_prefetch_and_selector(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("s")
        await driver.sees("Destination")
        await driver.type_in("/topic/a")
        await driver.sees("Prefetch", "Selector", "Headers")


async def test_examples_of_where_to_send_are_those_of_the_broker(embedded: EmbeddedBroker) -> None:
    for connection, example in ((as_spring(embedded), "/app/orders"), (None, "/queue/orders")):
        port = embedded.port if connection is None else None
        async with console(port, connection=connection, autoconnect=connection is not None) as driver:
            await driver.sees("● connected")
            await driver.press("c")
            await driver.sees(f"such as {example}")
            await driver.press("f5")
            await driver.sees(f"a destination is needed, such as {example}")


async def test_a_new_message_is_empty_until_something_is_written(embedded: EmbeddedBroker) -> None:
    async with console(connection=as_spring(embedded), autoconnect=True) as driver:
        await driver.sees("● connected")
        await driver.press("c")
        await driver.sees("application/js")
        assert driver.app.console_screen.pane.draft.empty
        assert not driver.app.console_screen.composing.unsent


def test_brokers_with_queues_have_all_of_it_and_spring_nothing() -> None:
    for name in ("rabbitmq", "activemq", "artemis", "embedded", "unknown"):
        assert not BROKERS.named(name).lacks, name
    assert not BROKERS.named("relay", "RabbitMQ/3.10.8").lacks
    assert LACKS.keys() == set(Feature)
