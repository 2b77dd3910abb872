"""What the panes of the console say while there is nothing in them: why, and what can be done with which key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.journal.row_groups import RowGroup
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.read_only import is_forbidden
from stomptui.ui.widgets.empty_state import EmptyText

LOOK = (
    ("console.subscribe", "subscribe", "subscribes to a destination"),
    ("console.peek", "peek", "peeks into a queue"),
    ("console.queues", "queues", "lists all queues"),
    ("console.compose", "compose", "builds a message and sends it"),
)


def empty_log(screen: Screen[Any], console: Console) -> EmptyText | None:
    """What the log says as long as nothing was received and sent; None once something was, and while it connects."""
    journal = console.journal
    if any(journal.groups.count(group, journal.first, journal.end) for group in (RowGroup.MESSAGES, RowGroup.SENT)):
        return None
    if journal.cleared:
        back = _possible(screen, [("console.bring_back", "bring_back", f"brings back {journal.cleared:,} rows")])
        return EmptyText("The log was cleared.", (*back, *_possible(screen, LOOK[1:])))
    main = console.main_connection
    if main is None:
        return EmptyText("Not connected.", _possible(screen, [("console.form", "form", "connects to a broker")]))
    if not console.connected:
        return None
    if main.wanted:
        return EmptyText("No messages yet: they appear here as they come.", _possible(screen, LOOK[1:]))
    return EmptyText("No messages yet.", _possible(screen, LOOK))


def empty_subscriptions(screen: Screen[Any]) -> EmptyText:
    """What the list of subscriptions says while there are none."""
    return EmptyText("No subscriptions yet.", _possible(screen, LOOK[:1]))


def _possible(screen: Screen[Any], hints: Iterable[tuple[str, str, str]]) -> tuple[tuple[str, str], ...]:
    """Those whose action is possible, each with its key."""
    return tuple(
        (key_of(screen, id), does)
        for id, action, does in hints
        if screen.check_action(action, ()) and not is_forbidden(screen.app, action)
    )
