"""Opens raw mode with the draft in hand, or with the raw frame that was left there."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.compose.draft import Draft
from stomptui.compose.kept_raw_frame import KeptRawFrame
from stomptui.compose.raw_frame import MOST, to_text
from stomptui.config.secret_names import secret_spans
from stomptui.ui.widgets.reveal import shows_secrets

AFTER = 0.5
"""Seconds after a change at which it is kept."""
LEFT, DRAFT = "left", "draft"


class RawFrames:
    """Opens raw mode, and keeps what is typed there as long as the program runs.

    Args:
        screen: Over which it is shown.
        console: Whose broker it is.
        kept: Keeps it on disk as well, until it was sent.
    """

    def __init__(self, screen: Screen[Any], console: Console, kept: KeptRawFrame) -> None:
        self._screen = screen
        self._console = console
        self._kept = kept
        self._begun = ""
        """What was last begun with, or sent."""
        self._text = ""
        """What was typed last."""
        self._sent_once = False
        """Whether what is there was sent: as it differs from the draft, it is offered again."""
        self._due = False
        self._told = ""
        """The problem that was told last."""

    def begin(self) -> None:
        """Bring back what was typed and not sent when a console ended."""
        self._screen.run_worker(self._take_up, thread=True)

    def _take_up(self) -> None:
        try:
            text = self._kept.take_up()
        except OSError:
            # That of the drafts says so.
            return
        if text:
            self._screen.app.call_from_thread(self._came_back, text)

    def _came_back(self, text: str) -> None:
        self._text = self._text or text
        self._screen.notify(
            "A raw frame that was not sent is back: it is offered where raw frames are edited.", title="Compose"
        )

    def open(self, draft: Draft) -> None:
        """Edit a draft as a raw frame; one that was changed and left is offered."""
        self._screen.run_worker(self._open(draft))

    async def _open(self, draft: Draft) -> None:
        app, version = self._screen.app, self._console.version
        # The body may come from a file.
        data = await asyncio.to_thread(lambda: draft.preview(version) if draft.size(version) <= MOST else b"")
        if not data:
            self._screen.notify(
                f"Raw mode edits frames of up to {MOST:,} bytes: this one is larger.", severity="warning"
            )
            return
        text = to_text(data)
        if not self._text or self._text == text or (self._text == self._begun and not self._sent_once):
            self._ask_about_secrets(draft, text)
            return
        from stomptui.ui.dialogs.choice import Choice, ChoiceScreen

        choices = [
            Choice(LEFT, "the raw frame that you left", f"{len(self._text):,} characters"),
            Choice(DRAFT, "the draft in hand", "what you left is given up"),
        ]

        def chosen(value: str | None) -> None:
            if value == LEFT:
                self._show(self._text)
            elif value == DRAFT:
                self._ask_about_secrets(draft, text)

        app.push_screen(ChoiceScreen("Edit which one byte for byte?", choices, LEFT), chosen)

    def _ask_about_secrets(self, draft: Draft, text: str) -> None:
        """Where every byte is typed, a secret stands as it is."""
        names = [line.name for _, line in draft.lines() if secret_spans(line.name, line.value)]
        if not names or shows_secrets(self._screen):
            self._begin(text)
            return
        from stomptui.ui.dialogs.confirm import ConfirmScreen

        question = ConfirmScreen(
            "Show the secrets of this draft?", yes="Show", no="Cancel",
            detail=f"In raw mode every byte stands as it is, that of {', '.join(dict.fromkeys(names))} too. "
            "In the log it is masked as ever.",
        )  # fmt: skip
        self._screen.app.push_screen(question, lambda yes: self._begin(text) if yes else None)

    def _begin(self, text: str) -> None:
        self._begun = text
        self._sent_once = False
        self._show(text)

    def _show(self, text: str) -> None:
        from stomptui.ui.raw.screen import RawScreen

        main = self._console.main_connection
        broker = main.connection.where if main is not None else ""
        connections = self._console.side_connections
        self._screen.app.push_screen(
            RawScreen(text, connections, broker, self._console.dialect.ends_over, self._typed, self._sent)
        )

    def _typed(self, text: str) -> None:
        self._text = text
        self._keep_soon()

    def _sent(self, text: str) -> None:
        self._begun = text
        self._sent_once = True
        self._keep_soon()

    def _keep_soon(self) -> None:
        if not self._due:
            self._due = True
            self._screen.set_timer(AFTER, self._keep)

    @property
    def _unsent(self) -> str:
        return self._text if self._text != self._begun else ""

    def _keep(self) -> None:
        self._due = False
        text = self._unsent

        def keep() -> None:
            if (problem := self._kept.keep(text)) is not None:
                self._screen.app.call_from_thread(self._warn, problem)

        self._screen.run_worker(keep, thread=True, group="raw")

    def _warn(self, problem: str) -> None:
        if problem != self._told:
            self._told = problem
            self._screen.notify(problem, title="Raw frame", severity="warning", markup=False)

    async def close(self) -> None:
        """Keep what was typed last, and let go of the file."""
        text = self._unsent

        def last() -> None:
            self._kept.keep(text)
            self._kept.close()

        await asyncio.get_running_loop().run_in_executor(None, last)
