"""The columns of the table of queues: what fits at which width, and numbers cut to cells."""

from __future__ import annotations

from typing import NamedTuple

UNKNOWN = "–"


class Column(NamedTuple):
    """One column of numbers or words behind the name."""

    field: str
    """What of a queue it shows."""
    title: str
    cells: int


KIND = Column("kind", "type", 7)
NOTE = "note"
_WIDE = (
    KIND._replace(cells=9),
    Column("ready", "ready", 11),
    Column("held", "unacked", 9),
    Column("consumers", "consumers", 9),
    Column("rate_in", "in/s", 7),
    Column("rate_out", "out/s", 7),
)
_USUAL = (
    KIND,
    Column("ready", "ready", 9),
    Column("held", "unacked", 7),
    Column("consumers", "cons.", 5),
    Column("rate_in", "in/s", 6),
    Column("rate_out", "out/s", 6),
)
_NARROW = (
    Column("ready", "ready", 7),
    Column("held", "unacked", 7),
    Column("consumers", "cons.", 5),
    Column("rate_in", "in/s", 5),
    Column("rate_out", "out/s", 5),
)
_TINY = _NARROW[:3]
MARK = 2
"""Cells before the name, for the sign of a dead letter queue."""
SHORTEST_NAME, SHORTEST_NOTE = 12, 12


class QueueColumns(NamedTuple):
    """Cells of the name and of the note, 0 where it is left out, and the columns between them."""

    name: int
    between: tuple[Column, ...]
    note: int


def columns_for(width: int, longest: int, noted: bool = True) -> QueueColumns:
    """The columns for a table of that many cells and its longest name; `noted` says whether any queue has a note."""
    between = _WIDE if width >= 100 else _USUAL if width >= 70 else _NARROW if width >= 50 else _TINY
    room = width - MARK - sum(column.cells + 1 for column in between)
    # Numbers stand near the names they belong to, and what is left over goes to the notes.
    name = max(0, min(room, max(longest, SHORTEST_NAME)))
    note = room - name - 2
    if note < SHORTEST_NOTE:
        return QueueColumns(max(0, room), between, 0)
    return QueueColumns(name, between, note if noted else 0)


def count_text(count: int | None, cells: int) -> str:
    """A count in at most that many cells, 5 or more: "0", "1,203", "12.3M"; "–" if it is not known."""
    if count is None:
        return UNKNOWN
    text = f"{count:,}"
    if len(text) <= cells:
        return text
    value = float(count)
    for unit in ("k", "M", "G", "T", "P", "E"):
        value /= 1000
        text = f"{value:.1f}{unit}" if value < 99.95 else f"{value:,.0f}{unit}"
        if value < 999.5:
            break
    return text


def rate_text(rate: float | None, cells: int) -> str:
    """Messages a second in at most that many cells: "0", "0.2", "412", "98.3k"; "–" if it is not known."""
    if rate is None:
        return UNKNOWN
    if rate == 0:
        return "0"
    if rate < 0.05:
        return "<0.1"
    return f"{rate:.1f}" if rate < 9.95 else count_text(round(rate), cells)
