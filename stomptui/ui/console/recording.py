"""Writes into the history what was sent and what became of it, in order and off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from textual.screen import Screen

from stomptui.compose.draft import Draft
from stomptui.compose.history import History
from stomptui.compose.sent_draft import Became, Sending
from stomptui.ui.widgets.compose.pane import ComposePane


class Recording:
    """A controller that keeps the history, and shows it in the compose pane.

    Args:
        screen: The screen with the pane.
        pane: The pane.
        history: The history.
    """

    def __init__(self, screen: Screen[Any], pane: ComposePane, history: History) -> None:
        self._screen = screen
        self._pane = pane
        self._history = history
        self._thread: ThreadPoolExecutor | None = None
        self._leaving = False

    def load(self) -> None:
        """Read the history of earlier days."""
        self._do(self._history.load)

    def sent(self, draft: Draft, sending: Sending) -> None:
        """A draft was sent."""
        self._do(lambda: _listed(self._history.add(draft, sending)))

    def settled(self, sending: Sending, became: Became, words: str) -> None:
        """It is known what became of it."""
        self._do(lambda: _listed(self._history.settle(sending, became, words)))

    def leave(self) -> None:
        """The program ends: what is written from now on is not shown any more."""
        self._leaving = True

    def close(self) -> None:
        """The screen is over; what was begun is written all the same."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.shutdown(wait=False)

    def _do(self, work: Callable[[], list[str]]) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "stomptui-history")
        # It is done even if the program ends now.
        done = self._thread.submit(work)
        if not self._leaving:
            self._screen.run_worker(self._show_after(done))

    async def _show_after(self, done: Future[list[str]]) -> None:
        problems = await asyncio.wrap_future(done)
        entries = list(self._history.entries)
        self._pane.set_history([entry.draft for entry in entries], entries)
        for problem in problems:
            self._screen.notify(problem, title="Earlier drafts", severity="warning", markup=False)


def _listed(problem: str | None) -> list[str]:
    return [problem] if problem else []
