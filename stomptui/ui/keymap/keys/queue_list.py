"""The keys of the list of queues."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
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
}
