"""The saved messages under the subscriptions: one click, or Enter, and one is in the compose pane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from textual import on
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from stomptui.protocol.clean import clean

SHOWN = 100
"""Messages listed; the list of its own finds the others."""


class SavedRow(NamedTuple):
    """A saved message as it is listed."""

    title: str
    path: Path


class SavedList(OptionList):
    """Titles below a heading; takes no space while nothing is saved.

    Args:
        chosen: Called with the file of the message that is to be opened.
        more: Called when the whole list is asked for, by the heading or the last line.
    """

    DEFAULT_CSS = """
    SavedList {
        dock: bottom;
        height: auto;
        max-height: 40%;
        display: none;
        background: transparent;
        border: none;
        padding: 0;
        scrollbar-size-vertical: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &:focus { border: none; }
    }
    """

    def __init__(self, chosen: Callable[[Path], None], more: Callable[[], None]) -> None:
        super().__init__(id="saved-list")
        self._chosen = chosen
        self._more = more
        self._rows: list[SavedRow] = []

    def show(self, rows: Sequence[SavedRow], key: str) -> None:
        """Show these.

        Args:
            rows: The messages.
            key: The key of the list of its own.
        """
        here = self._rows[self.highlighted - 1].title if self.highlighted else ""
        self._rows = list(rows[:SHOWN])
        self.clear_options()
        # What is shown of a heading is an option too, so that the whole list is a click away.
        self.add_option(Option(Content.styled(f" Saved messages  {key}", "$text-muted")))
        self.add_options([Option(Content(f" {clean(row.title)}")) for row in self._rows])
        if (more := len(rows) - SHOWN) > 0:
            self.add_option(Option(Content.styled(f" and {more:,} more", "$text-muted")))
        self.display = bool(rows)
        titles = [row.title for row in self._rows]
        self.highlighted = titles.index(here) + 1 if here in titles else min(1, len(titles))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if 0 < event.option_index <= len(self._rows):
            self._chosen(self._rows[event.option_index - 1].path)
        else:
            self._more()
