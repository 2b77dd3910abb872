"""One table of keys: what is made from it, and what a person changes in it."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from stomptui.config.settings import settings_path
from stomptui.ui.chosen_keys import DEFAULTS, is_key, key_of, keymap, names, problems, written
from stomptui.ui.dialogs.prompt import PromptScreen
from stomptui.ui.keymap import keys as files_of_keys
from stomptui.ui.keymap.place import Place
from stomptui.ui.keymap.registry import TABLE
from stomptui.ui.peek.form import PeekForm
from stomptui.ui.queue_list.screen import QueueListScreen
from stomptui.ui.widgets.empty_state import EmptyState, EmptyText
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker


def test_ids_mean_one_thing_and_keys_of_a_place_are_told_apart() -> None:
    for place, keys in TABLE.items():
        ids = [key.id for key in keys if key.id]
        assert len(ids) == len(set(ids)), place


def test_a_place_has_its_keys_in_one_file() -> None:
    found = [place for _, name, _ in iter_modules(files_of_keys.__path__) for place in places_of_file(name)]
    assert sorted(place.name for place in found) == sorted(place.name for place in Place)


def places_of_file(name: str) -> list[Place]:
    return list(getattr(import_module(f"{files_of_keys.__name__}.{name}"), "KEYS", ()))


def test_every_name_belongs_to_a_key() -> None:
    assert {"console.peek", "compose.send", "log.follow", "act.move"} <= set(names())
    assert problems({}) == []
    assert problems({"console.peek": "P"}) == []
    assert problems({"console.pek": "P"}) == ["there is no key named console.pek"]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"console.peek": "g"}, "g is the key of both console.peek and console.queues"),
        ({"log.follow": "p"}, "p is the key of both log.follow and console.peek"),
        ({"console.peek": "Q", "console.drain": "Q"}, "Q is the key of both console.peek and console.drain"),
        ({"console.filter": "question_mark"}, "? is the key of both console.filter and console.help"),
        ({"compose.send": "f2"}, "f2 is the key of both compose.send and compose.history"),
    ],
)
def test_keys_that_do_two_things_are_told(chosen: dict[str, str], told: str) -> None:
    assert problems(chosen) == [told]


def test_what_is_no_key_is_told_and_never_shown() -> None:
    chosen = {"console.peek": "[b]\x1b]52;c;QQ==\x07", "console.queues": "f5,, no key", "app.settings": "ctrl+,,é"}
    told = problems(chosen)
    assert [each.partition(":")[0] for each in told] == ["console.peek", "console.queues", "app.settings"]
    assert all(each.isprintable() and each.endswith(" is no key") for each in told)
    used = keymap(chosen)
    assert (used["console.peek"], used["console.queues"], used["app.settings"]) == ("p", "f5", "é")
    assert all(is_key(key) for keys in DEFAULTS.values() for key in keys.split(","))


def test_keys_that_swap_are_no_clash() -> None:
    assert problems({"console.peek": "g", "console.queues": "p"}) == []


def test_what_shares_a_key_with_one_that_changes_stays() -> None:
    told = keymap({"console.stop": "X"})
    assert (told["console.stop"], told["console.disconnect"], told["console.disconnect.why"]) == ("X", "x", "x")
    assert "compose.send" not in told


def test_keys_are_written_as_on_the_keyboard() -> None:
    assert written("question_mark,slash,f5,ctrl+g,D,space") == ["?", "/", "f5", "ctrl+g", "D", "space"]


async def test_a_person_chooses_a_key(embedded: EmbeddedBroker) -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text('[keys]\n"console.peek" = "P"\n"console.nothing" = "N"\n')
    async with console(embedded.port) as driver:
        await driver.until(lambda: any("no key named console.nothing" in told for told in driver.told), "it is told")
        await driver.press("P")
        await driver.until(lambda: isinstance(driver.app.screen, PeekForm), "the peek form")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "the console")
        await driver.press("p", "g")
        await driver.until(
            lambda: isinstance(driver.app.screen, QueueListScreen), "the queues, and no peek form before"
        )


def test_a_key_with_two_places_has_one_default() -> None:
    for id, keys in DEFAULTS.items():
        assert {key.keys for place in TABLE.values() for key in place if key.id == id} == {keys}


async def test_texts_name_the_key_that_was_chosen() -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text(
        '[keys]\n"console.subscribe" = "S"\n"console.back" = "backspace"\n"prompt.reveal" = "f9"\n'
    )
    async with console() as driver:
        assert key_of(driver.app, "console.subscribe") == "S"
        assert key_of(driver.app.console_screen, "console.back") == "backspace"
        assert key_of(driver.app, "subscribe.accept") == "f5"
        assert key_of(driver.app, "subscribe.cancel") == "esc"
        assert driver.app.console_screen.query_one("#side-empty", EmptyState).said == EmptyText(
            "No subscriptions yet.", (("S", "subscribes to a destination"),)
        )
        await driver.app.push_screen(PromptScreen("The password", password=True))
        await driver.sees("enter accepts · esc cancels · f9 shows it")
