"""The title of a peek: the queue, how many of its messages are unacknowledged and for how long; and a note."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from stomptui.protocol.clean import clean, clean_name
from stomptui.ui.widgets.log.title import words_of
from stomptui.ui.widgets.paint_styles import ink
from stomptui.ui.widgets.pane.edge import Piece

NOTE_LINES = 3
"""Lines that the note takes at most."""


@dataclass(frozen=True)
class PeekFacts:
    """What the title shows. Plain values; times are seconds."""

    queue: str = ""
    broker: str = ""
    kind: str = ""
    depth: int | None = None
    shown: int = 0
    total: int = 0
    """Messages found, those the filter hides among them."""
    needle: str = ""
    """The filter as it was typed, "" if there is none."""
    gone: int = 0
    """Those among them that were taken out of the queue since."""
    marked: int = 0
    unacked: int = 0
    left: float = 0.0
    """Until they are returned to the queue."""
    busy: str = ""
    state: str = ""
    """What else is to say of the state: "returned after 30 s"."""


def peek_title(facts: PeekFacts) -> tuple[Piece, ...]:
    """What stands in the upper edge of the pane of a peek."""
    count = f"{facts.total:,} messages" if facts.total != 1 else "1 message"
    if facts.needle:
        count = f"{facts.shown:,} matching {words_of(facts.needle)} of {count}"
    elif facts.shown != facts.total:
        count = f"{facts.shown:,} of {count}"
    if facts.gone:
        count += f", {facts.gone:,} removed from the queue"
        count += f", {facts.depth:,} left in it" if facts.depth is not None else ""
    elif facts.depth is not None and facts.depth > facts.total:
        count += f" of {facts.depth:,} in the queue"
    unacked = ""
    if facts.unacked:
        unacked = f"● {facts.unacked:,} unacked"
        if facts.left:
            unacked += f" · returned in {facts.left:.0f} s"
    return (
        Piece(f"Peek {clean_name(facts.queue)}", "title", 1),
        Piece(unacked, "warn", 0),
        Piece(clean(facts.state) if not facts.unacked else "", "good", 0),
        Piece(f"{facts.busy}…" if facts.busy else "", "accent", 2),
        Piece(count, "warn" if facts.needle else "plain", 0 if facts.needle else 3),
        Piece(f"{facts.marked:,} marked" if facts.marked else "", "warn", 2),
        Piece(clean(facts.kind), "dim", 5),
        Piece(clean(facts.broker), "dim", 6),
    )


class PeekNote(Widget):
    """Says in a few lines what is to be known of a peek; takes no space while there is nothing."""

    COMPONENT_CLASSES = {"peek-note--dim", "peek-note--error"}
    DEFAULT_CSS = """
    PeekNote {
        height: auto;
        padding: 0 1;
        & > .peek-note--dim { color: $text-muted; }
        & > .peek-note--error { color: $text-error; }
    }
    """
    note: reactive[tuple[str, bool]] = reactive(("", False), layout=True)
    """The note, and whether it tells of something that went wrong."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def _lines(self, width: int) -> list[str]:
        """The note, cut to `NOTE_LINES`, or to a fifth of a low terminal."""
        lines = wrapped(clean(self.note[0]), width) if self.note[0] else []
        most = min(NOTE_LINES, max(1, self.app.size.height // 5))
        whole, rest = lines[: most - 1], lines[most - 1 :]
        return [*whole, _cut(" ".join(rest), width)] if rest else whole

    def render(self) -> Text:
        style = ink(self, f"peek-note--{'error' if self.note[1] else 'dim'}")
        return Text("\n".join(self._lines(self.size.width)), style, no_wrap=True, end="")


def wrapped(text: str, cells: int) -> list[str]:
    """A text in lines of at most that many cells, broken at blanks; one word that is longer has a line of its own."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= cells:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cut(text: str, cells: int) -> str:
    return text if cell_len(text) <= cells else set_cell_size(text, max(0, cells - 1)) + "…"
