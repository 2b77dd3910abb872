"""The title of the pane with a message: its tabs, of which one is current, and the body in a few words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stomptui.ui.widgets.log.title import words_of
from stomptui.ui.widgets.message.shown_frame import ShownFrame
from stomptui.ui.widgets.message.tabs import DetailTab
from stomptui.ui.widgets.pane.edge import Piece

LONGEST_WORDS = 14
"""Characters of a filter that are shown: with the tabs it fits into 60 cells."""


def message_title(
    shown: ShownFrame, current: DetailTab, headers_beside: bool, choose: Callable[[DetailTab], object], marked: str
) -> tuple[Piece, ...]:
    """The title.

    Args:
        shown: The frame.
        current: The tab that is shown.
        headers_beside: Whether the headers have a pane of their own, and so no tab.
        choose: Called with the tab that is clicked.
        marked: The filter of the log, whose matches are marked, as it was typed; "" if there is none.
    """
    labels = {
        DetailTab.BODY: "Body",
        DetailTab.HEADERS: "" if headers_beside else f"Headers {len(shown.frame.headers)}",
        DetailTab.WIRE: "Wire",
        DetailTab.HEX: "Hex",
    }
    pieces: list[Piece] = []
    for number, (tab, label) in enumerate(labels.items(), 1):
        if label:
            pieces.append(Piece(str(number), "dim", 0, partial(choose, tab)))
            style = "current" if tab is current else "dim"
            pieces.append(Piece(label, style, 0, partial(choose, tab), joined=True))
    filtered = words_of(marked, LONGEST_WORDS) if marked else ""
    return (*pieces, Piece(filtered, "warn", 0), Piece(shown.summary, "dim", 1))
