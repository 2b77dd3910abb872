"""The line over the log: how many rows are shown, whether it follows or is paused, the filter and the rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from stomptui.journal.body import clean
from stomptui.ui.widgets.palette import ink
from stomptui.ui.widgets.status_bar import rate
from stomptui.ui.widgets.subscriptions import sparkline


@dataclass(frozen=True)
class LogFacts:
    """Counts are frames; `history` is frames per second, oldest first."""

    shown: int = 0
    total: int = 0
    """All frames and notes that are in the log."""
    cleared: int = 0
    """Rows that were put away and can be brought back."""
    dropped: int = 0
    following: bool = True
    paused: bool = False
    new: int = 0
    """Rows that came since the view stopped following."""
    needle: str = ""
    searching: bool = False
    rate: float = 0.0
    history: Sequence[int] = ()


class LogHeader(Widget):
    """Shows `LogFacts` on one line."""

    COMPONENT_CLASSES = {"log-header--title", "log-header--dim", "log-header--good", "log-header--warn"}
    DEFAULT_CSS = """
    LogHeader {
        height: 1;
        padding: 0 1;
        background: $surface;
        & > .log-header--title { text-style: bold; }
        & > .log-header--dim { color: $text-muted; }
        & > .log-header--good { color: $text-success; }
        & > .log-header--warn { color: $text-warning; text-style: bold; }
    }
    """

    facts: reactive[LogFacts] = reactive(LogFacts())

    def render(self) -> Text:
        facts = self.facts
        pieces: list[tuple[int, str, str]] = [(2, "MESSAGES", "title"), (0, self._mode(), self._mode_style())]
        if facts.needle:
            word = "searching" if facts.searching else "matching"
            pieces.append((1, f"{facts.shown:,} {word} “{clean(facts.needle)}” of {facts.total:,}", "warn"))
        else:
            pieces.append((1, f"{facts.shown:,} of {facts.total:,}", "dim"))
        if facts.cleared:
            pieces.append((3, f"{facts.cleared:,} cleared", "dim"))
        if facts.dropped:
            pieces.append((3, f"{facts.dropped:,} oldest dropped", "warn"))
        if facts.rate:
            pieces.append((4, rate(facts.rate), "dim"))
        graph = sparkline(facts.history, 20)
        if graph:
            pieces.append((5, graph, "good"))
        width = self.size.width
        while len(pieces) > 1 and sum(cell_len(piece[1]) + 2 for piece in pieces) - 2 > width:
            pieces.remove(max(pieces, key=lambda piece: piece[0]))
        line = Text(no_wrap=True, end="")
        for index, (_, text, style) in enumerate(pieces):
            line.append("  " if index else "")
            line.append(text, ink(self, f"log-header--{style}"))
        return line

    def _mode(self) -> str:
        if self.facts.paused:
            return f"║ paused, +{self.facts.new:,} new" if self.facts.new else "║ paused"
        if self.facts.following:
            return "▼ following"
        return f"▲ reading, +{self.facts.new:,} new" if self.facts.new else "▲ reading"

    def _mode_style(self) -> str:
        return "good" if self.facts.following and not self.facts.paused else "warn"
