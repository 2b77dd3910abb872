"""The switch that shows or masks secrets, for the whole app."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.dom import DOMNode


@runtime_checkable
class ShowsSecrets(Protocol):
    """A widget that paints secrets."""

    def secrets_switched(self) -> None:
        """Paint again: `shows_secrets` changed."""


def shows_secrets(node: DOMNode) -> bool:
    """Whether secrets are painted as they are."""
    return node.is_attached and bool(getattr(node.app, "secrets_shown", False))


def switch_secrets(app: App[Any]) -> bool:
    """Show all secrets in all screens, or hide them again. Returns whether they are shown now."""
    shown = not getattr(app, "secrets_shown", False)
    app.secrets_shown = shown  # type: ignore[attr-defined]  # only an app that has the switch shows any
    repaint_secrets(app)
    return shown


def repaint_secrets(app: App[Any]) -> None:
    """Paint again what has secrets in it: they are shown or hidden now, or others count as such."""
    for screen in app.screen_stack:
        for node in screen.walk_children(with_self=True):
            if isinstance(node, ShowsSecrets):
                node.secrets_switched()
