"""Tells what names keys on the screen that a person has chosen others."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from textual.app import App


@runtime_checkable
class NamesKeys(Protocol):
    """A widget or screen with texts that name keys, made once."""

    def keys_changed(self) -> None:
        """Make them anew."""


def tell_keys_changed(app: App[Any]) -> None:
    """Have the keys named anew on all screens."""
    for screen in app.screen_stack:
        for node in screen.walk_children(with_self=True):
            if isinstance(node, NamesKeys):
                node.keys_changed()
