"""Going back to earlier drafts, one after the other or by a list, and what is said of those of an earlier start."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.widget import Widget

from stomptui.compose.draft import Draft
from stomptui.compose.draft_model import DraftModel
from stomptui.compose.sent_draft import SentDraft
from stomptui.config.secret_names import MASK
from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.compose.earlier_drafts_list import palette_commands
from stomptui.ui.widgets.compose.outcome_line import OutcomeLine
from stomptui.ui.widgets.reveal import shows_secrets


class EarlierDraftActions:
    """A controller for the drafts before the one that is edited.

    Args:
        pane: The compose pane.
        model: The drafts.
        outcome: Where it is said why nothing was done.
        show: Shows another draft in all parts.
        take_up: Edits a copy of a draft that was chosen.

    Attributes:
        sent: What is known of the first of the earlier drafts, which were sent.
    """

    def __init__(
        self,
        pane: Widget,
        model: DraftModel,
        outcome: OutcomeLine,
        show: Callable[[], object],
        take_up: Callable[[Draft], object],
    ) -> None:
        self._pane = pane
        self._model = model
        self._outcome = outcome
        self._show = show
        self._take_up = take_up
        self.sent: Sequence[SentDraft] = ()

    def action_turn(self, step: int) -> None:
        """Go to the draft before (-1) or after (1) this one."""
        if self._model.turn(step):
            self._show()
        else:
            why = "there is no earlier draft" if step < 0 else "this is the newest draft"
            if (others := len(self._model.open.tabs) - 1) > 0:
                key = key_of(self._pane, "compose.previous_draft")
                why += f"; {key} goes to {'the other one' if others == 1 else 'the others'} open here"
            self._outcome.show_nothing_done(why)

    def action_history(self) -> None:
        if drafts := self._model.earlier.drafts:
            commands = palette_commands(drafts, self._take_up, shows_secrets(self._pane), self.sent)
            self._pane.app.search_commands(commands, "Search for an earlier draft…")
        else:
            self._outcome.show_nothing_done("there is no earlier draft: what you send is kept here")


def back_again(model: DraftModel, tabs: int, aside: int, cut: int) -> str:
    """What to say once drafts of an earlier start are here again.

    Args:
        model: The drafts, with those among them.
        tabs: How many have a tab.
        aside: How many were set aside.
        cut: How many are without their body.
    """
    said = ["this message was not sent when stomptui ended"] if model.open.active.unsent else []
    if tabs > 1:
        said.append(f"{tabs} drafts are open again")
    if aside:
        said.append(f"{aside} more {'is' if aside == 1 else 'are'} among the earlier drafts")
    if secrets := [clean(line.name) for line in model.draft.headers if MASK in line.value]:
        said.append(f"secrets are not kept: type the value of {', '.join(secrets)} again")
    if cut:
        whose = "its body" if (tabs, aside, cut) == (1, 0, 1) else f"the body of {cut}"
        said.append(f"{whose} was not kept on disk, and is missing")
    return "; ".join(said)
