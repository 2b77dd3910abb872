"""What is asked before a draft goes out: a name that looks like another, a missing queue, what is hardly meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.compose.draft import Draft
from stomptui.compose.draft_notes import DraftDoubt
from stomptui.compose.variables.template import OPEN
from stomptui.protocol.names import hidden_characters, shown
from stomptui.ui.console.destination_check import DestinationCheck
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.lookalike_name import NameScreen
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.text.fields import ExactField

Go = Callable[[], None]


class SendQuestions:
    """Between a draft and its sending, once or as a series. What was agreed to is not asked again.

    Args:
        screen: Where it is asked.
        console: Whose broker it is.
        pane: The pane with the draft.
    """

    def __init__(self, screen: Screen[Any], console: Console, pane: ComposePane) -> None:
        self._screen = screen
        self._console = console
        self._pane = pane
        self._lookup = DestinationCheck(screen, console)
        self._meant: set[str] = set()
        """Destinations that are easily taken for another's, and were asked about."""
        self._agreed: set[DraftDoubt] = set()
        """What can hardly be meant, and is: it was asked about once."""

    def before(self, draft: Draft, doubts: Sequence[DraftDoubt], go: Go) -> None:
        """Go on once everything was agreed to.

        Args:
            draft: What is to be sent. If it has variables in its destination, nobody knows yet where it goes.
            doubts: What is hardly meant in it.
            go: Called then; not at all if the person would rather not.
        """
        name = draft.destination
        if name in self._meant or not hidden_characters(name):
            self._look_up(draft, doubts, go)
            return

        def answered(chosen: str | None) -> None:
            if chosen == name:
                self._meant.add(name)
                self._look_up(draft, doubts, go)
            elif chosen is not None:
                self._pane.query_one("#destination", ExactField).exact = chosen

        self._screen.app.push_screen(NameScreen(name), answered)

    def _look_up(self, draft: Draft, doubts: Sequence[DraftDoubt], go: Go) -> None:
        """See whether its queue is there, and go on."""
        if _named(draft):
            self._lookup.before(draft.destination, lambda: self._ask(draft, doubts, go))
        else:
            self._ask(draft, doubts, go)

    def looked_up(self) -> None:
        """The broker told what queues it has, or will not."""
        self._lookup.answered()

    def _ask(self, draft: Draft, doubts: Sequence[DraftDoubt], go: Go) -> None:
        """Go on, after a yes if there is something that can hardly be meant and was not agreed to yet."""
        advice = self._console.advice
        # What was known of its queue when the key was pressed may have changed.
        words = advice.if_missing(draft)
        found = [doubt for doubt in doubts if doubt.text != words]
        told = advice.question(draft) if _named(draft) else None
        if told is not None:
            found.insert(0, DraftDoubt("destination", told, draft.destination))
        new = [doubt for doubt in found if doubt not in self._agreed]
        if not new:
            go()
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._agreed.update(new)
                go()

        detail = "\n".join(
            f"{text[0].upper()}{text[1:]}." if text == told else f"{shown(where)}: {text}" for where, text, _ in new
        )
        question = ConfirmScreen("Send it anyway?", yes="Send", no="Keep editing", detail=detail)
        self._screen.app.push_screen(question, answered)


def _named(draft: Draft) -> bool:
    """Whether it is known where a draft goes."""
    return not (draft.variables and OPEN in draft.destination)
