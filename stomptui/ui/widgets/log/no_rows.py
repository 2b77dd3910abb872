"""What the log says in place of rows where a filter or a pause shows none."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.journal.visible_rows import VisibleRows
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.empty_state import EmptyText

NAMED = 40
"""Characters of the filter that are named where nothing contains it."""


def no_rows_text(rows: VisibleRows, paused: bool, key_of: Callable[[str], str]) -> EmptyText | None:
    """Why there is no row to show though there could be; None if there are rows, or simply none.

    Args:
        rows: The rows that could be shown.
        paused: Whether the view is paused.
        key_of: From the name of a key in the table of keys to the key that the person chose.
    """
    if len(rows):
        return None
    if rows.filter is not None:
        needle = rows.filter.text
        word = clean(needle if len(needle) <= NAMED else needle[: NAMED - 1] + "…")
        if rows.searching:
            return EmptyText(f"Searching for '{word}' …")
        where = " before the pause" if rows.count_from(0) else ""
        return EmptyText(f"No rows{where} contain '{word}'. {key_of('console.back')} shows all")
    if not len(rows.journal):
        return None
    if not paused:
        return EmptyText(f"{len(rows.journal):,} rows are hidden: the numbers in the lower border show them")
    return EmptyText(f"Paused, and the rows shown then are gone. {key_of('log.pause')} resumes")
