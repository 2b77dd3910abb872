"""What a question of a check is."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from stomptui.application.check.answers import Answer
from stomptui.application.check.context import CheckContext


class Section(enum.Enum):
    """What questions are about; the value is the heading."""

    CONNECTING = "Connecting"
    RECEIPTS = "Receipts"
    MESSAGES = "Messages"
    HEADERS = "Headers"
    BODIES = "Bodies"
    ACKNOWLEDGING = "Acknowledging"
    TRANSACTIONS = "Transactions"
    LIMITS = "Errors"
    WEBSOCKET = "WebSocket"
    SIZE = "Size"


@dataclass(frozen=True)
class Question:
    """One question."""

    key: str
    """Its name in JSON, which stays the same for ever."""
    section: Section
    title: str
    """What is asked, in a few words of the table."""
    how: str
    """How it is asked, in a sentence."""
    ask: Callable[[CheckContext], Answer]
    """Asks; may raise what `answers.py` has."""
    may: tuple[str, ...] = ()
    """What asking may do that stays or disturbs, each the end of "it may"; it is only asked thoroughly then. () if it
    leaves nothing behind and disturbs nobody."""
    connects_only: bool = False
    """Whether nothing but CONNECT is sent, so that a read-only connection can ask it."""
    websocket: bool = False
    """Whether it is about WebSocket alone."""
