"""Shows what was changed in a message before it is sent in place of the original."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place

_STYLES = {"-": "$text-error", "+": "$text-success"}


class RepairScreen(Dialog[bool]):
    """Ask before an original is replaced. Dismisses with True for yes.

    Args:
        question: What is asked.
        changes: Lines of differences, as `compose.repair.changes` makes them; painted as they are.
        detail: What else to know.
        careful: Whether Enter alone must not do it.
    """

    DECIDES = True
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.CONFIRM)
    DEFAULT_CSS = """
    RepairScreen {
        #repair-changes { height: auto; max-height: 12; margin-top: 1; }
        #repair-changes Static { height: auto; }
    }
    """

    def __init__(self, question: str, changes: Sequence[str], detail: str, careful: bool) -> None:
        super().__init__(classes="-warning")
        self._question = question
        self._changes = changes
        self._detail = detail
        self._careful = careful

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(clean(self._question), classes="title", markup=False)
            with VerticalScroll(id="repair-changes"):
                lines = [_painted(line) for line in self._changes] or [Content("Nothing was changed.")]
                yield Static(Content("\n").join(lines), markup=False)
            yield Static(clean(self._detail, "\n"), classes="detail", markup=False)
            yield Horizontal(
                Button("Cancel", id="repair-no", compact=True),
                Button("Send", id="repair-yes", variant="primary", compact=True),
                classes="buttons",
            )

    def on_mount(self) -> None:
        yes, no = key_of(self, "confirm.yes"), key_of(self, "confirm.no")
        self.label("What changed", f"{yes} send", f"{no} cancel")
        self.query_one("#repair-no" if self._careful else "#repair-yes", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "repair-yes")

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)


def _painted(line: str) -> Content:
    style = _STYLES.get(line[:1])
    text = clean(line)
    return Content.styled(text, style) if style else Content(text)
