"""The keys for the sizes of panes, which the console and a peek share."""

from __future__ import annotations

from stomptui.ui.keymap.key import Key

GROW = Key(
    "console.grow",
    "greater_than_sign",
    "grow(1)",
    "Larger pane",
    "Make the pane with the focus larger",
    display=">",
    words="size resize bigger",
)
SHRINK = Key(
    "console.shrink",
    "less_than_sign",
    "grow(-1)",
    "Smaller pane",
    "Make the pane with the focus smaller",
    display="<",
    words="size resize",
)
ALONE = Key(
    "console.alone",
    "plus",
    "alone",
    "Pane alone",
    "Show the pane with the focus alone, or all of them again",
    display="+",
    words="zoom maximise full screen",
)
