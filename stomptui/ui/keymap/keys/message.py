"""The keys of a message that is shown: its tabs and views, moving about and finding in it."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.MESSAGE: (
        Key("detail.body", "1", "tab('body')", "Body", "The body, laid out"),
        Key("detail.headers", "2", "tab('headers')", "Headers", "The headers and what they mean"),
        Key("detail.wire", "3", "tab('wire')", "Wire", "The exact bytes of the frame"),
        Key("detail.hex", "4", "tab('hex')", "Hex", "The frame in hex"),
        Key(
            "detail.view",
            "v",
            "view",
            "View",
            "Show the body another way: as text, hex, MessagePack and so on",
            words="decode format render display msgpack cbor protobuf json xml",
        ),
        Key("detail.left", "left", "turn(-1)", "Previous view"),
        Key("detail.right", "right", "turn(1)", "Next view"),
        Key("detail.find", "slash", "find", "Find", "Find a text in this message", display="/", words="search grep"),
        Key("detail.next_hit", "n", "step(1)", "Next", "The next place of what is found"),
        Key("detail.previous_hit", "N", "step(-1)", "Previous", "The place before", display="N"),
        Key("detail.end_find", "escape", "end_find", "End finding", "Find nothing any more"),
        Key("detail.fold", "enter,z", "fold", "Fold", "Fold or unfold what begins at the cursor"),
        Key("detail.fold_all", "Z", "fold_all", "Fold all", "Fold or unfold all groups", display="Z"),
        Key("detail.wrap", "l", "wrap", "Wrap", "Wrap long lines, or cut them at the edge"),
        Key("detail.numbers", "number_sign", "numbers", "Line numbers", "Show or hide them", display="#"),
        Key(
            "detail.copy",
            "y",
            "copy",
            "Copy",
            "Copy the data of this view to the terminal's clipboard",
            words="clipboard yank copy body",
        ),
        Key(
            "detail.copy_part",
            "Y",
            "copy_part",
            "Copy part",
            "Copy a header, the frame, a JSON value, or as Base64",
            display="Y",
            words="clipboard yank header path",
        ),
        Key("detail.save", "w", "save", "Save body", "Save the body to a file", words="export download file"),
    ),
    Place.MESSAGE_LINES: (
        Key("detail.up", "up,k", "scroll_up", "Up"),
        Key("detail.down", "down,j", "scroll_down", "Down"),
        Key("detail.page_up", "pageup", "page_up", "Page up"),
        Key("detail.page_down", "pagedown,space", "page_down", "Page down"),
        Key("detail.to_left", "shift+left", "sideways(-8)", "Left", "Where lines are not wrapped"),
        Key("detail.to_right", "shift+right", "sideways(8)", "Right", "Where lines are not wrapped"),
        Key("detail.home", "home", "scroll_home", "Beginning"),
        Key("detail.end", "end,G", "to_end", "End"),
    ),
    Place.FIND: (Key("find.close", "escape", "close", "End", "Find nothing any more"),),
}
