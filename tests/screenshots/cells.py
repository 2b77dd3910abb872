"""What the app shows, as rows of text runs with plain colours."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from textual._context import visible_screen_stack
from textual.app import App


class Run(NamedTuple):
    """Neighbouring cells of one style; colours as "#rrggbb"."""

    column: int
    width: int
    text: str
    foreground: str
    background: str
    bold: bool
    italic: bool
    underline: bool


Row = tuple[Run, ...]
Rows = tuple[Row, ...]


def shown_rows(app: App[int]) -> Rows:
    """The whole screen as it is now, with the screens that are seen behind a dialog."""
    visible_screen_stack.set(app._background_screens)
    strips = app.screen._compositor.render_strips(app.size)
    return tuple(_row([(text, style or Style.null()) for text, style, _ in strip]) for strip in strips)


def text_of(rows: Rows) -> str:
    """The characters alone, without spaces at the ends of lines."""
    return "".join("".join(run.text for run in row).rstrip() + "\n" for row in rows)


def _row(cells: list[tuple[str, Style]]) -> Row:
    runs: list[Run] = []
    column = 0
    for text, style in cells:
        width = cell_len(text)
        if not width:
            continue
        foreground, background = _colours(style)
        run = Run(
            column, width, text, foreground, background, bool(style.bold), bool(style.italic), bool(style.underline)
        )
        column += width
        if runs and runs[-1][3:] == run[3:]:
            last = runs[-1]
            run = run._replace(column=last.column, width=last.width + width, text=last.text + text)
            runs.pop()
        runs.append(run)
    return tuple(runs)


def _colours(style: Style) -> tuple[str, str]:
    foreground, background = _hex(style.color, foreground=True), _hex(style.bgcolor, foreground=False)
    return (background, foreground) if style.reverse else (foreground, background)


def _hex(colour: Color | None, *, foreground: bool) -> str:
    of = colour or Color.default()
    return of.get_truecolor(DEFAULT_TERMINAL_THEME, foreground=foreground).hex
