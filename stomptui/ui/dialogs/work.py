"""The base of the screens that show how far some work is; it is stopped before it is left."""

from __future__ import annotations

from textual import on
from textual.widgets import Button

from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.widgets.work_bar import WorkBar, WorkShown


class WorkDialog(Dialog[None]):
    """Has a `WorkBar`, and one button, which stops the work and closes the dialog once that is over."""

    DEFAULT_CSS = """
    WorkDialog {
        WorkBar { margin-top: 1; padding: 0; }
        Button { margin: 1 0 0 0; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.over = False
        """Whether it has ended."""

    def stop_work(self) -> None:
        """Stop it; it says itself that it is over. Each such dialog has its own."""
        raise NotImplementedError

    def work_begins(self) -> None:
        """Show that it begins."""
        self.query_one(WorkBar).work = WorkShown("starting…")
        self.query_one(Button).focus()

    def work_is_over(self) -> None:
        """Say that there is nothing to stop any more."""
        self.over = True
        self.query_one(Button).label = "Close"

    def action_leave(self) -> None:
        """Stop it, or close when it has ended."""
        if self.over:
            self.dismiss(None)
        else:
            self.stop_work()

    def action_close(self) -> None:
        if self.over:
            self.dismiss(None)

    @on(Button.Pressed)
    def _pressed(self) -> None:
        self.action_leave()
