"""The keys of the log."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.LOG: (
        Key("log.select", "enter", "select", "Open", "Open message, or what an action carried", display="enter"),
        Key("log.follow", "f", "follow", "Follow", "Show the newest as it comes", words="tail live newest latest"),
        Key(
            "log.pause",
            "space",
            "pause",
            "Pause",
            "Hold the view still, or let it go on",
            words="freeze hold stop resume",
        ),
        Key(
            "log.last_error",
            "exclamation_mark",
            "last_error",
            "Last error",
            "Go to the last error",
            display="!",
            words="problem failure",
        ),
        Key(
            "log.previous_error",
            "left_square_bracket",
            "error(-1)",
            "Previous error",
            "Go to the error before this row",
            display="[",
        ),
        Key(
            "log.next_error",
            "right_square_bracket",
            "error(1)",
            "Next error",
            "Go to the error after this row",
            display="]",
        ),
        Key(
            "log.close_errors",
            "E",
            "close_errors",
            "Clear errors",
            "Count the errors so far no longer; their rows stay",
            display="E",
        ),
        Key("log.mark", "v", "mark", "Mark", "Mark or unmark this message", words="select choose tick"),
        Key(
            "log.mark_range",
            "V",
            "mark_range",
            "Mark to here",
            "Mark all from the last mark to here",
            display="V",
        ),
        Key(
            "log.mark_all",
            "asterisk",
            "mark_all",
            "Mark all",
            "Mark all that the filter shows",
            display="*",
            words="select everything",
        ),
        Key("log.unmark", "u", "unmark", "Unmark", "Clear marks"),
        Key(
            "log.times",
            "T",
            "times",
            "Times",
            "Show times with milliseconds, without, or since the row before",
            display="T",
            words="clock relative absolute",
        ),
        Key(
            "log.column",
            "H",
            "column",
            "Column",
            "Show a header in a column of its own",
            display="H",
            words="header correlation reason field property columns",
        ),
        Key("log.messages", "1", "group('messages')", "Messages", "Show or hide received messages"),
        Key("log.sent", "2", "group('sent')", "Sent", "Show or hide what was sent"),
        Key("log.events", "3", "group('events')", "Events", "Show or hide errors and notes"),
        Key(
            "log.protocol",
            "4",
            "group('protocol')",
            "Protocol",
            "Show or hide RECEIPT, ACK, SUBSCRIBE and other frames",
        ),
        Key(
            "log.actions",
            "5",
            "group('actions')",
            "Actions",
            "Show or hide all frames of peeks, moves and drains",
        ),
        Key("log.up", "up,k", "cursor(-1)", "Up"),
        Key("log.down", "down,j", "cursor(1)", "Down"),
        Key("log.page_up", "pageup", "page(-1)", "Page up"),
        Key("log.page_down", "pagedown", "page(1)", "Page down"),
        Key("log.oldest", "home", "oldest", "Oldest", "Go to the oldest row"),
        Key("log.newest", "end,G", "newest", "Newest", "Go to the newest row and follow"),
    ),
}
