"""How a screen is composed of controllers: small classes, each with some of the screen's actions."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

ACTION = "action_"


def add_actions(screen: Screen[Any], *controllers: object) -> None:
    """Make the `action_NAME` methods of controllers actions of a screen, for its keys and the palette.

    Raises:
        ValueError: The screen has an action of that name already.
    """
    for controller in controllers:
        for name in dir(type(controller)):
            if name.startswith(ACTION):
                if hasattr(screen, name):
                    raise ValueError(f"{type(screen).__name__} has {name} already")
                setattr(screen, name, getattr(controller, name))
