"""Opens raw mode with the draft in hand, or with the raw frame that was left there."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.compose.draft import Draft
from stomptui.compose.raw_frame import MOST, to_text
from stomptui.config.secret_names import secret_spans
from stomptui.ui.widgets.reveal import shows_secrets

LEFT, DRAFT = "left", "draft"


class RawFrames:
    """Opens raw mode, and keeps what is typed there as long as the program runs.

    Args:
        screen: Over which it is shown.
        console: Whose broker it is.
    """

    def __init__(self, screen: Screen[Any], console: Console) -> None:
        self._screen = screen
        self._console = console
        self._begun = ""
        """What was last begun with."""
        self._text = ""
        """What was typed last."""

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
        if self._text in ("", self._begun, text):
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
        self._show(text)

    def _show(self, text: str) -> None:
        from stomptui.ui.raw.screen import RawScreen

        main = self._console.main_connection
        broker = main.connection.where if main is not None else ""
        self._screen.app.push_screen(RawScreen(text, self._console.side_connections, broker, self._keep))

    def _keep(self, text: str) -> None:
        self._text = text
