"""The keys of the settings: themes and the list of keys too."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.SETTINGS: (
        Key("settings.close", "escape,q,comma", "close", "Close", "Close the settings"),
        Key("settings.default", "backspace,delete", "default", "Default", "Take the default of this setting"),
    ),
    Place.THEMES: (Key("themes.restore", "escape", "restore", "Back", "Bring back the theme that was there"),),
    Place.CHOOSE_KEYS: (
        Key("choose_keys.close", "escape", "close", "Close", "Clear what is typed, then close the list"),
        Key("", "up", "move(-1)", "Up"),
        Key("", "down", "move(1)", "Down"),
        Key("", "pageup", "page(-1)", "Page up"),
        Key("", "pagedown", "page(1)", "Page down"),
    ),
    Place.NEW_KEY: (),
}
