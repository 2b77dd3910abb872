"""Keys over a read-only connection: which of them would change something, and that they do nothing but say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from textual.app import App

from stomptui.ui.keymap.registry import TABLE

CHANGING = frozenset(key.action for keys in TABLE.values() for key in keys if key.changes)
"""The actions that send, acknowledge or change something on a broker."""


@runtime_checkable
class OffersActions(Protocol):
    """An app that knows which actions are not to be offered now."""

    def is_forbidden(self, action: str) -> bool:
        """Whether an action would change something over a read-only connection, or needs what the broker has not."""


def is_forbidden(app: App[object], action: str) -> bool:
    """Whether an app offers an action at no place now: see `OffersActions`."""
    return isinstance(app, OffersActions) and app.is_forbidden(action)


class ReadOnlyKeys:
    """Refuses the keys of a read-only connection.

    Args:
        app: Where it is said.
        refusal: Why nothing can be changed now, "" if it can.
    """

    def __init__(self, app: App[int], refusal: Callable[[], str]) -> None:
        self._app = app
        self._refusal = refusal

    def forbids(self, action: str) -> bool:
        """Whether an action would change something and must not."""
        return action in CHANGING and bool(self._refusal())

    def refuses(self, action: str) -> bool:
        """Whether an action must not be run; says so if it must not."""
        return action in CHANGING and self.refuses_change()

    def refuses_change(self) -> bool:
        """Whether nothing can be changed now; says so if so."""
        refusal = self._refusal()
        if refusal:
            self._app.notify(f"{refusal[0].upper()}{refusal[1:]}.", severity="warning")
        return bool(refusal)
