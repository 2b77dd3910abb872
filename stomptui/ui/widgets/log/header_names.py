"""The names of headers that a person may want as a column: those of the message they are at, then those of others."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

from stomptui.journal.journal import Journal
from stomptui.protocol.frame import Frame

MOST_ROWS, MOST_SECONDS = 2_000, 0.02
"""Rows that are looked at, and for how long, the newest first: enough to meet all names that matter."""
WITH_BODY = ("MESSAGE", "SEND", "ERROR")


def header_names(journal: Journal, row: int | None) -> list[tuple[str, str]]:
    """Names of headers, each with an example of its value or how many messages have it, for the person.

    Args:
        journal: The record.
        row: The number of the row under the cursor, None without one.
    """
    counts: Counter[str] = Counter()
    until = perf_counter() + MOST_SECONDS
    for number in range(journal.end - 1, max(journal.first, journal.end - MOST_ROWS) - 1, -1):
        frame = _message(journal, number)
        if frame is not None:
            counts.update({name for name, _ in frame.headers})
        if perf_counter() > until:
            break
    here = _message(journal, row) if row is not None else None
    own = list(dict.fromkeys(name for name, _ in here.headers)) if here is not None else []
    others = [name for name, _ in counts.most_common() if name not in own]
    return [(name, "this message") for name in own] + [
        (name, f"{counts[name]:,} {'message' if counts[name] == 1 else 'messages'}") for name in others
    ]


def _message(journal: Journal, number: int) -> Frame | None:
    """The frame of a row if it is one with a body."""
    entry = journal.get(number)
    frame = entry.frame if entry is not None else None
    return frame if frame is not None and frame.command in WITH_BODY else None
