"""The texts in the upper or lower edge of a pane: which have space, where they stand, and how the edge is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

GAP = 2
"""Cells between two pieces."""


@dataclass(frozen=True)
class Piece:
    """One text in an edge."""

    text: str
    """Clean text; nothing is shown of an empty one."""
    style: str = "plain"
    """"title", "current", "plain", "dim", "good", "warn", "error", "accent" or "badge"."""
    leaves: int = 0
    """How soon it goes when the pane is narrow: the highest first; of equals, the last."""
    click: Callable[[], object] | None = field(default=None, compare=False)
    """Called when it is clicked."""
    joined: bool = False
    """Whether it stands right after the piece before it, with one cell between."""


@dataclass(frozen=True)
class Placed:
    """A piece in its place, in cells from the left of the pane."""

    begin: int
    end: int
    piece: Piece


def fitting(pieces: Sequence[Piece], cells: int) -> list[Piece]:
    """The pieces that have space; the last that is left is cut with an ellipsis."""
    kept = [piece for piece in pieces if piece.text]
    while len(kept) > 1 and _length(kept) > cells:
        last = max(range(len(kept)), key=lambda index: (kept[index].leaves, index))
        one = kept[last].joined and kept[last].click is not None and kept[last].click == kept[last - 1].click
        # A key says nothing without what it does.
        del kept[last - 1 if one and last > 1 else last : last + 1]
    if kept and cell_len(kept[0].text) > cells:
        only = kept[0]
        text = set_cell_size(only.text, cells - 1) + "…" if cells > 1 else ""
        kept = [Piece(text, only.style, only.leaves, only.click)] if text else []
    return kept


def _length(pieces: Sequence[Piece]) -> int:
    gaps = sum(1 if piece.joined else GAP for piece in pieces[1:])
    return gaps + sum(cell_len(piece.text) for piece in pieces)


def place(pieces: Sequence[Piece], width: int, right: bool) -> list[Placed]:
    """Where the pieces stand in an edge of that width, from the left or at the right end.

    A corner, a piece of the edge and a blank stand before and after them.
    """
    kept = fitting(pieces, width - 6)
    begin = width - 3 - _length(kept) if right else 3
    placed: list[Placed] = []
    for index, piece in enumerate(kept):
        begin += 0 if not index else 1 if piece.joined else GAP
        end = begin + cell_len(piece.text)
        placed.append(Placed(begin, end, piece))
        begin = end
    return placed


def edge_strip(
    placed: Sequence[Placed], width: int, corners: str, dash: str, edge: Style, ink: Callable[[str], Style]
) -> Strip:
    """An edge with its texts.

    Args:
        placed: The texts.
        width: Cells of the edge.
        corners: The character at the left end and the one at the right end.
        dash: What the edge is drawn with.
        edge: How corners and dashes are painted.
        ink: How a text is painted, by its style's name.
    """
    segments = [Segment(corners[0], edge)]
    here = 1
    for index, each in enumerate(placed):
        between = each.begin - here
        if index:
            segments.append(Segment(" " * between, edge))
        elif between > 0:
            segments.append(Segment(dash * (between - 1) + " ", edge))
        segments.append(Segment(each.piece.text, ink(each.piece.style)))
        here = each.end
    if placed:
        segments.append(Segment(" ", edge))
        here += 1
    segments.append(Segment(dash * max(0, width - 1 - here), edge))
    segments.append(Segment(corners[1], edge))
    return Strip(segments).adjust_cell_length(width)
