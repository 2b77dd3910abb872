"""The keys of the comparison of two messages."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.COMPARE: (
        Key(
            "compare.all", "d", "switch_all", "Differences", "Show only what differs, or all of both", words="all same"
        ),
        Key("compare.swap", "x", "swap", "Swap", "Exchange the sides", words="left right"),
        Key("compare.find", "slash", "find", "Find", "Find text in it", display="/", words="search grep"),
        Key("compare.next_hit", "n", "step(1)", "Next", "Next place found"),
        Key("compare.previous_hit", "N", "step(-1)", "Previous", "Place found before", display="N"),
        Key("compare.copy", "y", "copy", "Copy", "Copy what is shown", words="clipboard yank"),
        Key("compare.help", "question_mark", "app.help", "Help", display="?"),
        Key("compare.back", "escape,q", "back", "Back", "Back to the messages"),
    ),
}
