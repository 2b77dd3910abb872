"""Editing the body in the person's own editor ($EDITOR)."""

from __future__ import annotations

import signal

from textual.app import SuspendNotSupported
from textual.screen import Screen

from stomptui.compose.draft import Draft
from stomptui.compose.editor import BodyFile, EditorError, editor_command
from stomptui.compose.send_state import SendState
from stomptui.config.in_browser import in_browser
from stomptui.ui.app_messages import EndedMeanwhile
from stomptui.ui.terminal.lending import Lent, run_on_terminal
from stomptui.ui.widgets.compose.pane import ComposePane


def edit_in_editor(screen: Screen[None], pane: ComposePane, draft: Draft) -> None:
    """Give the terminal to the editor, wait, and take the body back."""
    try:
        command = editor_command()
        with BodyFile(draft.body, draft.content_type) as file:
            lent = run_on_terminal(screen.app, [*command, str(file.path)])
            if lent.asked_to_end:
                kept = str(file.path) if file.keep() else ""
                screen.post_message(EndedMeanwhile(lent.asked_to_end, kept))
                return
            if lent.status:
                pane.show_outcome(SendState.PROBLEM, _not_taken(command[0], lent, file))
                return
            body = file.read()
    except SuspendNotSupported:
        place = "a browser tab" if in_browser() else "this terminal"
        pane.show_outcome(SendState.PROBLEM, f"{place} cannot be lent to an editor")
        return
    except (EditorError, OSError) as error:
        pane.show_outcome(SendState.PROBLEM, f"no editor: {error}")
        return
    finally:
        screen.refresh()
    if body is not None:
        pane.set_body(body)


def _not_taken(editor: str, lent: Lent, file: BodyFile) -> str:
    if lent.status > 0:
        return f"{editor} ended with status {lent.status}: the body is as it was"
    # Nobody chose to give up what the editor had saved.
    saved = f"; what was saved is in {file.path}" if file.changed and file.keep() else ""
    return f"{editor} was ended by {_name(-lent.status)}: the body is as it was{saved}"


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
