"""The columns of the log at each width, and how text, sizes and times are cut to cells."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size


class TimeMode(Enum):
    """How the time of a row is shown; the value is its name on disk."""

    MILLISECONDS = "milliseconds"
    SECONDS = "seconds"
    SINCE = "since"
    """Since the row before."""


CLOCK_CELLS = {TimeMode.MILLISECONDS: 12, TimeMode.SECONDS: 8, TimeMode.SINCE: 8}
SHORTEST_NAME = 12
"""Cells of the column of destinations where all are short."""
SIZE_CELLS = 7
KIND_CELLS = 4
SHORTEST_VALUE = 6
"""Cells of the column of a header where all of its values are short."""
LEAST_PREVIEW = 14
"""Cells that the body keeps beside the column of a header; where there are fewer, that column is left out."""


@dataclass(frozen=True)
class WantedColumns:
    """What a person, and the rows that were painted, want of the columns."""

    times: TimeMode = TimeMode.MILLISECONDS
    header: str | None = None
    """The name of the header that has a column of its own, None for no such column."""
    destination: int = 0
    """Cells that the longest destination wants."""
    value: int = 0
    """Cells that the longest value of the header, or its name, wants."""


class LogColumns(NamedTuple):
    """Cells of each column; 0 where a column is left out. One cell lies between two columns."""

    time: int
    destination: int
    size: int
    kind: int
    header: int
    preview: int
    outcome: int
    """Cells at most for the outcome of a sent frame, taken from the preview of its row."""


def widest_name(width: int) -> int:
    """Cells that the column of destinations has at most in a log of that width."""
    if width < 72:
        return max(8, min(20, width * 3 // 10))
    return 18 if width < 90 else 24 if width < 130 else 32 if width < 170 else 40


def header_cells(free: int, value: int) -> int:
    """Cells of the column of a header, 0 where it is left out.

    Args:
        free: Cells that it shares with the body and one between them.
        value: Cells that its longest value, or its name, wants.
    """
    most = min(40, free // 2, free - 1 - LEAST_PREVIEW)
    return min(most, max(SHORTEST_VALUE, value)) if most >= SHORTEST_VALUE else 0


def columns_for(width: int, wanted: WantedColumns) -> LogColumns:
    """The columns for a log of that many cells."""
    clock, size, kind = (8, 0, 0) if width < 72 else (CLOCK_CELLS[wanted.times], SIZE_CELLS, KIND_CELLS)
    destination = min(widest_name(width), max(SHORTEST_NAME, wanted.destination))
    used = clock + 1 + 1 + 1 + destination + 1 + (size + 1 if size else 0) + (kind + 1 if kind else 0)
    header = header_cells(width - used, wanted.value) if wanted.header is not None else 0
    used += header + 1 if header else 0
    return LogColumns(clock, destination, size, kind, header, max(0, width - used), 1 if width < 72 else 14)


def fit(text: str, cells: int) -> str:
    """Text in exactly that many cells, with an ellipsis where something was cut off at its end."""
    length = len(text) if text.isascii() else cell_len(text)
    if length <= cells:
        return text + " " * (cells - length)
    if cells <= 0:
        return ""
    return (text[: cells - 1] if text.isascii() else set_cell_size(text, cells - 1)) + "…"


def fit_name(text: str, cells: int) -> str:
    """A destination in exactly that many cells, cut in the middle: both of its ends tell it apart."""
    if not text.isascii() or len(text) <= cells or cells < 12:
        return fit(text, cells)
    tail = cells * 3 // 5
    return text[: cells - tail - 1] + "…" + text[-tail:]


def size_text(size: int) -> str:
    """Bytes for people, in at most seven cells: "64 B", "1.2 kB", "20.0 MB"."""
    if size < 1000:
        return f"{size} B"
    for unit in ("kB", "MB"):
        size_in_unit = size / 1000
        if size_in_unit < 999.95:
            return f"{size_in_unit:.1f} {unit}" if size_in_unit < 99.95 else f"{size_in_unit:.0f} {unit}"
        size = round(size_in_unit)
    return f"{size / 1000:.1f} GB"


def time_text(when: float, cells: int) -> str:
    """The local time of day, with milliseconds if there are cells for them."""
    text = time.strftime("%H:%M:%S", time.localtime(when))
    return text if cells < 12 else f"{text}.{int(when % 1 * 1000):03d}"
