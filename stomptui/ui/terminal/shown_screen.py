"""What the terminal shows, cell by cell, and what to write so that it shows something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from textual.geometry import Size
from textual.strip import Strip

from stomptui.ui.terminal.cell_widths import is_unsure
from stomptui.ui.terminal.sgr import PLAIN, change, style_codes
from stomptui.ui.widgets.text.cells import clusters

Cell = tuple[str, str]
"""What is drawn in a cell, and the codes of its style. What is wider than a cell is in its first; those it reaches
into have it too, behind `REACH`, so that they change with it."""
REACH = "\0"
UNKNOWN: Cell = ("", "")
"""A cell of which nobody knows what it shows."""
NEAR = 4
"""Unchanged cells between two changed ones that are written again, rather than stepped over."""

LONGEST_MEMORY = 2048
"""Strips whose cells are remembered."""


class PaintedPart(NamedTuple):
    """A part of a row as it is to be shown: where it begins, and what it holds."""

    x: int
    y: int
    strip: Strip


class ShownScreen:
    """The cells that the terminal shows, as far as they are known."""

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._rows: list[list[Cell]] = []
        self._unsure: set[int] = set()
        """Rows with text that terminals draw in different widths: they are written whole."""
        self._made: dict[int, tuple[Strip, list[Cell], bool]] = {}
        """The cells of strips, by their ids, with the strips so that the ids stay theirs: most are painted again."""

    def forget(self) -> None:
        """Nobody knows what the terminal shows now."""
        self._size = Size(0, 0)

    def show(self, pieces: Iterable[PaintedPart], size: Size, colours: ColorSystem) -> str:
        """What to write so that the terminal shows these pieces; it is taken for shown then.

        Args:
            pieces: Parts of rows, row by row.
            size: That of the whole screen, in cells. If it is another than before, nothing is known.
            colours: The colours that the terminal has.
        """
        if size != self._size:
            self._size = size
            self._rows = [[UNKNOWN] * size.width for _ in range(size.height)]
            self._unsure.clear()
        writer = _Writer()
        y = -1
        row: list[Cell] = []
        for piece in pieces:
            if not 0 <= piece.y < size.height:
                continue
            if piece.y != y:
                self._show_row(writer, y, row)
                y, row = piece.y, self._rows[piece.y].copy()
            self._put(piece, row, colours)
        self._show_row(writer, y, row)
        return writer.text()

    def _put(self, piece: PaintedPart, row: list[Cell], colours: ColorSystem) -> None:
        strip = piece.strip
        made = self._made.get(id(strip))
        if made is None:
            if len(self._made) >= LONGEST_MEMORY:
                self._made.clear()
            made = strip, *_cells(strip, colours)
            self._made[id(strip)] = made
        _, cells, unsure = made
        if unsure:
            self._unsure.add(piece.y)
        begin, end = max(0, piece.x), min(len(row), piece.x + strip.cell_length)
        row[begin:end] = cells[begin - piece.x : end - piece.x]

    def _show_row(self, writer: _Writer, y: int, row: list[Cell]) -> None:
        if y < 0 or self._rows[y] == row:
            return
        if y in self._unsure:
            known = [cell != UNKNOWN for cell in row]
            for begin, end in _runs([x for x, there in enumerate(known) if there], known, 1):
                writer.put(y, begin, row[begin:end])
            if not any(is_unsure(text) for text, _ in row):
                self._unsure.discard(y)
        else:
            changed = [x for x, (old, new) in enumerate(zip(self._rows[y], row, strict=True)) if old != new]
            for begin, end in _runs(changed, [cell != UNKNOWN for cell in row], NEAR):
                writer.put(y, begin, row[begin:end])
        self._rows[y] = row


class _Writer:
    """Puts cells into one text for the terminal."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._codes = PLAIN

    def put(self, y: int, x: int, cells: list[Cell]) -> None:
        """Write cells from a place on."""
        out, codes = self._out, self._codes
        out.append(f"\x1b[{y + 1};{x + 1}H")
        for text, style in cells:
            if style != codes:
                out.append(change(codes, style))
                codes = style
            if text[0] != REACH:
                out.append(text)
        self._codes = codes

    def text(self) -> str:
        """Everything, after which text would have no style."""
        self._out.append(change(self._codes, PLAIN))
        return "".join(self._out)


def _runs(places: list[int], may_write: list[bool], near: int) -> Iterator[tuple[int, int]]:
    """Where to begin and end writing, such that all these places are written and only what may be."""
    begin = end = -1
    for x in places:
        if begin >= 0 and x - end < near and all(may_write[end:x]):
            end = x + 1
            continue
        if begin >= 0:
            yield begin, end
        begin, end = x, x + 1
    if begin >= 0:
        yield begin, end


def _cells(strip: Strip, colours: ColorSystem) -> tuple[list[Cell], bool]:
    """The cells of a strip, and whether terminals may disagree about them."""
    cells: list[Cell] = []
    unsure = False
    for text, style, _ in strip:
        codes = style_codes(style, colours)
        drawn: Iterable[str] = text
        if not (text.isascii() and text.isprintable()):
            drawn, doubtful = _drawn(text)
            unsure |= doubtful
        cells.extend(zip(drawn, repeat(codes)))
    # A strip that is shorter than it says would shift what is right of it.
    cells += [(" ", PLAIN)] * (strip.cell_length - len(cells))
    return cells, unsure


@lru_cache(maxsize=8192)
def _drawn(text: str) -> tuple[tuple[str, ...], bool]:
    """What is drawn in each of the cells of a text, and whether terminals may disagree about their number."""
    cells: list[str] = []
    unsure = is_unsure(text)
    parts: Iterable[tuple[str, int]]
    if unsure:
        parts = ((text[begin:end], size) for begin, end, size in clusters(text))
    else:
        parts = ((char, get_character_cell_size(char)) for char in text)
    for part, size in parts:
        if size > 0:
            cells.append(part)
            cells.extend([REACH + part] * (size - 1))
        elif cells and not cells[-1].startswith(REACH):
            cells[-1] += part
            unsure = True
    return tuple(cells), unsure
