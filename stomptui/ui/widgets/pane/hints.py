"""Hints in the lower edge of a pane: a key, what it does, and the same with a click."""

from __future__ import annotations

from textual.widget import Widget

from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.pane.edge import Piece


def hint(widget: Widget, key_id: str, label: str, action: str, leaves: int = 0) -> Piece:
    """A key of a widget as a text in an edge.

    Args:
        widget: The widget whose action it is.
        key_id: The key's name in the table of keys.
        label: What it does, in a word or two.
        action: The widget's action, which a click runs.
        leaves: How soon it goes when the pane is narrow.
    """
    return Piece(
        f"{key_of(widget, key_id)} {label}", "dim", leaves, lambda: widget.call_later(widget.run_action, action)
    )
