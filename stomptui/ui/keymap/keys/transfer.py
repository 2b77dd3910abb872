"""The keys of drain and refill: of the form, and while they run."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.TRANSFER_FORM: (
        Key("transfer.cancel", "escape", "cancel", "Cancel", "Leave everything as it is"),
        Key("transfer.accept", "f5,ctrl+g", "accept", "Start", "Drain, or refill"),
    ),
    Place.TRANSFER: (
        Key("transfer.leave", "escape", "leave", "Stop or close", "Stop it; once it has ended, close"),
        Key("transfer.close", "enter", "close", "Close", "Close, once it has ended"),
    ),
}
