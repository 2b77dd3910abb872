"""The line over the table of queues: how many, how deep, who said so and how long ago."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from stomptui.protocol.clean import clean
from stomptui.ui.widgets.palette import ink


@dataclass(frozen=True)
class ListFacts:
    """What the header shows. Counts are queues and messages, None where the broker does not tell."""

    total: int | None = None
    """None before the first answer."""
    shown: int = 0
    needle: str = ""
    ready: int | None = None
    held: int | None = None
    source: str = ""
    age: float = 0.0
    """Seconds since the broker was asked."""
    asking: bool = False
    failed: bool = False
    """Whether the latest asking failed, so that what is shown is older than it should be."""


class QueuesHeader(Widget):
    """Shows `ListFacts` on one line; what matters least goes first when the terminal is narrow."""

    COMPONENT_CLASSES = {
        "queues-header--title",
        "queues-header--plain",
        "queues-header--dim",
        "queues-header--warn",
        "queues-header--error",
    }
    DEFAULT_CSS = """
    QueuesHeader {
        height: 1;
        padding: 0 1;
        background: $surface;
        & > .queues-header--title { text-style: bold; }
        & > .queues-header--plain { color: $foreground; }
        & > .queues-header--dim { color: $text-muted; }
        & > .queues-header--warn { color: $text-warning; text-style: bold; }
        & > .queues-header--error { color: $text-error; text-style: bold; }
    }
    """

    facts: reactive[ListFacts] = reactive(ListFacts())

    def render(self) -> Text:
        pieces = [piece for piece in self._pieces() if piece[1]]
        while len(pieces) > 1 and sum(cell_len(piece[1]) + 2 for piece in pieces) - 2 > self.size.width:
            pieces.remove(max(pieces, key=lambda piece: piece[0]))
        line = Text(no_wrap=True, end="")
        for index, (_, text, style) in enumerate(pieces):
            line.append("  " if index else "")
            line.append(text, ink(self, f"queues-header--{style}"))
        return line

    def _pieces(self) -> list[tuple[int, str, str]]:
        """(how soon it may go, text, style), from left to right."""
        facts = self.facts
        if facts.total is None:
            return [(0, "QUEUES", "title"), (1, "asking the broker …" if facts.asking else "", "dim")]
        if facts.needle:
            count = (1, f"{facts.shown:,} matching “{clean(facts.needle)}” of {facts.total:,}", "warn")
        else:
            count = (1, f"{facts.total:,}", "plain")
        return [
            (0, "QUEUES", "title"),
            count,
            (3, f"{facts.ready:,} ready" if facts.ready is not None else "", "plain"),
            (4, f"{facts.held:,} unacked" if facts.held else "", "plain"),
            (5, clean(facts.source), "dim"),
            self._age(),
        ]

    def _age(self) -> tuple[int, str, str]:
        facts = self.facts
        ago = f"{age_text(facts.age)} ago" if facts.age >= 2 else "just now"
        if facts.failed:
            return (2, f"✗ not refreshed, as of {ago}", "error")
        return (2, f"{ago}, asking …" if facts.asking and facts.age >= 2 else ago, "dim")


def age_text(seconds: float) -> str:
    """A time for people: "0 s", "75 s", "4 min"."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
