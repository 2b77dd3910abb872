"""The keys of the compose pane: of the draft, its header lines and its body. What opens the pane is in `console`."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.protocol.features import Feature
from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.COMPOSE: (
        Key("compose.send", "f5,ctrl+g", "send", "Send", "Send this message", changes=True),
        Key(
            "compose.series",
            "ctrl+right_square_bracket,shift+f5",
            "series",
            "Send a series",
            "Send it many times, or once for each line of a file",
            display="^]",
            words="many repeat load rate csv jsonl bulk benchmark",
            changes=True,
        ),
        Key(
            "compose.format",
            "f8,ctrl+t",
            "format",
            "Format",
            "Lay out a JSON or XML body over lines",
            words="pretty print indent json xml",
        ),
        Key(
            "compose.copy_as",
            "ctrl+underscore,shift+f2",
            "copy_as",
            "Copy as",
            "Copy it as a program that sends it, a JSON line or bytes",
            display="^_",
            words="clipboard snippet code python shell lua javascript java json base64 export",
        ),
        Key(
            "compose.save",
            "ctrl+s",
            "screen.save_message",
            "Save",
            "Save this message, to send it again later",
            display="^s",
            words="library template store keep file",
        ),
        Key(
            "compose.more",
            "ctrl+circumflex_accent,shift+f4",
            "screen.more",
            "More",
            "Choose among all that can be done with this message",
            display="^^",
            words="menu actions other list",
        ),
        Key("compose.file", "f3", "body_file", "File", "Take the body from a file", words="attach upload load"),
        Key("compose.editor", "f4", "editor", "$EDITOR", "Edit the body in your own editor"),
        Key(
            "compose.history",
            "f2",
            "history",
            "Earlier drafts",
            "Choose among earlier drafts",
            words="drafts earlier recent sent",
        ),
        Key("compose.older", "ctrl+up", "turn(-1)", "Older", "The draft before this one"),
        Key("compose.newer", "ctrl+down", "turn(1)", "Newer", "The draft after this one"),
        Key(
            "compose.receipt",
            "f9,ctrl+r",
            "switch('receipt')",
            "Receipt",
            "Ask for a receipt, or not",
            needs=Feature.RECEIPTS,
        ),
        Key(
            "compose.length",
            "f10,shift+f9",
            "switch('content-length')",
            "content-length",
            "Send a content-length header, or not",
        ),
        Key(
            "compose.persistent",
            "ctrl+b",
            "switch('persistent')",
            "Persist",
            "Ask for it to be kept over a restart of the broker, or not",
            needs=Feature.QUEUES,
        ),
        Key(
            "compose.variables",
            "ctrl+backslash",
            "switch('variables')",
            "Variables",
            "Fill in {{…}} when it is sent, or send it as it stands",
            display="^\\",
            words="template uuid now counter placeholder braces fill",
        ),
        Key("compose.new", "ctrl+n", "new", "New", "Begin an empty draft; one with unsent work stays open beside it"),
        Key("compose.next_draft", "ctrl+pagedown", "draft(1)", "Next draft", "Go to the next open draft", words="tab"),
        Key(
            "compose.previous_draft",
            "ctrl+pageup",
            "draft(-1)",
            "Previous draft",
            "Go to the open draft before this one",
            words="tab",
        ),
        Key("compose.next_tab", "f12", "next_tab", "Next tab", "Show the body, the headers or the frame"),
    ),
    Place.HEADERS: (
        Key(
            "header.add", "ctrl+o,alt+a", "add", "Add", "Add a header line below this one", words="new header property"
        ),
        Key("header.remove", "ctrl+y,alt+x", "line('remove')", "Remove", "Remove this header line"),
        Key(
            "header.switch",
            "ctrl+@,ctrl+space,alt+t",
            "line('switch')",
            "On/off",
            "Send this line or leave it out",
            display="^space",
        ),
        Key("header.up", "shift+up,alt+up", "line('up')", "Move up", "Move this header line up", group="Move"),
        Key(
            "header.down",
            "shift+down,alt+down",
            "line('down')",
            "Move down",
            "Move this header line down",
            group="Move",
        ),
        Key("", "up", "go(-1)", "Line above"),
        Key("", "down", "go(1)", "Line below"),
    ),
    Place.HEADER_SWITCH: (
        Key("header.switch-here", "space,enter", "line('switch')", "On/off", "Send this line or leave it out"),
        Key("", "delete,backspace,ctrl+h", "line('remove')", "Remove"),
        Key("", "shift+up", "line('up')", "Move up"),
        Key("", "shift+down", "line('down')", "Move down"),
    ),
    Place.BODY_FILE: (
        Key("compose.drop-body", "delete,backspace", "drop", "Drop body", "Take this body away and write one"),
    ),
    Place.BODY_PATH: (Key("compose.leave-path", "escape", "leave", "Leave", "Leave the field"),),
}
