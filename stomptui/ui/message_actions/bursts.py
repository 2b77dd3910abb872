"""Asks before a key acts on messages if it came in a burst of keys, as an unmarked paste does."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.widgets import Button

from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.terminal.bursts import Bursts
from stomptui.ui.terminal.key_order import InputGate

_YES = ("answer(True)", "answer('end')", "answer('leave')")


def acts(action: str, node: DOMNode) -> bool:
    """Whether an action of a screen or widget acts on messages, as its `ACTING` says."""
    return action.partition("(")[0] in getattr(node, "ACTING", ())


def decides(action: str, node: DOMNode) -> bool:
    """Whether an action says yes to a dialog that acts on messages then."""
    answers = action in _YES or (action.partition("(")[0] == "press" and isinstance(node, Button))
    screen = node.screen if answers else None
    return isinstance(screen, Dialog) and screen.DECIDES


class BurstCheck:
    """Decides about the actions that the keys of a burst ask for.

    A screen or widget says with `ACTING`, a set of names of actions, which of its own act on messages; a dialog with
    `DECIDES` whether its answer does.

    Args:
        app: Whose actions they are.
        gate: Knows the key that is being handled.
        bursts: Knows which keys came together.
    """

    def __init__(self, app: App[Any], gate: InputGate, bursts: Bursts) -> None:
        self._app = app
        self._gate = gate
        self._bursts = bursts

    def holds(self, action: str, node: DOMNode) -> bool:
        """Whether an action is not to be run now; then the person was asked or notified."""
        key = self._gate.current
        if not isinstance(key, events.Key) or key not in self._bursts:
            return False
        if acts(action, node):
            self._ask(key, action, node)
            return True
        if decides(action, node):
            # A question that this very burst led to is answered as it would be if it was typed slowly.
            if key.time <= self._gate.changed_at:
                return False
            self._gate.drop()
            self._app.notify(
                "Keys that arrive together do not count as an answer: press the key again.", severity="warning"
            )
            return True
        return False

    def _ask(self, key: events.Key, action: str, node: DOMNode) -> None:
        # What comes behind it would answer the question.
        self._gate.drop()
        what = next((binding.description for _, binding in node._bindings if binding.action == action), "Do it")
        question = ConfirmScreen(
            f"Did you mean {what}?",
            yes=what,
            no="Cancel",
            danger=True,
            detail=f"The key {key.character or key.key} arrived together with others, as it does when text is pasted. "
            "The keys after it were ignored.",
        )

        async def answered(yes: bool | None) -> None:
            if yes:
                await self._app.run_action(action, node)

        self._app.push_screen(question, answered)
