"""Keys that need something of the broker: they are there only where the broker has it, and say why not elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.app import App

from stomptui.protocol.features import Feature
from stomptui.ui.keymap.registry import TABLE

NEEDED = {key.action: key.needs for keys in TABLE.values() for key in keys if key.needs is not None}
"""What an action needs of the broker."""


class FeatureKeys:
    """Refuses the keys of what the broker does not have.

    Args:
        app: Where it is said.
        lacks: Returns what the broker of now does not have, and why that is so.
    """

    def __init__(self, app: App[int], lacks: Callable[[], Mapping[Feature, str]]) -> None:
        self._app = app
        self._lacks = lacks

    def why_not(self, action: str) -> str:
        """Why an action can do nothing on this broker, "" if it can."""
        needed = NEEDED.get(action)
        return self._lacks().get(needed, "") if needed is not None else ""

    def refuses(self, action: str) -> bool:
        """Whether an action can do nothing; says so if so."""
        why = self.why_not(action)
        if why:
            self._app.notify(f"{why[0].upper()}{why[1:]}.", severity="warning", markup=False)
        return bool(why)
