"""The header of a peek: the queue, how many of its messages are unacknowledged and for how long, and a note."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from stomptui.protocol.clean import clean, clean_name
from stomptui.ui.widgets.palette import ink

NOTE_LINES = 3
"""Lines that the note takes at most."""


@dataclass(frozen=True)
class PeekFacts:
    """What the header shows. Plain values; times are seconds."""

    queue: str = ""
    broker: str = ""
    kind: str = ""
    depth: int | None = None
    shown: int = 0
    total: int = 0
    """Messages found, those the filter hides among them."""
    gone: int = 0
    """Those among them that were taken out of the queue since."""
    marked: int = 0
    unacked: int = 0
    left: float = 0.0
    """Until they are returned to the queue."""
    busy: str = ""
    state: str = ""
    """What else is to say of the state: "returned after 30 s"."""
    note: str = ""
    """One line below."""
    trouble: bool = False
    """Whether `note` tells of something that went wrong."""


class QueueHeader(Widget):
    """Shows `PeekFacts`; what matters least goes first when the terminal is narrow."""

    COMPONENT_CLASSES = {f"queue-header--{name}" for name in ("queue", "dim", "unacked", "good", "busy", "error")}
    DEFAULT_CSS = """
    QueueHeader {
        height: auto;
        padding: 0 1;
        background: $panel;
        & > .queue-header--queue { text-style: bold; color: $text-accent; }
        & > .queue-header--dim { color: $text-muted; }
        & > .queue-header--unacked { color: $text-warning; text-style: bold; }
        & > .queue-header--good { color: $text-success; }
        & > .queue-header--busy { color: $text-accent; }
        & > .queue-header--error { color: $text-error; }
    }
    """
    facts: reactive[PeekFacts] = reactive(PeekFacts())

    def watch_facts(self, before: PeekFacts, facts: PeekFacts) -> None:
        if facts.note != before.note:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + len(self._note_lines(width))

    def _note_lines(self, width: int) -> list[str]:
        """The note, cut to `NOTE_LINES`."""
        lines = wrapped(clean(self.facts.note), width)
        whole, rest = lines[: NOTE_LINES - 1], lines[NOTE_LINES - 1 :]
        return [*whole, _cut(" ".join(rest), width)] if rest else whole

    def render(self) -> Text:
        width = self.size.width
        pieces = [piece for piece in self._pieces() if piece[1]]
        while len(pieces) > 1 and sum(cell_len(piece[1]) + 2 for piece in pieces) - 2 > width:
            pieces.remove(max(pieces, key=lambda piece: piece[0]))
        line = Text(no_wrap=True, end="")
        for index, (_, text, style) in enumerate(pieces):
            line.append("  " if index else "")
            line.append(_cut(text, width), ink(self, f"queue-header--{style}"))
        style = "error" if self.facts.trouble else "dim"
        for note in self._note_lines(width):
            line.append("\n")
            line.append(note, ink(self, f"queue-header--{style}"))
        return line

    def _pieces(self) -> list[tuple[int, str, str]]:
        """(how soon it may go, text, style), from left to right."""
        facts = self.facts
        count = f"{facts.total:,} messages" if facts.total != 1 else "1 message"
        if facts.shown != facts.total:
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
        return [
            (1, f"PEEK {clean_name(facts.queue)}", "queue"),
            (0, unacked, "unacked"),
            (0, clean(facts.state) if not facts.unacked else "", "good"),
            (2, f"{facts.busy}…" if facts.busy else "", "busy"),
            (3, count, "dim"),
            (2, f"{facts.marked:,} marked" if facts.marked else "", "unacked"),
            (5, clean(facts.kind), "dim"),
            (6, clean(facts.broker), "dim"),
        ]


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
