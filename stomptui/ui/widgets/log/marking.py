"""Marking rows of a log: one, a range, or all that the filter shows."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.ui.widgets.log.view import LogView


class Marking:
    """A controller with the keys for marks.

    Args:
        log: The log.
        go_down: Moves the cursor one row down.
        changed: Called when other rows are marked.
    """

    def __init__(self, log: LogView, go_down: Callable[[], object], changed: Callable[[], object]) -> None:
        self._log = log
        self._go_down = go_down
        self._changed = changed
        self._all_later: str | None = None
        """The filter of which the person wants all rows marked once it is done, None while it is of none."""
        log.filter_steps.when_done = self._filter_done

    def chosen(self) -> list[int]:
        """The marked rows that are there, in order; without marks the one under the cursor."""
        log = self._log
        marked = log.marks.there(log.journal)
        return marked if marked or log.row is None else [log.row]

    def action_mark(self) -> None:
        """Mark the row under the cursor, or unmark it, and go one down."""
        log = self._log
        if log.row is None:
            return
        log.marks.toggle(log.row)
        self._repaint()
        self._go_down()
        log.following = False

    def action_mark_range(self) -> None:
        """Mark all shown rows from the last mark, or the first row, to the cursor."""
        log = self._log
        if log.row is not None:
            log.marks.mark_to(log.row, log.rows)
            self._repaint()

    def action_mark_all(self) -> None:
        """Mark every row that the filter shows, once it has looked at all that are there now."""
        log = self._log
        self._all_later = log.needle if log.searching else None
        if log.searching:
            log.notify("All rows found will be marked when the filter is done.")
            return
        log.marks.mark_all(log.rows)
        self._repaint()

    def action_unmark(self) -> None:
        """Mark nothing."""
        self._all_later = None
        self._log.marks.clear()
        self._repaint()

    def _filter_done(self) -> None:
        wanted, self._all_later = self._all_later, None
        if wanted is not None and wanted == self._log.needle:
            self.action_mark_all()

    def _repaint(self) -> None:
        self._log.painting.repaint()
        self._changed()
