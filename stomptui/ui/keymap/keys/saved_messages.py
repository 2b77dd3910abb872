"""The keys of the list of saved messages, and of saving one."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.SAVED: (
        Key("saved.close", "escape", "close", "Close", "Close the list"),
        Key("", "up", "move(-1)", "Up"),
        Key("", "down", "move(1)", "Down"),
        Key("saved.rename", "ctrl+r,shift+f6", "rename", "Rename", "Change its name, folder and description"),
        Key("saved.duplicate", "ctrl+t,shift+f8", "duplicate", "Duplicate", "Save a copy under another name"),
        Key("saved.delete", "ctrl+y", "delete", "Delete", "Delete it; Bring back undoes that"),
        Key("saved.bring_back", "ctrl+b", "bring_back", "Bring back", "Undo the last deletion", words="undo restore"),
        Key("saved.import", "ctrl+o", "import", "Import", "Save the messages of a JSON Lines file, as drain writes it"),
        Key("saved.export", "ctrl+g", "export", "Export", "Write those listed into a file that refill takes"),
    ),
    Place.SAVED_FORM: (
        Key("saved_form.cancel", "escape", "cancel", "Cancel", "Save nothing"),
        Key("saved_form.accept", "f5,ctrl+g,ctrl+s", "accept", "Save", "Save it"),
    ),
}
