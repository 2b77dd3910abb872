"""Notes for the log about a connection and its subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

ReconnectNote = Literal["info", "gap", "failed", "error"]
"""What a note is about: "gap" says that messages may have been missed, "failed" that there will be no reconnect."""
Note = Callable[[ReconnectNote, str], object]
"""Takes a note and its text."""
