"""Folding groups of lines: the one at the cursor, by a key or the mouse, or all."""

from __future__ import annotations

from textual import events
from textual.scroll_view import ScrollView

from stomptui.journal.views.folding import FoldedLines
from stomptui.journal.views.lines import CLOSE, OPEN, Lines, NumberedLine
from stomptui.ui.widgets.lines.row_layout import AT_ONCE, RowLayout

FAR = 64
"""Chunks within which the beginning of a group is looked for."""


class LineFolding:
    """Folds and unfolds what a view shows.

    Args:
        view: The view.
        layout: Its rows, and the cursor in them.
    """

    def __init__(self, view: ScrollView, layout: RowLayout) -> None:
        self._view = view
        self._layout = layout

    @property
    def _foldable(self) -> FoldedLines | None:
        """The lines, None where nothing in them can be folded."""
        lines = self._layout.lines
        return lines if isinstance(lines, FoldedLines) else None

    def move_cursor(self, by: int) -> bool:
        """Move the cursor, and the view with it; False where there is none."""
        layout = self._layout
        if layout.rows is None or self._foldable is None:
            return False
        layout.cursor = max(0, min(layout.cursor + by, layout.rows.count - 1))
        layout.scroll_to_cursor()
        return True

    def click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; fold there if it is on a mark."""
        layout = self._layout
        offset = event.get_content_offset(self._view)
        if offset is None or layout.rows is None or self._foldable is None:
            return
        layout.cursor = max(0, min(self._view.scroll_offset.y + offset.y, layout.rows.count - 1))
        self._view.refresh()
        if offset.x < layout.gutter:
            self.fold_here()

    def fold_here(self) -> None:
        """Fold or unfold the group that the line at the cursor begins, or else fold the one that it is in."""
        layout, lines = self._layout, self._foldable
        rows = layout.rows
        place = rows.place_of(layout.cursor) if rows is not None else None
        if rows is None or place is None or lines is None:
            return
        found = group_around(lines, place[0], place[1])
        if found is None:
            return
        chunk, index = found
        number = lines.numbers(chunk)[index]
        lines.toggle(chunk, number)
        rows.forget(chunk)
        rows.look_ahead(layout.cursor + 2 * self._view.size.height, AT_ONCE)
        layout.cursor = rows.row_of(chunk, index) or 0
        layout.rows_changed()
        layout.scroll_to_cursor()

    def fold_all(self) -> None:
        """Fold all groups but the outermost; unfold all if some are folded."""
        lines = self._foldable
        if lines is not None:
            lines.fold_all(not lines.any_folded)
            self._layout.cursor = 0
            self._layout.lay_out(0.0)

    def unfold_all(self) -> None:
        """Unfold all that is folded."""
        lines = self._foldable
        if lines is not None and lines.any_folded:
            lines.fold_all(False)
            self._layout.lay_out(0.0)


def group_around(lines: Lines, chunk: int, index: int) -> tuple[int, int] | None:
    """Where the group begins that a line begins or is in: chunk and place in it; None if it is in none, or far in."""
    level = 0
    first = True
    for at in range(chunk, max(-1, chunk - FAR), -1):
        made = lines.chunk(at)
        for here in range(index if at == chunk else len(made) - 1, -1, -1):
            line = made[here]
            folded = isinstance(line, NumberedLine) and line.folded
            if folded and first:
                return at, here
            if OPEN in line and not folded:
                if not level:
                    return at, here
                level -= 1
            level += CLOSE in line and not first
            first = False
    return None
