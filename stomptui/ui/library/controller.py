"""Saving from the compose pane, and opening what was saved there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.screen import Screen

from stomptui.compose.draft import Draft
from stomptui.compose.library.library import Library
from stomptui.compose.library.saved_message import LibraryError
from stomptui.compose.send_state import SendState
from stomptui.config.secret_names import MASK
from stomptui.protocol.names import shown
from stomptui.ui.app_messages import DraftWanted
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.library.changes import LibraryChanges
from stomptui.ui.library.choosing_values import ChoosingValues
from stomptui.ui.terminal.key_order import WAITED_FOR
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.saved_list import SavedList, SavedRow

log = logging.getLogger(__name__)


class SavedMessages:
    """A controller for the saved messages.

    Args:
        screen: The screen with the compose pane.
        pane: The pane.
        library: Where messages are saved.

    Attributes:
        values: Chooses what fills in variables.
        list: Shows what is saved beside the log.
    """

    def __init__(self, screen: Screen[Any], pane: ComposePane, library: Library) -> None:
        self._screen = screen
        self._pane = pane
        self._library = library
        self._changes = LibraryChanges(screen, library)
        self.values = ChoosingValues(screen, pane, library)
        self.list = SavedList(self.open, self.action_saved_messages)

    def refresh(self) -> None:
        """Bring the list beside the log up to date."""
        self._screen.run_worker(self._refresh, thread=True, group="saved messages")

    def _refresh(self) -> None:
        """In a worker's thread."""
        try:
            rows = [SavedRow(entry.title, entry.path) for entry in self._library.entries() if entry.message is not None]
        except LibraryError as error:
            log.warning("the saved messages cannot be read: %s", error)
            return
        self._screen.app.call_from_thread(self._show, rows)

    def _show(self, rows: list[SavedRow]) -> None:
        if self.list.is_mounted:
            self.list.show(rows, key_of(self.list, "console.saved"))

    def action_save_message(self) -> None:
        """Save the draft to where it came from, or ask for a name."""
        self._screen.run_worker(self._save(self._changes.save), group=WAITED_FOR)

    def save_as(self) -> None:
        """Save the draft under another name."""
        self._screen.run_worker(self._save(self._changes.save_new), group=WAITED_FOR)

    async def _save(self, save: Callable[..., Awaitable[bool]]) -> None:
        if await save(self._pane.draft, self._tell):
            self.refresh()
            self._pane.was_saved()

    def _tell(self, text: str, bad: bool) -> None:
        self._pane.show_outcome(SendState.PROBLEM if bad else SendState.NOTE, text)

    def action_saved_messages(self) -> None:
        """List the saved messages, and open the one that is chosen."""
        from stomptui.ui.library.screen import LibraryScreen

        self._screen.app.push_screen(LibraryScreen(self._changes, self._moved), self._chosen)

    def _moved(self, old: Path, new: Path) -> None:
        """The open drafts of a message go on being saved where it went."""
        for tab in self._pane.open_drafts.tabs:
            if tab.draft.saved is not None and tab.draft.saved.path == old:
                self._screen.run_worker(self._follow(tab.draft, new))

    async def _follow(self, draft: Draft, path: Path) -> None:
        try:
            draft.saved = (await asyncio.to_thread(self._library.open, path)).draft.saved
        except LibraryError:
            draft.saved = None

    def _chosen(self, path: Path | None) -> None:
        self.refresh()
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Open a message in the compose pane."""
        self._screen.run_worker(self._open(path), group=WAITED_FOR)

    async def _open(self, path: Path) -> None:
        app = self._screen.app
        try:
            message = await asyncio.to_thread(self._library.open, path)
        except LibraryError as error:
            app.notify(str(error), title="Not opened", severity="error", markup=False)
            return
        draft = message.draft
        missing = [shown(line.name) for line in draft.headers if MASK in line.value]
        about = f": {message.description}" if message.description else ""
        secret = f"; secrets were not saved, type them again: {', '.join(missing)}" if missing else ""
        app.post_message(DraftWanted(replace(draft, saved=draft.saved)))
        app.call_after_refresh(self._pane.show_outcome, SendState.NOTE, f"opened {message.title}{about}{secret}")
