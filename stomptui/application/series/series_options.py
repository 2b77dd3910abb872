"""What a person asks for when they send a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stomptui.compose.draft import Draft

WINDOW = 100
"""Frames that may be unanswered unless something else is asked for."""
MANY = 1_000
"""A series of more messages than this is asked about first."""
MOST = 10_000_000


@dataclass(frozen=True)
class SeriesWish:
    """A series as it was asked for."""

    draft: Draft
    count: int | None = None
    """Messages to send; None is as many as the file has lines."""
    file: Path | None = None
    """JSON Lines or CSV, a line for each message; its columns fill the draft."""
    rate: float | None = None
    """Messages a second at most; None is as fast as it goes."""
    window: int = WINDOW
    answers: Mapping[str, str] = field(default_factory=dict)
    """What the person answered to `{{prompt}}`, by label; the same for all messages."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Those of the chosen set; a column of that name comes before them."""

    @property
    def large(self) -> bool:
        """Whether it is asked about first: many messages, or nobody knows how many."""
        return self.count is None or self.count > MANY
