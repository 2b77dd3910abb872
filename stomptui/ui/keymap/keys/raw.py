"""The keys of raw mode."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.RAW: (
        Key("raw.send", "f5,ctrl+g", "send", "Send", "Send these bytes as they are", changes=True),
        Key("raw.back", "escape", "back", "Stop or back", "Wait for no more answers; else back, what is typed stays"),
    ),
}
