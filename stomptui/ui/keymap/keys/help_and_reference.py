"""The keys of the help and of the reference."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.HELP: (
        Key("help.close", "escape", "close", "Close", "Clear what is typed, then close the help"),
        Key("help.reference", "f2", "app.reference", "Reference", "What few people need, and those exactly"),
        Key("", "up", "scroll(-1)", "Up"),
        Key("", "down", "scroll(1)", "Down"),
        Key("", "pageup", "page(-1)", "Page up"),
        Key("", "pagedown", "page(1)", "Page down"),
    ),
    Place.REFERENCE: (Key("reference.close", "escape,q", "dismiss", "Close", "Close the reference"),),
}
