"""Comparing messages of a list, or one of them with a draft."""

from __future__ import annotations

import time
from typing import Any

from textual.screen import Screen

from stomptui.compose.draft import Draft
from stomptui.journal.compare.comparison import ComparedMessage
from stomptui.journal.entry import Entry, RowKind
from stomptui.journal.journal import Journal
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.queues.messages import QueueList


def compare_chosen(screen: Screen[Any], journal: Journal, log: MessageLog) -> None:
    """Compare the two marked rows, or the marked one with that under the cursor; says so if there are no two.

    Args:
        screen: Over which it is shown.
        journal: The record that the list shows.
        log: The list.
    """
    from stomptui.ui.compare.screen import CompareScreen

    marked = log.marks.there(journal)
    chosen = [*marked, log.row] if len(marked) == 1 and log.row not in (None, *marked) else marked
    entries = [entry for number in chosen if number is not None and (entry := journal.get(number)) is not None]
    if len(chosen) != 2 or len(entries) != 2:
        mark = key_of(log, "queue.mark" if isinstance(log, QueueList) else "log.mark")
        screen.notify(
            f"Two messages are compared: mark both ({mark}), or mark one and go to the other. "
            f"{len(marked):,} {'is' if len(marked) == 1 else 'are'} marked.",
            severity="warning",
        )
        return
    if any(entry.frame is None for entry in entries):
        screen.notify("Only frames can be compared: one of these rows is a note.", severity="warning")
        return
    sides = tuple(_side(entry, log) for entry in entries)
    screen.app.push_screen(CompareScreen(lambda: (sides[0], sides[1])))


def compare_draft(screen: Screen[Any], journal: Journal, log: MessageLog, draft: Draft, version: str) -> None:
    """Compare a draft, as it stands, with the message that it takes the place of, or the row under the cursor.

    Args:
        screen, journal, log: As of `compare_chosen`.
        draft: The draft, a copy that no typing changes.
        version: The STOMP version that it would be sent in.
    """
    from stomptui.ui.compare.screen import CompareScreen

    row = row_to_compare(journal, log)
    if draft.repairs is not None and not draft.repairs.lapsed:
        other = ComparedMessage(f"the original in {shown(draft.repairs.queue)}", draft.repairs.message, False)
    elif row is not None:
        other = _side(row, log)
    else:
        return

    def make() -> tuple[ComparedMessage, ComparedMessage]:
        unfilled = ", {{…}} not filled in" if draft.variables and "{{" in str(draft) + str(draft.body) else ""
        return ComparedMessage(f"the draft{unfilled}", Frame(draft.preview(version)[:-1], version), True), other

    screen.app.push_screen(CompareScreen(make))


def row_to_compare(journal: Journal, log: MessageLog) -> Entry | None:
    """The row under the cursor, None where that is none with a frame."""
    row = journal.get(log.row) if log.row is not None else None
    return row if row is not None and row.frame is not None else None


def _side(entry: Entry, log: MessageLog) -> ComparedMessage:
    frame = entry.frame
    assert frame is not None
    if isinstance(log, QueueList):
        which = f"message {entry.number - log.base + 1}"
    else:
        which = time.strftime("%H:%M:%S", time.localtime(entry.when)) + f".{int(entry.when % 1 * 1000):03d}"
    destination = frame.get("destination")
    parts = (frame.command, shown(destination) if destination else "", which)
    return ComparedMessage(" ".join(filter(None, parts)), frame, entry.kind is RowKind.SENT)
