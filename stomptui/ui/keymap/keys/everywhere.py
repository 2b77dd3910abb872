"""The keys that work everywhere, and those of every form and question."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.APP: (
        Key(
            "app.suspend",
            "ctrl+z",
            "suspend_process",
            "Suspend",
            "Back to the shell; fg comes back",
            priority=True,
        ),
        Key(
            "app.repaint",
            "ctrl+l",
            "repaint",
            "Repaint",
            "Paint the screen anew",
            priority=True,
            words="redraw refresh",
        ),
        Key("app.help", "f1", "help", "Help", "All keys, also while a field has the cursor"),
        Key(
            "app.reveal",
            "f7",
            "reveal",
            "Show secrets",
            "Show passwords, tokens and other secrets, or hide them again",
            words="password passcode token secret unmask",
        ),
        Key(
            "app.jump",
            "ctrl+f",
            "jump",
            "Go to",
            "Show a letter at each pane, tab and field; it goes there",
            priority=True,
            words="jump focus pane field tab letter",
        ),
        Key(
            "app.settings",
            "comma",
            "settings",
            "Settings",
            "Theme, keys, times, hold time, memory",
            display=",",
            words="preferences options configure theme colours keys shortcuts",
        ),
    ),
    Place.DIALOG: (Key("app.help", "f1", "app.help", "Help"),),
}
