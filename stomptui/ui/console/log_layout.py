"""What the log shows of one broker, as it is remembered: which groups of rows are hidden, which header is a column."""

from __future__ import annotations

from stomptui.config.layout import LogLayout
from stomptui.journal.row_groups import RowGroup
from stomptui.journal.shown_groups import QUIET
from stomptui.ui.widgets.log.message_log import MessageLog


def layout_of(log: MessageLog) -> LogLayout:
    """What a log shows now."""
    hidden = log.rows.groups.hidden
    groups = None if hidden == QUIET else tuple(sorted(group.value for group in hidden))
    return LogLayout(groups, log.header)


def use_layout(log: MessageLog, log_layout: LogLayout) -> None:
    """Let a log show what was remembered."""
    known = {group.value: group for group in RowGroup}
    groups = log_layout.hidden
    hidden = QUIET if groups is None else frozenset(known[name] for name in groups if name in known)
    log.header = log_layout.header
    if hidden != log.rows.groups.hidden:
        log.hide(hidden)
