"""The columns of the table of queues: what fits at which width, numbers cut to cells, and bars."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

UNKNOWN = "–"
EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
"""The last cell of a bar, by how many eighths of it are filled."""


class Column(NamedTuple):
    """One column of numbers or words behind the name."""

    field: str
    """What of a queue it shows."""
    title: str
    cells: int


WIDE, USUAL, NARROW = 100, 70, 50
"""Cells of a table from which on its columns have more space."""
MARK = 2
"""Cells before the name, for the sign of a dead-letter queue."""
SHORTEST_NAME, SHORTEST_NOTE = 12, 12
BAR, CHANGE, MINUTE = "bar", "change", "minute"
LEAVING = (MINUTE, "kind", CHANGE, "rate_out", "rate_in", BAR, "held", "consumers")
"""Columns that leave when names have no space, the first of them first."""


class QueueColumns(NamedTuple):
    """Cells of the name and of the note, 0 where it is left out, and the columns between them."""

    name: int
    between: tuple[Column, ...]
    note: int


def _columns(width: int) -> tuple[Column, ...]:
    """All columns between name and note, as wide as they are in a table of that many cells."""
    wide, usual, narrow = width >= WIDE, width >= USUAL, width >= NARROW
    count, rate = (9, 7) if wide else (7, 6) if usual else (7, 5)
    return (
        Column("kind", "type", 9 if wide else 7),
        Column("ready", "ready", 11 if wide else 9 if usual else 7),
        Column(BAR, "", 10 if wide else 6 if usual or narrow else 4),
        Column("held", "unacked", count),
        Column("consumers", "consumers" if wide else "cons.", 9 if wide else 5),
        Column("rate_in", "in/s", rate),
        Column("rate_out", "out/s", rate),
        Column(CHANGE, "change/s", 8),
        Column(MINUTE, "last minute", 12),
    )


def columns_for(width: int, longest: int, noted: bool = True, unknown: Collection[str] = ()) -> QueueColumns:
    """The columns for a table.

    Args:
        width: Cells of a line.
        longest: Cells of the longest name.
        noted: Whether any queue has a note.
        unknown: Columns that the broker does not fill for any queue.
    """
    between = [column for column in _columns(width) if column.field not in unknown]
    wanted = min(max(longest, SHORTEST_NAME), max(SHORTEST_NAME, width // 4))

    def space() -> int:
        return width - MARK - sum(column.cells + 1 for column in between)

    for field in LEAVING:
        if space() >= wanted:
            break
        between = [column for column in between if column.field != field]
    # Numbers stand near the names they belong to, and what is left over goes to the notes.
    name = max(0, min(space(), max(longest, SHORTEST_NAME)))
    note = space() - name - 2
    if note < SHORTEST_NOTE:
        return QueueColumns(max(0, space()), tuple(between), 0)
    return QueueColumns(name, tuple(between), note if noted else 0)


def bar_text(count: int | None, deepest: int, cells: int) -> str:
    """A bar of at most that many cells: all of them for the deepest queue, a thin sign for one with a few messages."""
    if not count or deepest <= 0 or cells <= 0:
        return ""
    eighths = max(1, min(cells * 8, round(count * cells * 8 / deepest)))
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8]


def change_text(change: float | None) -> str:
    """Messages a second by which a queue grows or shrinks, in at most eight cells: "+0.2", "-98.3k", "0"."""
    text = rate_text(None if change is None else abs(change), 7)
    return text if not change or change is None else f"{'+' if change > 0 else '-'}{text.removeprefix('<')}"


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
