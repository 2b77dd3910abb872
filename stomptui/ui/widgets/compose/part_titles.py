"""The parts of composing, body, headers and frame, and their titles: tabs in a terminal too narrow to show all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial

from stomptui.compose.checks import Problem
from stomptui.compose.draft import Draft
from stomptui.ui.widgets.pane.edge import Piece


class ComposeTab(Enum):
    """What is shown alone in a narrow terminal. The value is the name of the tab, and of its class in CSS."""

    BODY = "body"
    HEADERS = "headers"
    FRAME = "frame"


def compose_titles(
    draft: Draft,
    problems: Sequence[Problem],
    size: str,
    alone: ComposeTab | None,
    choose: Callable[[ComposeTab], object],
    transaction: str = "",
) -> dict[ComposeTab, tuple[Piece, ...]]:
    """The titles of the panes: each its own, or, where one is shown alone, those of all as tabs.

    Args:
        draft: What is edited.
        problems: What is wrong with it: a sign where.
        size: How large the frame will be, in words.
        alone: The pane that is shown alone, None where there is space for all.
        choose: Called with a tab that is clicked.
        transaction: What there is of the transaction that is open, "" for none.
    """
    wrong = {problem.field for problem in problems if problem.severity == "error"}
    signs = {ComposeTab.BODY: bool(wrong & {"body", "destination"}), ComposeTab.HEADERS: "header" in wrong}
    more = {
        ComposeTab.HEADERS: Piece(str(sum(1 for _ in draft.lines())), "plain", joined=True),
        ComposeTab.FRAME: Piece(size, "warn" if "frame" in {each.field for each in problems} else "plain", 1),
    }
    parts: dict[ComposeTab, list[Piece]] = {}
    for tab in ComposeTab:
        label = "Compose" if tab is ComposeTab.BODY and alone is None else tab.value.capitalize()
        style = "title" if alone is None else "current" if tab is alone else "dim"
        parts[tab] = [Piece(label, style, click=partial(choose, tab) if alone is not None else None)]
        if tab in more:
            parts[tab].append(more[tab])
        if tab is ComposeTab.BODY and transaction:
            parts[tab].append(Piece(transaction, "warn"))
        if signs.get(tab):
            parts[tab].append(Piece("✗", "error", joined=True))
    if alone is None:
        return {tab: tuple(pieces) for tab, pieces in parts.items()}
    every = tuple(piece for pieces in parts.values() for piece in pieces)
    return {alone: every}
