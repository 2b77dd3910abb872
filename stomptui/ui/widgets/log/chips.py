"""What stands in the lower edge of the log: which groups of rows are shown, which are hidden and how many."""

from __future__ import annotations

from functools import partial

from stomptui.journal.row_groups import RowGroup
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.pane.edge import Piece


def group_chips(log: MessageLog) -> tuple[Piece, ...]:
    """A text for each group, which a click or its key shows or hides; groups without rows are left out if hidden."""
    journal, hidden = log.journal, log.rows.groups.hidden
    shown: list[Piece] = []
    left_out: list[Piece] = []
    for group in RowGroup:
        click = partial(log.action_group, group.value)
        count = journal.groups.count(group, journal.first, journal.end)
        if group not in hidden:
            label = group.value
            pieces, style, leaves = shown, "plain", 3
        elif count:
            label = f"{group.value} ({count:,})"
            pieces, style, leaves = left_out, "dim", 2
        else:
            continue
        # A digit before a word is read as how many there are.
        pieces.append(Piece(f"[{key_of(log, f'log.{group.value}')}]", "dim", leaves, click))
        pieces.append(Piece(label, style, leaves, click, joined=True))
    if left_out:
        left_out.insert(0, Piece("hidden:", "dim", 1))
    column = Piece(key_of(log, "log.column"), "dim", 4, log.action_column)
    return (*shown, *left_out, column, Piece("column", "plain", 4, log.action_column, joined=True))
