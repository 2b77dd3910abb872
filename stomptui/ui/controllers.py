"""How a screen or a widget is composed of controllers: small classes, each with some of its actions."""

from __future__ import annotations

from textual.dom import DOMNode

ACTION = "action_"


def add_actions(node: DOMNode, *controllers: object) -> None:
    """Make the `action_NAME` methods of controllers actions of a screen or a widget, for its keys and the palette.

    Raises:
        ValueError: The screen has an action of that name already.
    """
    for controller in controllers:
        for name in dir(type(controller)):
            if name.startswith(ACTION):
                if hasattr(node, name):
                    raise ValueError(f"{type(node).__name__} has {name} already")
                setattr(node, name, getattr(controller, name))
