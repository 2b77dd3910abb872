"""What can be done with the body of a draft as a whole."""

from __future__ import annotations

from stomptui.compose.draft_model import DraftModel
from stomptui.compose.header_text import pasted
from stomptui.compose.send_state import SendState
from stomptui.ui.widgets.compose.outcome_line import OutcomeLine
from stomptui.ui.widgets.compose.part_titles import ComposeTab
from stomptui.ui.widgets.compose.parts import DraftParts


class BodyActions:
    """A controller for the body in the compose pane.

    Args:
        model: The draft.
        parts: Where it is edited.
        outcome: Where it is said what was found, or why nothing was done.
    """

    def __init__(self, model: DraftModel, parts: DraftParts, outcome: OutcomeLine) -> None:
        self._model = model
        self._parts = parts
        self._outcome = outcome

    def action_body_file(self) -> None:
        self._parts.show_tab(ComposeTab.BODY)
        self._parts.body.ask_path()

    def action_format(self) -> None:
        if (why := self._parts.body.format()) is not None:
            self._outcome.show(SendState.PROBLEM, f"not formatted: {why}")

    def minify(self) -> None:
        """Take the blanks between the tokens of a JSON body out."""
        if (why := self._parts.body.minify()) is not None:
            self._outcome.show(SendState.PROBLEM, f"not minified: {why}")

    def check_json(self) -> None:
        """Say whether the body is JSON, and go to what is wrong with it."""
        self._parts.show_tab(ComposeTab.BODY)
        fine, text = self._parts.body.check_json()
        self._outcome.show(SendState.NOTE if fine else SendState.PROBLEM, text)

    def take_apart(self) -> None:
        """Make a message of the one that was pasted into the body; the draft is kept among the earlier ones."""
        body = self._model.draft.body
        if isinstance(body, str) and (found := pasted(body)).lines:
            self._model.take_up(found.draft())
            left_out = f"; left out: {', '.join(found.not_kept)}" if found.not_kept else ""
            self._parts.taken(f"what was here is among the earlier drafts{left_out}")
