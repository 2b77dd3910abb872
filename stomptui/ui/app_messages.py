"""Textual messages from screens to the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from stomptui.compose.draft import Draft
    from stomptui.connection.events import Connected, ConnectFailed, Event
    from stomptui.connection.probe import Probe


class Happened(Message):
    """A session reported something that may concern more than the console: how connecting goes."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class DraftWanted(Message):
    """The person wants to edit and send this.

    Args:
        draft: What is to be edited.
        note: What is to be said of it, "" for nothing.
    """

    def __init__(self, draft: Draft, note: str = "") -> None:
        super().__init__()
        self.draft = draft
        self.note = note


class DrainWanted(Message):
    """The person wants to drain this queue."""

    def __init__(self, queue: str) -> None:
        super().__init__()
        self.queue = queue


class DeadLettersWanted(Message):
    """The person wants to see the dead-letter queue that matters most."""


class EndedMeanwhile(Message):
    """While another program had the terminal, a signal told this one to end.

    Args:
        signal: Its number.
        kept: The file with what the person was writing, "" if there is none.
    """

    def __init__(self, signal: int, kept: str) -> None:
        super().__init__()
        self.signal = signal
        self.kept = kept


class KnownMore(Message):
    """The broker told of destinations, which can be completed from now on."""


class FormWanted(Message):
    """The person wants the connection form."""


class Tested(Message):
    """A test of a connection has ended."""

    def __init__(self, test: Probe, found: Connected | ConnectFailed) -> None:
        super().__init__()
        self.test = test
        self.found = found
