"""The field that narrows the list of queues while one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen
from textual.widgets import Input

from stomptui.ui.widgets.queues.table import QueueTable
from stomptui.ui.widgets.text.fields import Field


class QueueFilter:
    """A controller for the filter and for the way back.

    Args:
        screen: Has the field, under the id "filter", and is left once there is no filter to leave.
        table: Shows only what matches.
        changed: Called when other rows are shown.
    """

    def __init__(self, screen: Screen[Any], table: QueueTable, changed: Callable[[], object]) -> None:
        self._screen = screen
        self._table = table
        self._changed = changed

    @property
    def _field(self) -> Field:
        return self._screen.query_one("#filter", Field)

    def handle(self, event: Input.Changed | Input.Submitted) -> None:
        """React to what is typed into the field."""
        event.stop()
        if isinstance(event, Input.Submitted):
            self._leave()
        else:
            self._table.search(event.value)
            self._changed()

    def clear(self) -> None:
        """Show all queues."""
        self._field.value = ""
        self._table.search("")
        self._leave()

    def _leave(self) -> None:
        field = self._field
        field.set_class(bool(field.value), "-open")
        self._table.focus()

    def action_filter(self) -> None:
        self._field.add_class("-open")
        self._field.focus()

    def action_back(self) -> None:
        """Out of the filter, then out of the screen."""
        if self._field.has_focus or self._field.value:
            self.clear()
        else:
            self._screen.dismiss(None)

    def action_leave(self) -> None:
        self._screen.dismiss(None)
