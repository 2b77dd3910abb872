"""The progress of a series, and its result."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Button, Static

from stomptui.application.series.series import Series
from stomptui.protocol.clean import clean
from stomptui.protocol.names import shown
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.work import WorkDialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.subscriptions import sparkline
from stomptui.ui.widgets.work_bar import WorkBar, WorkKind, WorkShown

EVERY = 0.3
"""Seconds between two looks at how far it is."""


class SeriesScreen(WorkDialog):
    """Shows how far it is; it is stopped before it is left.

    Args:
        series: The series.
        doubt: Why confirmed says little of what arrives, "" if it does not.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.SERIES)

    def __init__(self, series: Series, doubt: str = "") -> None:
        super().__init__()
        self._series = series
        self._doubt = doubt
        self._problem = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(f"To {shown(self._series.draft.destination)}", classes="title", markup=False)
            yield WorkBar()
            yield Static("", classes="detail", id="series-figures")
            yield Button("Stop", id="series-button", compact=True)

    def on_mount(self) -> None:
        self.label("Series", f"{key_of(self, 'series.leave')} stops")
        self.work_begins()
        self.set_interval(EVERY, self.refresh_figures)

    def on_unmount(self) -> None:
        self._series.stop()

    def fail(self, problem: str) -> None:
        """It could not begin."""
        self._problem = problem
        self.refresh_figures()

    def refresh_figures(self) -> None:
        """Show how far it is, or how it ended."""
        if self.over or not self.is_mounted:
            return
        figures = self._series.figures
        kind: WorkKind = "busy"
        text, total = figures.summary, figures.total or 0
        if self._problem:
            text, kind, total = f"✗ nothing was sent: {self._problem}", "error", 0
        elif figures.over:
            kind = "warn"
            if figures.refused or figures.unconfirmed:
                kind = "error"
            elif figures.whole and not self._doubt:
                kind = "good"
            mark = "✗" if kind == "error" else "✓" if figures.whole else "⚠"
            text, total = f"{mark} {figures.summary}", 0
        self.query_one(WorkBar).work = WorkShown(text, figures.confirmed + figures.refused, total, kind)
        lines = [f"Sent at {figures.rate_text}."] if figures.sent else []
        if figures.over and len(text) > self.query_one(WorkBar).size.width:
            # The bar has one line, and how it ended is to be read in full.
            lines.insert(0, f"In full: {figures.summary}.")
        if figures.times is not None:
            plot = sparkline([max(1, round(seconds * 1e6)) for seconds in figures.times.plot], len(figures.times.plot))
            lines += [f"{figures.times.text[0].upper()}{figures.times.text[1:]}.", f"Receipt times: {plot}"]
        if self._doubt and figures.confirmed:
            lines.append(
                f"Confirmed, {self._doubt}." if self._doubt.startswith("but") else f"Confirmed; {self._doubt}."
            )
        lines += [f"{count:,} × {refusal}" for refusal, count in figures.refusals.items()]
        if figures.ended:
            lines.append(f"Ended early: {figures.ended}.")
        if figures.unnamed:
            errors = "An ERROR names" if figures.unnamed == 1 else f"{figures.unnamed:,} ERRORs name"
            lines.append(f"{errors} no message: which one was refused is not known.")
        if self._series.stopping:
            again = key_of(self, "series.leave")
            lines.append(f"Stopping: the receipts of what was sent are awaited; {again} again does not wait for them.")
        if figures.over and figures.unconfirmed:
            lines.append("Whether the unconfirmed ones arrived is not known.")
        self._show(Text(clean("\n".join(lines), "\n")))
        if figures.over or self._problem:
            self.work_is_over()
            self.label("Series", f"{key_of(self, 'series.leave')} closes")

    def _show(self, text: Text) -> None:
        """Show the figures; the whole screen is laid out anew only where they take more rows, or fewer."""
        shown = self.query_one("#series-figures", Static)
        rows = len(text.wrap(self.app.console, max(1, shown.size.width)))
        shown.update(text, layout=rows != shown.size.height)

    def stop_work(self) -> None:
        """Send nothing more."""
        self._series.stop()
