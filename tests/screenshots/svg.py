"""Rows of a terminal as SVG: text in one cell grid, lines and blocks drawn as shapes, so that no font leaves gaps."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from rich.cells import cell_len

from tests.screenshots.cells import Row, Rows, Run

CELL = 10
"""Width of a cell in the units of the picture."""
LINE = 20
"""Height of a row."""
MARGIN = 12
TITLE = 30
"""Height of the bar with the title."""
FONTS = "'Fira Code','JetBrains Mono','DejaVu Sans Mono',Menlo,Consolas,monospace"

# Which ways the lines of a character go from the middle of its cell: up, down, left, right.
_WAYS = {
    "─": "lr", "│": "ud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu",
    "├": "udr", "┤": "udl", "┬": "lrd", "┴": "lru", "┼": "lrud", "╷": "d", "╵": "u", "╴": "l", "╶": "r",
    "━": "LR", "┃": "UD", "┏": "RD", "┓": "LD", "┗": "RU", "┛": "LU", "╸": "L", "╺": "R",
}  # fmt: skip
_ROUND = "╭╮╰╯"
# Which part of its cell a block fills, in eighths: left, top, right, bottom.
_BLOCKS = {"█": (0, 0, 8, 8), "▔": (0, 0, 8, 1), "▐": (4, 0, 8, 8), "▕": (7, 0, 8, 8), "▀": (0, 0, 8, 4)}
_BLOCKS |= {block: (0, 7 - place, 8, 8) for place, block in enumerate("▁▂▃▄▅▆▇")}
_BLOCKS |= {block: (0, 0, 7 - place, 8) for place, block in enumerate("▉▊▋▌▍▎▏")}
_DRAWN = {*_WAYS, *_BLOCKS}
_ACROSS = {"─", "━", *(block for block, (left, _, right, _) in _BLOCKS.items() if (left, right) == (0, 8))}
"""Those that many of in a row are one shape."""
_WORDS = re.compile(r"\S+(?: \S+)*")


def still(rows: Rows, title: str) -> str:
    """One picture of a terminal."""
    ground = ground_of(rows)
    body = "\n".join(f'<g transform="translate(0,{y * LINE})">{row_svg(row, ground)}</g>' for y, row in enumerate(rows))
    return window(rows, title, body)


def window(rows: Rows, title: str, body: str, *, below: str = "", more: int = 0, style: str = "") -> str:
    """The frame around what a terminal shows.

    Args:
        rows: What it shows; for the size and the colours.
        title: What is written above.
        body: SVG in the coordinates of the cells.
        below: SVG under the rows, which is `more` high.
        more: Height of what is below.
        style: Rules of CSS.
    """
    across, down = sum(run.width for run in rows[0]) * CELL, len(rows) * LINE
    width, height = across + 2 * MARGIN, TITLE + down + MARGIN + more
    ground = ground_of(rows)
    ink = "#333" if int(ground[1:3], 16) > 128 else "#ccc"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">\n'
        f"<style>text{{font:16px {FONTS};white-space:pre}}.b{{font-weight:bold}}.i{{font-style:italic}}"
        f".u{{text-decoration:underline}}{style}</style>\n<title>{html.escape(title)}</title>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="{ground}"/>\n'
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" fill="none" stroke="#888" '
        f'stroke-opacity=".5"/>\n<text x="{width / 2:g}" y="20" text-anchor="middle" fill="{ink}">'
        f'{html.escape(title)}</text>\n<g transform="translate({MARGIN},{TITLE})">\n{body}\n</g>\n'
        f'<g transform="translate({MARGIN},{TITLE + down})">{below}</g>\n</svg>\n'
    )


def ground_of(rows: Rows) -> str:
    """The background that most cells have."""
    cells: Counter[str] = Counter()
    for row in rows:
        for run in row:
            cells[run.background] += run.width
    return cells.most_common(1)[0][0]


def row_svg(row: Row, ground: str) -> str:
    """One row: first the backgrounds, then what is on them."""
    return "".join(_backgrounds(row, ground)) + "".join(part for run in row for part in _run(run))


def _backgrounds(row: Row, ground: str) -> Iterator[str]:
    start, width, colour = 0, 0, ground
    for run in (*row, Run(0, 0, "", "", "", bold=False, italic=False, underline=False)):
        if run.background == colour:
            width += run.width
            continue
        if width and colour != ground:
            yield (
                f'<rect x="{start * CELL}" width="{width * CELL}" height="{LINE}" fill="{colour}" '
                'shape-rendering="crispEdges"/>'
            )
        start, width, colour = run.column, run.width, run.background


def _run(run: Run) -> Iterator[str]:
    column = run.column
    for drawn, group in groupby(run.text, lambda character: character if character in _DRAWN else ""):
        text = "".join(group)
        if not drawn:
            yield from _words(run, column, text)
        elif drawn in _ACROSS:
            yield _shape(column, drawn, run.foreground, len(text))
        else:
            yield from (_shape(column + place, drawn, run.foreground, 1) for place in range(len(text)))
        column += cell_len(text)


def _words(run: Run, column: int, text: str) -> Iterator[str]:
    """Each piece without two spaces in a row is placed by itself, as wide as its cells are."""
    marks = [name for name, given in (("b", run.bold), ("i", run.italic), ("u", run.underline)) if given]
    marked = f' class="{" ".join(marks)}"' if marks else ""
    for found in _WORDS.finditer(text):
        left = column + cell_len(text[: found.start()])
        yield (
            f'<text x="{left * CELL}" y="15" fill="{run.foreground}" textLength="{cell_len(found[0]) * CELL}"{marked}>'
            f"{html.escape(found[0], quote=False)}</text>"
        )


def _shape(column: int, character: str, colour: str, count: int) -> str:
    """`count` equal characters that are drawn; more than one only of those in `_ACROSS`."""
    x = column * CELL
    if character in _BLOCKS:
        left, top, right, bottom = _BLOCKS[character]
        y, width, height = top * LINE / 8, ((right - left) / 8 + count - 1) * CELL, (bottom - top) * LINE / 8
        return f'<rect x="{x + left * CELL / 8:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{colour}"/>'
    ways = _WAYS[character]
    thick = 3 if ways.isupper() else 1.4
    return f'<path d="{_path(x, character, count)}" stroke="{colour}" stroke-width="{thick}" fill="none"/>'


def _path(x: int, character: str, count: int) -> str:
    ways = _WAYS[character].lower()
    if ways == "lr":
        return f"M{x} {LINE // 2}h{count * CELL}"
    middle, centre = x + CELL // 2, LINE // 2
    ends = {"u": (middle, 0), "d": (middle, LINE), "l": (x, centre), "r": (x + CELL, centre)}
    if character in _ROUND:
        (ax, ay), (bx, by) = (ends[way] for way in ways)
        return f"M{ax} {ay}Q{middle} {centre} {bx} {by}"
    return "".join(f"M{middle} {centre}L{ex} {ey}" for ex, ey in (ends[way] for way in ways))
