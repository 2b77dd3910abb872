"""What became of many messages, exactly."""

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
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap import Place, bindings

SHOWN = 100
"""Reasons shown before the rest is counted."""
RUNS = 20
"""Runs of messages that are named for one reason."""


class AccountScreen(Dialog[None]):
    """The counts, why not all was done, and which messages are concerned.

    Args:
        result: What became of them.
        first: The number that the person knows the message with index 0 by.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.RESULT)
    DEFAULT_CSS = """
    AccountScreen {
        align: center middle;
        background: $background 60%;
        & > VerticalScroll {
            width: 84;
            max-width: 96%;
            height: auto;
            max-height: 90%;
            background: $panel;
            border-left: outer $warning;
            padding: 1 2;
        }
        #account-text { text-style: bold; height: auto; }
        #account-rows { height: auto; margin-top: 1; }
    }
    """

    def __init__(self, result: ActionResult, first: int = 1) -> None:
        super().__init__()
        self._account = result
        self._first = first

    def compose(self) -> ComposeResult:
        result = self._account
        with VerticalScroll() as box:
            box.border_subtitle = "esc closes"
            yield Static(clean(result.with_target), id="account-text", markup=False)
            yield Static(self._rows(), id="account-rows")

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def _rows(self) -> Text:
        result = self._account
        told = Text()
        for word, state in (("done", DONE), ("failed", FAILED), ("in doubt", DOUBT), ("untouched", UNTOUCHED)):
            told.append(f"{word:>10}  {result.count(state):,}\n")
        told.append("\n")
        for note in result.notes:
            told.append(f"{clean(note)}\n")
        found: dict[str, list[int]] = {}
        for index, outcome in result.outcomes.items():
            if outcome.state in (FAILED, DOUBT):
                found.setdefault(outcome.text, []).append(index + self._first)
        reasons = sorted(found.items(), key=lambda item: -len(item[1]))
        for reason, numbers in reasons[:SHOWN]:
            told.append(f"{len(numbers):,} × {clean(reason, chr(10))}\n", "bold")
            told.append(f"    {_named(numbers)}\n")
        if len(reasons) > SHOWN:
            told.append(f"and {len(reasons) - SHOWN:,} more reasons\n")
        return told


def _named(numbers: Sequence[int]) -> str:
    """Messages by their numbers: `messages 1 to 300, 305`."""
    found = line_ranges(numbers)
    named = [f"{first:,}" if first == last else f"{first:,} to {last:,}" for first, last in found[:RUNS]]
    more = sum(last - first + 1 for first, last in found[RUNS:])
    return f"message{'s' * (len(numbers) > 1)} {', '.join(named)}{f' and {more:,} more' if more else ''}"
