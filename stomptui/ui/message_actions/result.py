"""The result of an action on many messages: counts, reasons, and which messages they concern."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from stomptui.protocol.clean import clean
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, UNTOUCHED, ActionResult
from stomptui.queues.transfer.result import line_ranges
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place

SHOWN = 100
"""Reasons shown before the rest is counted."""
RUNS = 20
"""Runs of messages that are named for one reason."""


class ActionResultScreen(Dialog[None]):
    """The counts, why not all was done, and which messages are concerned.

    Args:
        result: What became of them.
        first: The number that the person knows the message with index 0 by.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.RESULT)
    DEFAULT_CSS = """
    ActionResultScreen {
        & > .box { max-height: 90%; }
        #result-rows { height: auto; margin-top: 1; }
    }
    """

    def __init__(self, result: ActionResult, first: int = 1) -> None:
        super().__init__(classes="-warning")
        self._result = result
        self._first = first

    def compose(self) -> ComposeResult:
        result = self._result
        with VerticalScroll(classes="box"):
            yield Static(clean(result.with_target), classes="title", id="result-text", markup=False)
            yield Static(self._rows(), id="result-rows")

    def on_mount(self) -> None:
        self.label("Result", f"{key_of(self, 'result.close')} closes")
        self.query_one(VerticalScroll).focus()

    def _rows(self) -> Text:
        result = self._result
        text = Text()
        for word, state in (("done", DONE), ("failed", FAILED), ("in doubt", DOUBT), ("untouched", UNTOUCHED)):
            text.append(f"{word:>10}  {result.count(state):,}\n")
        text.append("\n")
        for note in result.notes:
            text.append(f"{clean(note)}\n")
        found: dict[str, list[int]] = {}
        for index, outcome in result.outcomes.items():
            if outcome.state in (FAILED, DOUBT):
                found.setdefault(outcome.text, []).append(index + self._first)
        reasons = sorted(found.items(), key=lambda item: -len(item[1]))
        for reason, numbers in reasons[:SHOWN]:
            text.append(f"{len(numbers):,} × {clean(reason, chr(10))}\n", "bold")
            text.append(f"    {_named(numbers)}\n")
        if len(reasons) > SHOWN:
            text.append(f"and {len(reasons) - SHOWN:,} more reasons\n")
        return text


def _named(numbers: Sequence[int]) -> str:
    """Messages by their numbers: `messages 1 to 300, 305`."""
    found = line_ranges(numbers)
    named = [f"{first:,}" if first == last else f"{first:,} to {last:,}" for first, last in found[:RUNS]]
    more = sum(last - first + 1 for first, last in found[RUNS:])
    return f"message{'s' * (len(numbers) > 1)} {', '.join(named)}{f' and {more:,} more' if more else ''}"
