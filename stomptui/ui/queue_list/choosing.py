"""What can be done with a queue of the list, and the keys that choose it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from textual.screen import Screen

from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.queues.rows import QueueRow
from stomptui.ui.widgets.queues.table import QueueTable


class QueueAction(Enum):
    """What can be done with a queue of the list."""

    PEEK = "peek"
    SUBSCRIBE = "subscribe"
    SEND = "send"
    MOVE = "move"
    RETRY = "retry"
    DELETE = "delete"
    """As the two before it: all messages, once they are peeked at."""
    DRAIN = "drain"


class QueueChoice(NamedTuple):
    """What the person wants to do with a queue."""

    action: QueueAction
    destination: str
    """As STOMP names it on this broker."""


class QueueChoosing:
    """A controller for what the person does with the queue under the cursor.

    Args:
        screen: Says why something cannot be done.
        table: Has the queue.
        act: Called with what the person wants.
    """

    def __init__(self, screen: Screen[None], table: QueueTable, act: Callable[[QueueChoice], object]) -> None:
        self._screen = screen
        self._table = table
        self._act = act

    def action_subscribe(self) -> None:
        self.action_choose("subscribe")

    def action_compose(self) -> None:
        self.action_choose("send")

    def action_choose(self, action: str) -> None:
        """Say that the person wants this done with the queue under the cursor."""
        if self._table.queue is not None:
            self.choose(QueueAction(action), self._table.queue)

    def choose(self, action: QueueAction, queue: QueueRow) -> None:
        """Say that the person wants this done with a queue, if it can be."""
        screen = self._screen
        if queue.kind == "topic" and action not in (QueueAction.SUBSCRIBE, QueueAction.SEND):
            subscribe = key_of(screen, "queues.subscribe")
            screen.notify(f"A topic keeps no messages to peek at: {subscribe} subscribes to it.", severity="warning")
        elif queue.destination:
            self._act(QueueChoice(action, queue.destination))
        else:
            screen.notify("STOMP has no name for this queue.", severity="warning")
