"""The progress of a drain or a refill, and its result."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Button, Static

from stomptui.protocol.clean import clean
from stomptui.protocol.server_words import LEAD
from stomptui.queues.peek import reports
from stomptui.queues.transfer.result import LineRange, TransferResult, after_a_drain, what_next
from stomptui.queues.transfer.transfer import Ended, Transfer, TransferProgress, Unagreed
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.work import WorkDialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.log.columns import size_text
from stomptui.ui.widgets.work_bar import WorkBar, WorkKind, WorkShown

UNAGREED = {
    "refill": "nothing was sent: the broker may confirm messages there and not keep them",
    "drain": "nothing was taken out: what stays in the queue would be lost",
}
GOING_ON = "a drain into the same file that goes on at its end"
"""How to ask for another drain behind what a drain has written."""


class TransferScreen(WorkDialog):
    """Shows how far it is; it is stopped before it is left.

    Args:
        title: What is being done, in one line.
        transfer: The transfer, to be started by whoever shows this.
        anyway: Begins it anew once the person agreed to what may become of messages.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.TRANSFER)

    class TransferReported(Message):
        """A transfer reports something; posted from its thread."""

        def __init__(self, report: reports.Report) -> None:
            super().__init__()
            self.report = report

    def __init__(
        self, title: str, transfer: Transfer | None = None, anyway: Callable[[tuple[str, ...]], None] | None = None
    ) -> None:
        super().__init__()
        self._title = title
        self._anyway = anyway
        self.transfer = transfer

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(clean(self._title), classes="title", id="transfer-title", markup=False)
            yield WorkBar()
            yield Static("", classes="detail", id="transfer-result")
            yield Button("Stop", id="transfer-button", compact=True)

    def on_mount(self) -> None:
        self._show_label("stops")
        self.work_begins()

    def _show_label(self, leaving: str) -> None:
        self.label(self._title.partition(":")[0], f"{key_of(self, 'transfer.leave')} {leaving}")

    def on_unmount(self) -> None:
        if self.transfer is not None:
            self.transfer.stop("closed")

    @on(TransferReported)
    def _transfer_reported(self, message: TransferReported) -> None:
        report, bar = message.report, self.query_one(WorkBar)
        if isinstance(report, TransferProgress):
            result = report.result
            of = f" of {size_text(result.total_size)}" if result.total_size else ""
            bar.work = WorkShown(f"{result.text}, {size_text(result.size)}{of}", result.size, result.total_size)
        elif isinstance(report, Ended):
            self._end(report.result)
        elif isinstance(report, Unagreed) and self._anyway is not None:
            self._over(WorkShown(f"‖ {UNAGREED[report.what]}", kind="warn"))
            self.query_one("#transfer-result", Static).update(Text(clean("\n".join(report.risks), "\n")))
            anyway = f"{report.what.capitalize()} anyway"
            question = ConfirmScreen(f"{anyway}?", anyway, "Cancel", True, detail="\n".join(report.risks))
            self.app.push_screen(question, functools.partial(self._answered, report.risks))
        elif isinstance(report, reports.Failed):
            self._over(WorkShown(f"✗ {report.reason}", kind="error"))
            if report.server_text not in ("", report.reason):
                self.query_one("#transfer-result", Static).update(
                    Text(clean(f"{LEAD.capitalize()}{report.server_text}", "\n"))
                )

    def _answered(self, risks: tuple[str, ...], agreed: bool | None) -> None:
        if agreed and self._anyway is not None:
            self.dismiss(None)
            self._anyway(risks)

    def _end(self, result: TransferResult) -> None:
        kind: WorkKind
        mark, kind = ("✓", "good") if result.whole else ("✗", "error" if result.reasons else "warn")
        if result.settled and (result.unsure or result.warned or result.remaining):
            mark, kind = "⚠", "warn"
        self._over(WorkShown(f"{mark} {result.summary}", kind=kind))
        lines = [*result.notes]
        lines += [f"{count:,} × {reason}" for reason, count in result.reasons]
        lines += [
            f"{line[:1].upper()}{line[1:]}."
            for line in [*what_next(result, _these), after_a_drain(result, GOING_ON)]
            if line
        ]
        self.query_one("#transfer-result", Static).update(Text(clean("\n".join(lines), "\n")))

    def _over(self, work: WorkShown) -> None:
        self.query_one(WorkBar).work = work
        self.work_is_over()
        self._show_label("closes")

    def stop_work(self) -> None:
        """Stop the transfer, if it has begun."""
        if self.transfer is not None:
            self.transfer.stop()


def _these(run: LineRange) -> str:
    """Some lines of a file, as the form has them."""
    first, last = run
    return f"“From line {first} to {last}”" if last else f"“From line {first}”"
