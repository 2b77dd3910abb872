"""What stands in a pane with nothing in it: why, and what can be done, in the middle of the space there is."""

from __future__ import annotations

from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from stomptui.ui.widgets.paint_styles import ink

GAP = 2
"""Cells between a key and what it does."""
WIDEST = 64
"""Cells of a line at most: longer ones are hard to read."""


class EmptyText(NamedTuple):
    """Why there is nothing, and what can be done. All of it is clean text."""

    title: str
    hints: tuple[tuple[str, str], ...] = ()
    """Keys, the most useful first, each with what it does."""


class EmptyLine(NamedTuple):
    """One line of it."""

    indent: int = 0
    key: str = ""
    text: str = ""


def empty_lines(text: EmptyText, width: int, height: int) -> list[EmptyLine]:
    """The text as lines in the middle of a space of that many cells; where it is low, the last hints are left out."""
    if width < 1 or height < 1:
        return []
    room = min(width, WIDEST)
    title = wrap(text.title, room)
    if len(title) > height:
        title = [*title[: height - 1], set_cell_size(title[height - 1], room - 1) + "…"]
    keys = max((cell_len(key) for key, _ in text.hints), default=0)
    beside = room - keys - GAP
    hints: list[tuple[str, str]] = []
    for key, does in text.hints if beside >= 8 else ():
        wrapped = wrap(does, beside)
        more = [(key.rjust(keys) if not index else " " * keys, part) for index, part in enumerate(wrapped)]
        if len(title) + len(hints) + len(more) > height:
            break
        hints += more
    blank = [EmptyLine()] if hints and len(title) + len(hints) < height else []
    left = (width - max((keys + GAP + cell_len(part) for _, part in hints), default=0)) // 2
    lines = [EmptyLine((width - cell_len(line)) // 2, "", line) for line in title]
    lines += [*blank, *(EmptyLine(left, key, " " * GAP + part) for key, part in hints)]
    return [EmptyLine()] * ((height - len(lines)) // 2) + lines


class EmptyState(Widget):
    """Shows an `EmptyText`, and is not displayed without one."""

    COMPONENT_CLASSES = {"empty-state--key", "empty-state--text"}
    DEFAULT_CSS = """
    EmptyState {
        height: 1fr;
        padding: 0 1;
        & > .empty-state--key { color: $text-primary; text-style: bold; }
        & > .empty-state--text { color: $text-muted; }
    }
    """

    said: reactive[EmptyText | None] = reactive(None)

    def __init__(self, said: EmptyText | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(EmptyState.said, said)
        self.display = said is not None

    def watch_said(self) -> None:
        self.display = self.said is not None

    def render(self) -> Text:
        shown = Text(no_wrap=True)
        width, height = self.content_size
        if self.said is None:
            return shown
        key, text = ink(self, "empty-state--key"), ink(self, "empty-state--text")
        for number, line in enumerate(empty_lines(self.said, width, height)):
            shown.append("\n" if number else "")
            shown.append(" " * line.indent).append(line.key, key).append(line.text, text)
        return shown
