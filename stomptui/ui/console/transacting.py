"""A transaction by hand from the compose pane: begun, ended, in sight, and asked about before it is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.transactions import Ending
from stomptui.compose.send_state import SendState
from stomptui.connection.errors import SessionError
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.widgets.compose.pane import ComposePane

_STATES = {
    Ending.COMMITTED: SendState.CONFIRMED,
    Ending.ABORTED: SendState.CONFIRMED,
    Ending.REFUSED: SendState.REFUSED,
    Ending.LOST: SendState.UNCONFIRMED,
    Ending.UNKNOWN: SendState.UNCONFIRMED,
}


class Transacting:
    """Begins and ends the transaction that the pane sends in.

    Args:
        screen: The screen with the pane.
        console: Whose transaction it is.
        pane: Where it is told how it ended.
        update: Called when there is another one, or more in it: the pane names it.
        ended: Called when it has ended: how, and with what is said of that.
    """

    def __init__(
        self,
        screen: Screen[Any],
        console: Console,
        pane: ComposePane,
        update: Callable[[], None],
        ended: Callable[[Ending, str], None],
    ) -> None:
        self._screen = screen
        self._console = console
        self._transactions = console.transactions
        self._pane = pane
        self._update = update
        self._ended = ended
        self._transactions.changed = update
        self._transactions.said = self._say

    @property
    def begin_refusal(self) -> str:
        """Why none can be begun now, "" if one can."""
        return self._transactions.begin_refusal

    @property
    def end_refusal(self) -> str:
        """Why none can be ended now, "" if one can."""
        return self._transactions.end_refusal

    def begin(self) -> None:
        """Begin one."""
        try:
            self._transactions.begin()
        except (SessionError, ValueError) as error:
            self._pane.show_outcome(SendState.PROBLEM, f"no transaction: {error}")
            return
        current = self._transactions.current
        name = current.name if current is not None else ""
        told = f"what you send now is in transaction {name} until you commit or abort"
        self._pane.show_outcome(SendState.NOTE, told)

    def end(self, command: Literal["COMMIT", "ABORT"]) -> None:
        """Commit or abort it."""
        try:
            self._transactions.end(command)
        except (SessionError, ValueError) as error:
            self._pane.show_outcome(SendState.PROBLEM, f"not done: {error}")
            return
        self._pane.show_outcome(SendState.WAITING, f"{command} sent, waiting for the broker's receipt")

    def _say(self, text: str, ending: Ending | None) -> None:
        self._update()
        if ending is not None:
            self._ended(ending, text)
        if self._screen.has_class("-compose"):
            self._pane.show_outcome(_STATES[ending] if ending is not None else SendState.REFUSED, text)
        else:
            self._screen.notify(f"{text[0].upper()}{text[1:]}.", markup=False)

    def before_the_end(
        self, question: str, yes: str, go: Callable[[], None], stay: Callable[[], None] = lambda: None
    ) -> None:
        """Go on at once, or after a yes if that ends the connection of an open transaction; after a no, stay."""
        if not (prospect := self._console.transactions.prospect):
            go()
            return

        def answered(sure: bool | None) -> None:
            if sure:
                go()
            else:
                stay()

        self._screen.app.push_screen(
            ConfirmScreen(question, yes=yes, no="Stay", danger=True, detail=prospect), answered
        )
