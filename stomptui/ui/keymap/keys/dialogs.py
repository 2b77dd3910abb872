"""The keys of questions and of small dialogs."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.CONFIRM: (
        Key("confirm.yes", "y", "answer(True)", "Yes", "Do it"),
        Key("confirm.no", "n,escape", "answer(False)", "No", "Leave everything as it is"),
        Key("", "left,up", "app.focus_previous", ""),
        Key("", "right,down", "app.focus_next", ""),
    ),
    Place.DURABLE_END: (
        Key("end.cancel", "escape", "answer('')", "Cancel", "Leave everything as it is"),
        Key("end.end", "e", "answer('end')", "End it", "The broker deletes it and what waits in it"),
        Key("end.leave", "l", "answer('leave')", "Leave it", "The broker goes on keeping messages"),
        Key("", "left,up", "app.focus_previous", ""),
        Key("", "right,down", "app.focus_next", ""),
    ),
    Place.NAME: (
        Key("name.cancel", "escape", "leave", "Cancel", "Leave the name as it is and do nothing"),
        Key("", "up", "app.focus_previous", ""),
        Key("", "down", "app.focus_next", ""),
    ),
    Place.PROMPT: (
        Key("prompt.cancel", "escape", "leave", "Cancel", "Leave without an answer"),
        Key("prompt.reveal", "f3", "reveal", "Show", "Show or hide what is typed"),
    ),
    Place.HEADERS_TEXT: (
        Key("headers_text.take", "f5,ctrl+g,ctrl+s", "take", "Apply", "Put the header lines into the message"),
        Key("headers_text.leave", "escape", "leave", "Cancel", "Leave the headers as they were"),
    ),
    Place.COPY_PART: (
        Key("copy_part.cancel", "escape", "leave", "Cancel", "Copy nothing"),
        Key("copy_part.base64", "f8,ctrl+t", "base64", "As Base64", "Copy its bytes as Base64"),
    ),
    Place.CHOICE: (
        Key("choice.cancel", "escape", "leave", "Cancel", "Leave everything as it is"),
        Key("", "up", "move(-1)", "Up"),
        Key("", "down", "move(1)", "Down"),
    ),
}
