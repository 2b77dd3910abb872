"""Grapheme clusters and the cells they take on the screen."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping

from rich import cells

Cluster = tuple[int, int, int]
"""Where it begins and ends in the text, and its cells."""


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def clusters(text: str) -> Iterator[Cluster]:
    """The parts of a text that are drawn as one."""
    spans, _ = cells.split_graphemes(text)
    held: Cluster | None = None
    for begin, end, size in spans:
        if held is not None and (
            unicodedata.category(text[begin]) == "Mc"
            or (_is_flag_half(text[begin]) and held[1] - held[0] == 1 and _is_flag_half(text[held[0]]))
        ):
            held = held[0], end, held[2] + size
            continue
        if held is not None:
            yield held
        held = begin, end, size
    if held is not None:
        yield held


def count_spacing_marks(environment: Mapping[str, str]) -> None:
    """Give vowel signs that stand beside their letter a cell of their own, as most terminals do.

    Rich counts none for them, and has no way to be told otherwise; the few terminals that agree are left alone.

    Args:
        environment: What tells the terminal.
    """
    if any(environment.get(name) for name in ("KITTY_WINDOW_ID", "WEZTERM_PANE", "GHOSTTY_RESOURCES_DIR")) and not (
        environment.get("TMUX") or environment.get("STY")
    ):
        return
    load: Callable[[str], cells.CellTable] | None = getattr(cells, "load_cell_table", None)
    if load is None:
        return
    table = load("auto")
    # Behind plane 1 there are tags and selectors only.
    spacing = {
        code
        for first, last, width in table.widths
        if not width and last < 0x20000
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) == "Mc"
    }
    widths: list[tuple[int, int, int]] = []
    for first, last, width in table.widths:
        if width or last >= 0x20000:
            widths.append((first, last, width))
            continue
        begin = first
        for code in range(first, last + 2):
            if code > last or code in spacing:
                if begin < code:
                    widths.append((begin, code - 1, width))
                begin = code + 1
    counted = table._replace(widths=widths)
    setattr(cells, "load_cell_table", lambda version="auto": counted)  # noqa: B010
    cells.get_character_cell_size.cache_clear()
    cells.cached_cell_len.cache_clear()
