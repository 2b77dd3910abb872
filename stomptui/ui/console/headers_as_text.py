"""Editing all header lines of the draft as text."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from stomptui.compose.draft import HeaderLine
from stomptui.ui.widgets.compose.pane import ComposePane


def edit_headers_as_text(screen: Screen[Any], pane: ComposePane) -> None:
    """Edit the whole list of header lines as text, over a screen."""
    # What only a dialog needs is imported where it is opened.
    from stomptui.ui.dialogs.headers_text import HeadersTextScreen

    def answered(lines: list[HeaderLine] | None) -> None:
        if lines is not None:
            pane.set_headers(lines)

    screen.app.push_screen(HeadersTextScreen(pane.draft.headers), answered)
