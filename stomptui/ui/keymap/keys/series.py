"""The keys of a series: of the form, and while it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.SERIES_FORM: (
        Key("series.cancel", "escape", "cancel", "Cancel", "Send nothing"),
        Key("series.accept", "f5,ctrl+g", "accept", "Send", "Send the series"),
    ),
    Place.SERIES: (
        Key("series.leave", "escape", "leave", "Stop or close", "Send nothing more; once it has ended, close"),
        Key("series.close", "enter", "close", "Close", "Close, once it has ended"),
    ),
}
