"""Every key of the program, in one table. Footer, help, palette and the README's table are made from it.

A person rebinds keys in `settings.toml`, by the names below:

    [keys]
    "console.peek" = "P"
    "compose.send" = "f5,ctrl+g"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from textual.binding import Binding, BindingType

from stomptui.protocol.features import Feature
from stomptui.ui.unavailable import why_not


class Place(Enum):
    """Where keys work; the value is its name for a person."""

    APP = "Everywhere"
    CONSOLE = "Console"
    QUEUES_AND_MESSAGES = "Console: queues and messages"
    LOG = "Log"
    SUBSCRIPTIONS = "Subscriptions"
    MESSAGE = "Message"
    MESSAGE_LINES = "Message: moving about"
    FIND = "Message: finding"
    PEEK = "Peek"
    PEEK_LIST = "Peek: list of messages"
    COMPARE = "Comparing"
    CHECK = "Checking a broker"
    RAW = "Raw frame"
    QUEUE_LIST = "List of queues"
    QUEUE_TABLE = "List of queues: moving about"
    COMPOSE = "Compose"
    HEADERS = "Compose: header lines"
    HEADER_SWITCH = "Compose: the switch of a header line"
    BODY_FILE = "Compose: a body from a file"
    BODY_PATH = "Compose: the path of a body"
    CONNECT = "Connection form"
    PROFILES = "Connection form: profiles"
    SUBSCRIBE_FORM = "Subscribing"
    PEEK_FORM = "Peek form"
    ACTION_FORM = "Move, copy, retry, delete, reject"
    RESULT = "Result of an action"
    TRANSFER_FORM = "Drain and refill form"
    TRANSFER = "Drain and refill"
    SERIES_FORM = "Series form"
    SERIES = "Series"
    SAVED = "Saved messages"
    SAVED_FORM = "Saving a message"
    CONFIRM = "Question"
    DURABLE_END = "Question about a durable subscription"
    NAME = "Question about a name"
    PROMPT = "Question with a field"
    COPY_PART = "Copying a part"
    HEADERS_TEXT = "Headers as text"
    CHOICE = "Choosing from a list"
    DIALOG = "Every form and question"
    SETTINGS = "Settings"
    THEMES = "Settings: themes"
    CHOOSE_KEYS = "Settings: keys"
    NEW_KEY = "Settings: a new key"
    JUMP = "Letters to go by"
    HELP = "Help"
    REFERENCE = "Reference"


@dataclass(frozen=True)
class Key:
    """One key, or several for the same, and what it does."""

    id: str
    """By which a person rebinds it, "" for one that stays as it is."""
    keys: str
    """As Textual names them, with commas between several."""
    action: str
    label: str
    """As the footer and the palette say it."""
    help: str = ""
    """What it does, in a few words; "" for one that needs no line in the help and the README."""
    display: str = ""
    """How the key is written, where that is not its name."""
    priority: bool = False
    """Whether it works before whatever has the focus."""
    words: str = ""
    """Other words by which people look for it in the palette, with blanks between them."""
    group: str = ""
    """The name of keys that the footer shows together."""
    changes: bool = False
    """Whether it sends, acknowledges or changes something on the broker, which a read-only connection does not do."""
    needs: Feature | None = None
    """What the broker must have for it to do anything."""


TABLE: Mapping[Place, tuple[Key, ...]] = {
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
    Place.CONSOLE: (
        Key(
            "console.compose",
            "c",
            "compose",
            "Compose",
            "Build a message and send it",
            words="send write publish new message",
            changes=True,
        ),
        Key(
            "console.saved",
            "M",
            "saved_messages",
            "Saved messages",
            "Choose a saved message, and edit and send it",
            display="M",
            words="library templates open load collection",
        ),
        Key("console.help", "question_mark", "app.help", "Help", "All keys", display="?"),
        Key(
            "console.filter",
            "slash",
            "filter",
            "Filter",
            "Only rows with a word",
            display="/",
            words="search find grep",
        ),
        Key(
            "console.resend",
            "e",
            "resend",
            "Resend",
            "Edit this message and send it again",
            words="repeat again edit clone",
            changes=True,
        ),
        Key(
            "console.reconnect",
            "r",
            "reconnect",
            "Reconnect now",
            "Connect again now, without waiting",
            words="connect again retry",
        ),
        Key("console.stop", "x", "stop", "Stop", "Do not try to connect again"),
        Key(
            "console.disconnect",
            "x",
            "disconnect",
            "Disconnect",
            "Leave this broker",
            words="close logout end connection",
        ),
        Key(
            "console.clear",
            "L",
            "clear",
            "Clear",
            "Clear the log; Bring back undoes that",
            display="L",
            words="erase wipe empty log",
        ),
        Key(
            "console.bring_back",
            "U",
            "bring_back",
            "Bring back",
            "Undo the last clear",
            display="U",
            words="undo restore",
        ),
        Key("console.side", "b", "side", "Side panel", "Show or hide the subscriptions"),
        Key(
            "console.place",
            "S",
            "place",
            "Message place",
            "Put the message below the log, to its right, or in its place",
            display="S",
            words="split layout right below",
        ),
        Key(
            "console.grow",
            "greater_than_sign",
            "grow(1)",
            "Larger pane",
            "Make the pane with the focus larger",
            display=">",
            words="size resize bigger",
        ),
        Key(
            "console.shrink",
            "less_than_sign",
            "grow(-1)",
            "Smaller pane",
            "Make the pane with the focus smaller",
            display="<",
            words="size resize",
        ),
        Key(
            "console.alone",
            "plus",
            "alone",
            "Pane alone",
            "Show the pane with the focus alone, or all of them again",
            display="+",
            words="zoom maximise full screen",
        ),
        Key(
            "console.form",
            "o",
            "form",
            "Connection",
            "Connect to another broker",
            words="connect broker server login profile url host",
        ),
        Key("console.next_pane", "f6", "next_pane", "Next pane", "Go to the next pane"),
        Key("console.quit", "q", "app.leave", "Quit", "Leave stomptui", words="exit leave close end"),
        Key("console.back", "escape", "back", "Back", "Back to the log"),
    ),
    Place.QUEUES_AND_MESSAGES: (
        Key(
            "act.ack",
            "a",
            "act('ack')",
            "Ack",
            "Acknowledge: it leaves the queue",
            display="a",
            words="acknowledge confirm consume accept",
            changes=True,
            needs=Feature.ACKNOWLEDGEMENTS,
        ),
        Key(
            "act.reject",
            "n",
            "act('reject')",
            "Nack",
            "Reject it",
            display="n",
            words="reject refuse dismiss",
            changes=True,
            needs=Feature.ACKNOWLEDGEMENTS,
        ),
        Key(
            "act.move",
            "m",
            "act('move')",
            "Move",
            "Move to another queue",
            display="m",
            words="requeue transfer shovel forward",
            changes=True,
            needs=Feature.ACKNOWLEDGEMENTS,
        ),
        Key(
            "act.retry",
            "t",
            "act('retry')",
            "Retry",
            "Move a dead letter back where it came from",
            display="t",
            words="dead letter dlq redeliver replay requeue resend",
            changes=True,
            needs=Feature.ACKNOWLEDGEMENTS,
        ),
        Key(
            "console.repair",
            "F",
            "repair",
            "Fix",
            "Edit this unacknowledged message, send it where it came from, then take the original out",
            display="F",
            words="repair edit retry dead letter dlq replace correct",
            changes=True,
            needs=Feature.ACKNOWLEDGEMENTS,
        ),
        Key(
            "act.delete",
            "d",
            "act('delete')",
            "Delete",
            "Delete permanently from the queue",
            display="d",
            words="remove discard drop purge",
            changes=True,
            needs=Feature.ACKNOWLEDGEMENTS,
        ),
        Key(
            "act.copy",
            "C",
            "act('copy')",
            "Copy to",
            "Send a copy elsewhere",
            display="C",
            words="duplicate forward clone",
            changes=True,
        ),
        Key(
            "act.save",
            "W",
            "save_messages",
            "Save",
            "Save messages as JSON Lines",
            display="W",
            words="export download file jsonl",
        ),
        Key(
            "act.copy_body",
            "y",
            "copy_body",
            "Copy body",
            "Copy the body to the terminal's clipboard",
            words="clipboard yank payload",
        ),
        Key(
            "act.reply",
            "B",
            "reply",
            "Reply",
            "Write back to the reply-to of this message",
            display="B",
            words="answer respond reply-to correlation-id",
            changes=True,
        ),
        Key(
            "act.copy_as",
            "A",
            "copy_as",
            "Copy as",
            "Copy it as a program that sends it, a JSON line or bytes",
            display="A",
            words="clipboard snippet code python shell lua javascript java json base64 export",
        ),
        Key(
            "act.compare",
            "equals_sign",
            "compare",
            "Compare",
            "Compare the two marked messages, or the marked one with that under the cursor",
            display="=",
            words="diff difference side by side versus",
        ),
        Key(
            "console.peek",
            "p",
            "peek",
            "Peek",
            "See what is in a queue and take nothing out",
            words="browse look inspect view read queue",
            needs=Feature.QUEUES,
        ),
        Key(
            "console.dead_letters",
            "K",
            "dead_letters",
            "Dead letters",
            "Show the dead-letter queue that matters most, in the list of queues",
            display="K",
            words="dlq errors failed",
            needs=Feature.QUEUES,
        ),
        Key(
            "console.queues",
            "g",
            "queues",
            "Queues",
            "All queues of this broker at a glance",
            words="list destinations depth browse overview",
            needs=Feature.QUEUES,
        ),
        Key(
            "console.check",
            "i",
            "check",
            "Check broker",
            "Ask this broker what it does: receipts, ack modes, headers, bodies, transactions",
            words="inspect capabilities features versions probe questions",
        ),
        Key(
            "console.subscribe",
            "s",
            "subscribe",
            "Subscribe",
            "Subscribe to a destination",
            words="listen receive consume topic watch",
        ),
        Key(
            "console.drain",
            "D",
            "drain",
            "Drain",
            "Export all messages of a queue to a file and empty the queue",
            display="D",
            words="export purge empty dump backup file",
            changes=True,
            needs=Feature.QUEUES,
        ),
        Key(
            "console.refill",
            "R",
            "refill",
            "Refill",
            "Send the messages of a file",
            display="R",
            words="import restore load upload file",
            changes=True,
        ),
    ),
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
    Place.SUBSCRIPTIONS: (
        Key(
            "subscription.pause",
            "space",
            "pause",
            "Pause/resume",
            "Stop receiving, or receive again",
            words="stop continue",
        ),
        Key(
            "subscription.again",
            "r",
            "again",
            "Ask again",
            "Subscribe again, where that is a question which is answered once",
            words="repeat resubscribe mapping app",
        ),
        Key(
            "subscription.remove",
            "d,delete",
            "remove",
            "Unsubscribe",
            "Unsubscribe and forget",
            words="stop delete subscription",
        ),
    ),
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
    Place.PEEK: (
        Key(
            "act.move",
            "m",
            "act('move')",
            "Move",
            "Move to another queue",
            display="m",
            words="requeue transfer shovel forward",
            changes=True,
        ),
        Key(
            "act.retry",
            "t",
            "act('retry')",
            "Retry",
            "Move a dead letter back where it came from",
            display="t",
            words="dead letter dlq redeliver replay requeue resend",
            changes=True,
        ),
        Key(
            "act.delete",
            "d",
            "act('delete')",
            "Delete",
            "Delete permanently from the queue",
            display="d",
            words="remove discard drop purge",
            changes=True,
        ),
        Key(
            "act.reject",
            "n",
            "act('reject')",
            "Nack",
            "Reject it",
            display="n",
            words="reject refuse dismiss",
            changes=True,
        ),
        Key(
            "act.ack",
            "a",
            "act('ack')",
            "Ack",
            "Acknowledge: it leaves the queue",
            display="a",
            words="acknowledge confirm consume accept",
            changes=True,
        ),
        Key(
            "act.copy",
            "C",
            "act('copy')",
            "Copy to",
            "Send a copy elsewhere",
            display="C",
            words="duplicate forward clone",
            changes=True,
        ),
        Key(
            "act.save",
            "W",
            "save_messages",
            "Save",
            "Save messages as JSON Lines",
            display="W",
            words="export download file jsonl",
        ),
        Key(
            "act.copy_body",
            "y",
            "copy_body",
            "Copy body",
            "Copy the body to the terminal's clipboard",
            words="clipboard yank payload",
        ),
        Key(
            "act.reply",
            "B",
            "reply",
            "Reply",
            "Write back to the reply-to of this message",
            display="B",
            words="answer respond reply-to correlation-id",
            changes=True,
        ),
        Key(
            "act.copy_as",
            "A",
            "copy_as",
            "Copy as",
            "Copy it as a program that sends it, a JSON line or bytes",
            display="A",
            words="clipboard snippet code python shell lua javascript java json base64 export",
        ),
        Key(
            "act.compare",
            "equals_sign",
            "compare",
            "Compare",
            "Compare the two marked messages, or the marked one with that under the cursor",
            display="=",
            words="diff difference side by side versus",
        ),
        Key(
            "queue.refresh", "r", "refresh", "Refresh", "Return all messages and peek again", words="reload again peek"
        ),
        Key("queue.back", "escape", "back", "Back", "One step back; leaving returns all messages"),
        Key("queue.help", "question_mark", "app.help", "Help", "All keys", display="?"),
        Key(
            "queue.return_all",
            "g",
            "return_all",
            "Return all",
            "Return all messages to the queue now",
            words="release requeue",
        ),
        Key(
            "queue.hold_longer",
            "h",
            "hold_longer",
            "Hold longer",
            "Hold the messages for the full time again",
            words="extend keep time",
        ),
        Key(
            "queue.filter",
            "slash",
            "filter",
            "Filter",
            "Only messages with a word",
            display="/",
            words="search find grep",
        ),
        Key(
            "queue.resend",
            "e",
            "resend",
            "Edit and send",
            "Edit a copy of this message",
            words="repeat resend clone",
            changes=True,
        ),
        Key(
            "queue.repair",
            "R,F",
            "repair",
            "Edit, retry",
            "Edit this message, send it where it came from, then take it out here",
            display="R",
            words="repair fix dead letter dlq replace correct",
            changes=True,
        ),
        Key(
            "queue.edit_chosen",
            "X",
            "edit_chosen",
            "Edit all, retry",
            "Change the same in all marked messages, then send each where it came from",
            display="X",
            words="repair fix dead letter dlq replace header find batch bulk",
            changes=True,
        ),
        Key(
            "queue.drain",
            "D",
            "drain",
            "Drain",
            "Export all its messages to a file and empty the queue",
            display="D",
            words="export purge empty dump backup file",
            changes=True,
        ),
        Key(
            "console.place",
            "S",
            "place",
            "Message place",
            "Put the message below the list, to its right, or in its place",
            display="S",
            words="split layout right below",
        ),
        Key(
            "console.grow",
            "greater_than_sign",
            "grow(1)",
            "Larger pane",
            "Make the pane with the focus larger",
            display=">",
            words="size resize bigger",
        ),
        Key(
            "console.shrink",
            "less_than_sign",
            "grow(-1)",
            "Smaller pane",
            "Make the pane with the focus smaller",
            display="<",
            words="size resize",
        ),
        Key(
            "console.alone",
            "plus",
            "alone",
            "Pane alone",
            "Show the pane with the focus alone, or all of them again",
            display="+",
            words="zoom maximise full screen",
        ),
        Key(
            "queue.dead_letters",
            "K",
            "dead_letters",
            "Dead letters",
            "Leave this queue for the dead-letter queue that matters most, in the list of queues",
            display="K",
            words="dlq errors failed",
        ),
        Key("queue.next_pane", "f6", "next_pane", "Next pane", "Go from the list to the message, or back"),
        Key("queue.leave", "q", "leave", "Leave", "Leave the queue; all messages return to it"),
    ),
    Place.PEEK_LIST: (
        Key("queue.mark", "space,v", "mark", "Mark", "Mark or unmark this message"),
        Key("queue.last", "f", "newest", "Last", "Go to the last message"),
        Key("", "exclamation_mark,E,left_square_bracket,right_square_bracket", "nothing", ""),
    ),
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
    Place.RAW: (
        Key("raw.send", "f5,ctrl+g", "send", "Send", "Send these bytes as they are", changes=True),
        Key("raw.back", "escape", "back", "Stop or back", "Wait for no more answers; else back, what is typed stays"),
    ),
    Place.QUEUE_LIST: (
        Key("queues.subscribe", "s", "subscribe", "Subscribe", "Subscribe to this destination"),
        Key(
            "queues.send",
            "c",
            "compose",
            "Send to it",
            "Write a message to this destination",
            words="compose publish produce write",
            changes=True,
        ),
        Key(
            "queues.retry",
            "t",
            "choose('retry')",
            "Retry all",
            "Send all its dead letters back to where they came from",
            words="redrive replay requeue dead letters",
            changes=True,
        ),
        Key(
            "queues.move",
            "m",
            "choose('move')",
            "Move all",
            "Move all its messages",
            words="shovel transfer",
            changes=True,
        ),
        Key(
            "queues.drain",
            "D",
            "choose('drain')",
            "Drain",
            "Export all its messages to a file and empty it",
            display="D",
            words="export empty dump backup file",
            changes=True,
        ),
        Key(
            "queues.delete",
            "X",
            "choose('delete')",
            "Delete all",
            "Delete all its messages",
            display="X",
            words="purge empty clear remove",
            changes=True,
        ),
        Key(
            "queues.filter", "slash", "filter", "Filter", "Only rows with a word", display="/", words="search find grep"
        ),
        Key("queues.by_name", "n", "sort('name')", "By name", "Order by name"),
        Key("queues.by_depth", "d", "sort('depth')", "By depth", "Deepest first"),
        Key("queues.refresh", "r", "again", "Refresh", "Ask the broker now", words="reload again"),
        Key(
            "queues.watch",
            "w",
            "watch",
            "Watch dead letters",
            "Count dead letters every now and then and tell of new ones, or no more",
            words="alert notify monitor dlq bell alarm",
        ),
        Key(
            "queues.dead_letters",
            "K",
            "dead_letters",
            "Dead letters",
            "Go to the dead-letter queue that matters most",
            display="K",
            words="dlq errors failed",
        ),
        Key("queues.auto", "a", "auto", "Refresh by itself", "Refresh while the list is seen, or no more"),
        Key("queues.help", "question_mark", "app.help", "Help", display="?"),
        Key("queues.back", "escape", "back", "Back", "End the filter, or go back"),
        Key("queues.leave", "q", "leave", "Leave", "Leave the list"),
    ),
    Place.QUEUE_TABLE: (
        Key(
            "queues.peek",
            "enter",
            "select",
            "Peek",
            "Peek at this queue",
            display="enter",
            words="browse look inspect view open",
        ),
        Key("queues.up", "up,k", "cursor(-1)", "Up"),
        Key("queues.down", "down,j", "cursor(1)", "Down"),
        Key("queues.page_up", "pageup", "page(-1)", "Page up"),
        Key("queues.page_down", "pagedown,space", "page(1)", "Page down"),
        Key("queues.first", "home,g", "edge(-1)", "First"),
        Key("queues.last", "end,G", "edge(1)", "Last"),
    ),
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
    Place.CONNECT: (
        Key(
            "connect.test",
            "f5",
            "test",
            "Test",
            "Connect, report what was found, and disconnect",
            words="try check ping",
        ),
        Key("connect.save", "f2", "save", "Save profile", "Save this connection as a profile, without passwords"),
        Key(
            "connect.reveal",
            "f3",
            "reveal",
            "Show password",
            "Show the passwords, or hide them",
            words="password passcode secret",
        ),
        Key("connect.try_tcp", "f4", "try_instead('stomp')", "Try TCP", "The port speaks TCP: try that"),
        Key("connect.try_tls", "f4", "try_instead('stomp+ssl')", "Try TLS", "The port speaks TLS: try that"),
        Key("connect.try_ws", "f4", "try_instead('ws')", "Try WebSocket", "The port speaks WebSocket: try that"),
        Key(
            "connect.try_wss",
            "f4",
            "try_instead('wss')",
            "Try secure WebSocket",
            "The port speaks secure WebSocket: try that",
        ),
        Key(
            "connect.demo",
            "f6",
            "demo",
            "Demo",
            "Start a broker with example messages on this computer",
            words="example try sandbox",
        ),
        Key("connect.connect", "ctrl+g", "connect", "Connect", "Connect; so does Enter in a field"),
        Key("connect.cancel", "escape", "cancel", "Cancel", "Stop connecting"),
        Key("connect.back", "escape", "go_back", "Back", "Close the form without connecting"),
        Key("connect.quit", "escape", "quit_form", "Quit", "Leave stomptui"),
    ),
    Place.PROFILES: (
        Key("profiles.rename", "r", "change('rename')", "Rename", "Give this profile another name"),
        Key("profiles.duplicate", "d", "change('duplicate')", "Duplicate", "Save this profile under a second name"),
        Key("profiles.delete", "delete", "change('delete')", "Delete", "Delete this profile"),
        Key("profiles.new", "n", "new", "New", "Start with an empty form"),
    ),
    Place.SUBSCRIBE_FORM: (
        Key("subscribe.cancel", "escape", "cancel", "Cancel", "Do not subscribe"),
        Key("subscribe.accept", "f5,ctrl+g", "accept", "Subscribe", "Subscribe"),
    ),
    Place.PEEK_FORM: (
        Key("peek.cancel", "escape", "cancel", "Cancel", "Leave the queue alone"),
        Key("peek.accept", "f5,ctrl+g", "accept", "Peek", "Peek at the queue"),
    ),
    Place.ACTION_FORM: (
        Key("action.cancel", "escape", "cancel", "Cancel", "Leave everything as it is"),
        Key("action.accept", "f5,ctrl+g", "accept", "Do it", "Check it, then do it"),
    ),
    Place.RESULT: (Key("result.close", "escape,q,enter", "dismiss", "Close", "Back to the messages"),),
    Place.TRANSFER_FORM: (
        Key("transfer.cancel", "escape", "cancel", "Cancel", "Leave everything as it is"),
        Key("transfer.accept", "f5,ctrl+g", "accept", "Start", "Drain, or refill"),
    ),
    Place.TRANSFER: (
        Key("transfer.leave", "escape", "leave", "Stop or close", "Stop it; once it has ended, close"),
        Key("transfer.close", "enter", "close", "Close", "Close, once it has ended"),
    ),
    Place.SERIES_FORM: (
        Key("series.cancel", "escape", "cancel", "Cancel", "Send nothing"),
        Key("series.accept", "f5,ctrl+g", "accept", "Send", "Send the series"),
    ),
    Place.SERIES: (
        Key("series.leave", "escape", "leave", "Stop or close", "Send nothing more; once it has ended, close"),
        Key("series.close", "enter", "close", "Close", "Close, once it has ended"),
    ),
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
    Place.SETTINGS: (
        Key("settings.close", "escape,q,comma", "close", "Close", "Close the settings"),
        Key("settings.default", "backspace,delete", "default", "Default", "Take the default of this setting"),
    ),
    Place.THEMES: (Key("themes.restore", "escape", "restore", "Back", "Bring back the theme that was there"),),
    Place.CHOOSE_KEYS: (
        Key("choose_keys.close", "escape", "close", "Close", "Clear what is typed, then close the list"),
        Key("", "up", "move(-1)", "Up"),
        Key("", "down", "move(1)", "Down"),
        Key("", "pageup", "page(-1)", "Page up"),
        Key("", "pagedown", "page(1)", "Page down"),
    ),
    Place.NEW_KEY: (),
    Place.JUMP: (),
    Place.DIALOG: (Key("app.help", "f1", "app.help", "Help"),),
    Place.HELP: (
        Key("help.close", "escape", "close", "Close", "Clear what is typed, then close the help"),
        Key("help.reference", "f2", "app.reference", "Reference", "What few people need, and those exactly"),
        Key("", "up", "scroll(-1)", "Up"),
        Key("", "down", "scroll(1)", "Down"),
        Key("", "pageup", "page(-1)", "Page up"),
        Key("", "pagedown", "page(1)", "Page down"),
    ),
    Place.REFERENCE: (Key("reference.close", "escape,q", "dismiss", "Close", "Close the reference"),),
}
WITH_REASONS = frozenset((Place.CONSOLE, Place.QUEUES_AND_MESSAGES, Place.LOG, Place.PEEK, Place.QUEUE_LIST))
"""Where a key that can do nothing at the moment says why."""
TOGETHER = (
    (Place.APP, Place.CONSOLE, Place.QUEUES_AND_MESSAGES, Place.LOG),
    (Place.APP, Place.PEEK, Place.PEEK_LIST),
    (Place.APP, Place.QUEUE_LIST, Place.QUEUE_TABLE),
    (Place.APP, Place.COMPOSE, Place.HEADERS),
    (Place.APP, Place.COMPARE, Place.MESSAGE_LINES),
    (Place.APP, Place.CHECK, Place.MESSAGE_LINES),
    (Place.APP, Place.RAW),
)
"""Places whose keys work at the same time."""
TYPED_IN = frozenset(
    (
        Place.COMPOSE,
        Place.HEADERS,
        Place.BODY_PATH,
        Place.RAW,
        Place.FIND,
        Place.CONNECT,
        Place.SUBSCRIBE_FORM,
        Place.PEEK_FORM,
        Place.ACTION_FORM,
        Place.TRANSFER_FORM,
        Place.SAVED,
        Place.SAVED_FORM,
        Place.NAME,
        Place.PROMPT,
        Place.HEADERS_TEXT,
        Place.COPY_PART,
        Place.CHOOSE_KEYS,
        Place.HELP,
        Place.DIALOG,
    )
)
"""Places with fields, in which a letter is typed and can be no key."""


def bindings(*places: Place) -> list[BindingType]:
    """The keys of some places, as Textual wants them."""
    made: list[BindingType] = []
    for place in places:
        own = [_binding(key) for key in TABLE[place]]
        made += [*own, *(why_not(own) if place in WITH_REASONS else ())]
    return made


def _binding(key: Key) -> Binding:
    return Binding(
        key.keys,
        key.action,
        key.label,
        key_display=key.display or None,
        priority=key.priority,
        tooltip=key.help,
        id=key.id or None,
        group=Binding.Group(key.group, compact=True) if key.group else None,
    )
