"""The title of the log: how many rows are shown, whether it follows or is paused, the filter and the rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stomptui.journal.body import clean
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.status_bar import rate
from stomptui.ui.widgets.subscriptions import sparkline


@dataclass(frozen=True)
class LogFacts:
    """Counts are frames; `history` is frames per second, oldest first."""

    shown: int = 0
    total: int = 0
    """All frames and notes that are in the log."""
    cleared: int = 0
    """Rows that were put away and can be brought back."""
    dropped: int = 0
    """Rows that were in the log and gave way to newer ones."""
    missed: int = 0
    """Frames that came too fast, and never were in it."""
    following: bool = True
    paused: bool = False
    new: int = 0
    """Rows that came since the view stopped following."""
    needle: str = ""
    """The filter as it was typed, "" if there is none."""
    searching: bool = False
    rate: float = 0.0
    history: Sequence[int] = ()


LONGEST_WORDS = 24
"""Characters of a filter that are shown."""


def words_of(filter_text: str, longest: int = LONGEST_WORDS) -> str:
    """A filter as it is named in titles: clean, in quotes, and short enough to stay in sight."""
    shown = filter_text if len(filter_text) <= longest else f"{filter_text[: longest - 1]}…"
    return f"“{clean(shown)}”"


def log_title(facts: LogFacts) -> tuple[Piece, ...]:
    """What stands in the upper edge of the log."""
    if facts.needle:
        word = "searching" if facts.searching else "matching"
        # Before all else: what is shown is not all there is.
        count = Piece(f"{facts.shown:,} {word} {words_of(facts.needle)} of {facts.total:,}", "warn", 0)
    else:
        count = Piece(f"{facts.shown:,} of {facts.total:,}", "plain", 1)
    held = facts.paused or not facts.following
    return (
        Piece("Messages", "title", 2),
        Piece(_mode(facts), "warn" if held else "good", 1 if facts.needle else 0),
        count,
        Piece(f"{facts.missed:,} never shown: too fast" if facts.missed else "", "warn", 0),
        Piece(f"{facts.cleared:,} cleared" if facts.cleared else "", "dim", 3),
        Piece(f"{facts.dropped:,} oldest dropped" if facts.dropped else "", "warn", 3),
        Piece(rate(facts.rate) if facts.rate else "", "plain", 4),
        Piece(sparkline(facts.history, 20).strip(), "good", 5),
    )


def _mode(facts: LogFacts) -> str:
    if facts.paused:
        return f"║ paused, +{facts.new:,} new" if facts.new else "║ paused"
    if facts.following:
        return "▼ following"
    return f"▲ reading, +{facts.new:,} new" if facts.new else "▲ reading"
