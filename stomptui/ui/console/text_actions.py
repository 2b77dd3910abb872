"""What the menu of the compose pane does with headers and body as text."""

from __future__ import annotations

from stomptui.compose.draft import HeaderLine
from stomptui.compose.pasted_frame import begins_as_frame
from stomptui.ui.console.composing import Composing


def edit_headers(composing: Composing) -> None:
    """Edit the whole list of header lines as text."""
    # What only a dialog needs is imported where it is opened.
    from stomptui.ui.dialogs.headers_text import HeadersTextScreen

    def answered(lines: list[HeaderLine] | None) -> None:
        if lines is not None:
            composing.pane.set_headers(lines)

    composing.screen.app.push_screen(HeadersTextScreen(composing.pane.draft.headers), answered)


def take_apart(composing: Composing) -> None:
    """Make a message of the frame in the body."""
    composing.pane.take_body_apart()


def no_frame(composing: Composing) -> str:
    """Why the body cannot be taken apart, "" if it can."""
    body = composing.pane.draft.body
    return "" if isinstance(body, str) and begins_as_frame(body[:2000]) else "the body is no SEND or MESSAGE frame"
