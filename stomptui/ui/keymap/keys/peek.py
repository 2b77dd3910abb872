"""The keys of a peek: its form, the screen, and its list of messages."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.keys import message_actions, panes
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.PEEK: (
        message_actions.MOVE,
        message_actions.RETRY,
        message_actions.DELETE,
        message_actions.REJECT,
        message_actions.ACK,
        message_actions.COPY,
        message_actions.SAVE,
        message_actions.COPY_BODY,
        message_actions.REPLY,
        message_actions.COPY_AS,
        message_actions.COMPARE,
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
        panes.GROW,
        panes.SHRINK,
        panes.ALONE,
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
    Place.PEEK_FORM: (
        Key("peek.cancel", "escape", "cancel", "Cancel", "Leave the queue alone"),
        Key("peek.accept", "f5,ctrl+g", "accept", "Peek", "Peek at the queue"),
    ),
}
