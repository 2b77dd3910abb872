"""The body in the person's own editor."""

from __future__ import annotations

import subprocess

from textual.app import SuspendNotSupported
from textual.screen import Screen

from stomptui.compose.draft import Draft
from stomptui.compose.editor import BodyFile, EditorError, editor_command
from stomptui.ui.widgets.compose_pane import ComposePane


def edit_in_editor(screen: Screen[None], pane: ComposePane, draft: Draft) -> None:
    """Give the terminal to the editor, wait, and take the body back."""
    try:
        command = editor_command()
        with BodyFile(draft.body, draft.content_type) as file:
            with screen.app.suspend():
                status = subprocess.run([*command, str(file.path)], check=False).returncode
            body = file.read()
    except SuspendNotSupported:
        pane.show_outcome("problem", "this terminal cannot be lent to an editor")
        return
    except (EditorError, OSError) as error:
        pane.show_outcome("problem", f"no editor: {error}")
        return
    finally:
        screen.refresh()
    if status:
        pane.show_outcome("problem", f"{command[0]} ended with status {status}: the body is as it was")
    elif body is not None:
        pane.set_body(body)
