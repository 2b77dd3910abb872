"""The keys of the check of a broker."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.CHECK: (
        Key(
            "check.thorough",
            "t",
            "thorough",
            "Thorough",
            "Ask too what may end sessions of its own, make a dead letter or leave a queue; asks before",
            changes=True,
        ),
        Key(
            "check.keep",
            "k",
            "keep",
            "Keep",
            "Keep in the profile what it needs to know, such as commands that are never confirmed",
            words="save profile learn remember",
        ),
        Key("check.again", "r", "again", "Ask again", "Ask all questions again", words="refresh repeat"),
        Key("check.find", "slash", "find", "Find", "Find text in it", display="/", words="search grep"),
        Key("check.next_hit", "n", "step(1)", "Next", "Next place found"),
        Key("check.previous_hit", "N", "step(-1)", "Previous", "Place found before", display="N"),
        Key("check.copy", "y", "copy", "Copy", "Copy the table", words="clipboard yank"),
        Key("check.help", "question_mark", "app.help", "Help", display="?"),
        Key("check.back", "escape,q", "back", "Stop or back", "Ask nothing more; else back"),
    ),
}
