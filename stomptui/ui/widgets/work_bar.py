"""The progress bar of work that takes a while: what is being done, how much of it, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from stomptui.protocol.clean import clean
from stomptui.ui.widgets.paint_styles import ink

BAR = 24
"""Cells of the bar at most."""
PARTS = " ▏▎▍▌▋▊▉"


WorkKind = Literal["busy", "good", "warn", "error"]
"""How it goes, or went."""


@dataclass(frozen=True)
class WorkShown:
    """What the bar shows. Plain values."""

    text: str = ""
    done: int = 0
    total: int = 0
    """0 while it is not known, and once it has ended."""
    kind: WorkKind = "busy"


class WorkBar(Widget):
    """Shows `WorkShown`; takes no space while there is none."""

    COMPONENT_CLASSES = {"work-bar--busy", "work-bar--good", "work-bar--warn", "work-bar--error", "work-bar--track"}
    DEFAULT_CSS = """
    WorkBar {
        height: 1;
        padding: 0 1;
        background: $panel;
        display: none;
        &.-shown { display: block; }
        & > .work-bar--busy { color: $text-accent; }
        & > .work-bar--good { color: $text-success; }
        & > .work-bar--warn { color: $text-warning; }
        & > .work-bar--error { color: $text-error; }
        & > .work-bar--track { color: $text-muted; }
    }
    """
    work: reactive[WorkShown] = reactive(WorkShown())

    def watch_work(self, work: WorkShown) -> None:
        self.set_class(bool(work.text), "-shown")

    def render(self) -> Text:
        work, width = self.work, self.size.width
        line = Text(no_wrap=True, end="")
        style = ink(self, f"work-bar--{work.kind}")
        text = clean(work.text)
        bar = min(BAR, width - cell_len(text) - 2)
        if work.total and bar >= 8:
            eighths = min(bar * 8, work.done * bar * 8 // work.total)
            full, part = divmod(eighths, 8)
            line.append("█" * full + (PARTS[part] if full < bar else ""), style)
            line.append("░" * (bar - full - (full < bar)), ink(self, "work-bar--track"))
            line.append("  ")
        line.append(text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)) + "…", style)
        return line
