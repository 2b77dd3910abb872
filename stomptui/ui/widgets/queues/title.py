"""What stands in the edges of the pane of queues: how many, how deep, dead letters, who reported it and when."""

from __future__ import annotations

from dataclasses import dataclass

from stomptui.protocol.clean import clean
from stomptui.protocol.durations import rough_age
from stomptui.ui.widgets.pane.edge import Piece


@dataclass(frozen=True)
class ListFacts:
    """What the edges show. Counts are queues and messages, None where the broker does not tell."""

    total: int | None = None
    """None before the first answer."""
    shown: int = 0
    needle: str = ""
    ready: int | None = None
    unacked: int | None = None
    dead_queues: int = 0
    """Dead-letter queues that hold messages."""
    dead_letters: int = 0
    """Messages in them."""
    source: str = ""
    age: float = 0.0
    """Seconds since the broker was asked."""
    asking: bool = False
    failed: bool = False
    """Whether the latest asking failed, so that what is shown is older than it should be."""


def queues_title(facts: ListFacts) -> tuple[Piece, ...]:
    """What stands in the upper edge of the pane of queues."""
    if facts.total is None:
        return (Piece("Queues", "title"), Piece("asking the broker …" if facts.asking else "", "dim", 1))
    if facts.needle:
        count = Piece(f"{facts.shown:,} of {facts.total:,}", "warn", 1)
    else:
        count = Piece(f"{facts.total:,}", "plain", 1)
    return (
        Piece("Queues", "title"),
        count,
        Piece(f"{facts.ready:,} ready" if facts.ready is not None else "", "plain", 3),
        Piece(f"{facts.unacked:,} unacked" if facts.unacked else "", "plain", 4),
        Piece(_dead_text(facts), "error", 2),
    )


def _dead_text(facts: ListFacts) -> str:
    if not facts.dead_queues:
        return ""
    if facts.dead_queues == 1:
        return f"1 dead-letter queue holds {facts.dead_letters:,}"
    return f"{facts.dead_queues:,} dead-letter queues hold {facts.dead_letters:,}"


def queues_foot(facts: ListFacts, width: int, *hints: Piece) -> tuple[Piece, ...]:
    """What stands in the lower edge of the pane of queues: hints, who reported the numbers, and how long ago.

    Args:
        facts: What is known.
        width: Cells of the pane.
        hints: What can be done there.
    """
    if facts.total is None:
        return ()
    source = clean(facts.source)
    # Where it is matters less than who it is.
    source = source if width >= 100 else source.partition(" at ")[0]
    return (*hints, Piece(f"{source} ·" if source and width >= 50 else "", "dim", 2), _age(facts))


def _age(facts: ListFacts) -> Piece:
    ago = f"{rough_age(facts.age)} ago" if facts.age >= 2 else "just now"
    if facts.failed:
        return Piece(f"✗ not refreshed, as of {ago}", "error", joined=True)
    return Piece(f"{ago}, asking …" if facts.asking and facts.age >= 4 else ago, "dim", joined=True)
