"""Paints one row of a line that the editor folds, without going through all of the line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import pairwise, takewhile
from typing import TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip
from textual.widgets import TextArea

from stomptui.ui.widgets.text.exact import painted
from stomptui.ui.widgets.text.folded import FoldedDocument
from stomptui.ui.widgets.text.syntax import LineColours

_Spans: TypeAlias = tuple[tuple[int, int, Style], ...]
"""Where a style begins and ends, in characters of a row."""


class FoldedRowPainter:
    """Makes strips of the rows of folded lines, and remembers those it made last.

    Args:
        editor: What they are painted for: its theme, selection and cursor.
    """

    def __init__(self, editor: TextArea) -> None:
        self._editor = editor
        self._line_colours = LineColours()
        self._strips: LRUCache[tuple[str, bool, _Spans, _Spans, Style, int], Strip]
        self._strips = LRUCache(256)

    def row(self, document: FoldedDocument, place: tuple[int, int], syntax: str, styles: Mapping[str, Style]) -> Strip:
        """A row of a folded line: only this row is painted, and of the line only what it takes to colour the row.

        Args:
            document: The folded lines.
            place: The index of the line, and which of its rows.
            syntax: What the line is coloured as.
            styles: The style of each kind of token.
        """
        index, section = place
        begin, end = document.bounds(index, section)
        plain = self._editor.document.get_line(index)
        last = end == len(plain)
        tokens = tuple(
            (max(0, start - begin), min(stop, end) - begin, style)
            for start, stop, style in takewhile(
                lambda token: token[0] < end, self._tokens(document, index, begin, syntax, styles)
            )
        )
        over = tuple(
            (max(0, start - begin), min(stop, end + last) - begin, style)
            for start, stop, style in self._laid_over(index, len(plain))
            if start < end + last and stop > begin
        )
        theme = self._editor._theme
        base = theme.base_style if theme and theme.base_style is not None else self._editor.rich_style
        width = self._editor.scrollable_content_region.size.width
        key = (plain[begin:end], last, tokens, over, base, width)
        # The rows that a key did not change are the same strips as before, which cost little to paint again.
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._strip(*key)
        return strip

    def _strip(self, plain: str, last: bool, tokens: _Spans, over: _Spans, base: Style, width: int) -> Strip:
        text = "\t".join(painted(part) for part in plain.split("\t"))
        if last:
            text += " "  # where the cursor stands behind the last character
        strip = Strip(list(row_segments(text, tokens, over, base, self._editor.indent_width)))
        return strip.extend_cell_length(width, base)

    def _tokens(
        self, document: FoldedDocument, index: int, after: int, syntax: str, styles: Mapping[str, Style]
    ) -> Iterator[tuple[int, int, Style]]:
        """The coloured tokens of the part of a folded line that is in view, those that end after a place."""
        if not syntax:
            return
        rows, top = document._line_index_to_offsets[index], self._editor.scroll_offset.y
        first, last = max(0, top - rows[0]), min(len(rows) - 1, top + self._editor.size.height - rows[0])
        begin, end = document.bounds(index, first)[0], document.bounds(index, last)[1]
        plain = self._editor.document.get_line(index)
        tokens = self._line_colours.spans(plain, syntax, begin, end)
        for at in range(bisect_right(tokens, after, key=lambda token: token[1]), len(tokens)):
            start, stop, kind = tokens[at]
            if kind in styles:
                yield start, stop, styles[kind]

    def _laid_over(self, index: int, size: int) -> Iterator[tuple[int, int, Style]]:
        """What lies over a line: the selection, the cursor, the bracket that belongs to the one at the cursor."""
        theme, (start, end) = self._editor._theme, self._editor.selection
        (top, left), (bottom, right) = sorted((start, end))
        if start != end and top <= index <= bottom and theme and theme.selection_style:
            yield left if index == top else 0, right if index == bottom else size, theme.selection_style
        bracket = self._editor._matching_bracket_location
        if self._editor._has_cursor and self._editor.match_cursor_bracket and bracket is not None and start == end:
            for row, column in (end, bracket):
                if row == index and theme and theme.bracket_matching_style:
                    yield column, column + 1, theme.bracket_matching_style
        if end[0] == index and self._editor._draw_cursor and theme and theme.cursor_style:
            yield end[1], end[1] + 1, theme.cursor_style


def row_segments(text: str, tokens: _Spans, over: _Spans, base: Style, tab: int) -> Iterator[Segment]:
    """A row in pieces of one style each, tabs as blanks.

    A row of JSON has some fifty tokens: making the pieces at once costs a small part of what a rich text costs.

    Args:
        text: What is painted.
        tokens: The colours below, one after the other.
        over: Styles that lie over them, the later over the earlier.
        base: The style under all of them.
        tab: Cells between two tab stops.
    """
    size, token, cells = len(text), 0, 0
    tabbed = "\t" in text
    edges = {0, size}
    for start, stop, _ in tokens:
        edges.add(start)
        edges.add(stop)
    for start, stop, _ in over:
        edges.add(min(start, size))
        edges.add(min(stop, size))
    for begin, end in pairwise(sorted(edges)):
        while token < len(tokens) and tokens[token][1] <= begin:
            token += 1
        style = base + tokens[token][2] if token < len(tokens) and tokens[token][0] <= begin else base
        for start, stop, above in over:
            if start <= begin < stop:
                style += above
        piece = text[begin:end]
        if tabbed:
            piece, cells = _expanded(piece, cells, tab)
        yield Segment(piece, style)


def _expanded(piece: str, cells: int, tab: int) -> tuple[str, int]:
    """A piece with blanks up to the next tab stop for each tab, and the cells up to its end."""
    before, *others = piece.split("\t")
    parts, cells = [before], cells + cell_len(before)
    for part in others:
        blanks = tab - cells % tab
        parts += (" " * blanks, part)
        cells += blanks + cell_len(part)
    return "".join(parts), cells
