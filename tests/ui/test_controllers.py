"""A screen is composed of controllers, whose actions are its own."""

from __future__ import annotations

import pytest
from textual.screen import Screen

from stomptui.ui.controllers import add_actions
from stomptui.ui.keymap.place import Place
from stomptui.ui.keymap.registry import TABLE
from tests.support.console import console


class Greeter:
    def __init__(self) -> None:
        self.greeted: list[str] = []

    def action_greet(self, name: str) -> None:
        self.greeted.append(name)


def test_actions_of_a_controller_are_the_screens() -> None:
    screen, greeter = Screen[None](), Greeter()
    add_actions(screen, greeter)
    screen.action_greet("you")  # type: ignore[attr-defined]
    assert greeter.greeted == ["you"]


def test_no_two_controllers_have_an_action_of_one_name() -> None:
    with pytest.raises(ValueError, match="Screen has action_greet already"):
        add_actions(Screen[None](), Greeter(), Greeter())


async def test_every_key_of_the_console_has_its_action() -> None:
    async with console() as driver:
        screen = driver.app.console_screen
        for key in (*TABLE[Place.CONSOLE], *TABLE[Place.QUEUES_AND_MESSAGES]):
            target, _, name = key.action.partition("(")[0].rpartition(".")
            assert hasattr(driver.app if target == "app" else screen, f"action_{name}"), key
