"""A question with two answers."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from stomptui.protocol.clean import clean
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap import Place, bindings


class ConfirmScreen(Dialog[bool]):
    """Ask before something that cannot be undone. Dismisses with True for yes.

    Args:
        question: What is asked, in plain words; painted as it is, never as markup.
        yes: The words on the button that does it.
        no: The words on the button that does not; it has the focus, so that Enter harms nothing.
        danger: Whether yes destroys something, which colours its button.
        detail: What will happen, in smaller words under the question.
    """

    DEFAULT_CSS = """
    ConfirmScreen {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 64;
            max-width: 94%;
            height: auto;
            max-height: 94%;
            padding: 1 2;
            background: $panel;
            border-left: outer $primary;
            overflow-y: auto;
        }
        &.-danger > Vertical { border-left: outer $error; }
        #confirm-question { text-style: bold; height: auto; }
        #confirm-detail { color: $text-muted; height: auto; margin-top: 1; }
        #confirm-buttons { height: auto; margin-top: 1; align-horizontal: right; }
        Button { margin-left: 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.CONFIRM)

    def __init__(
        self, question: str, yes: str = "Yes", no: str = "No", danger: bool = False, *, detail: str = ""
    ) -> None:
        super().__init__(classes="-danger" if danger else "")
        self._question = question
        self._detail = detail
        self._yes = yes
        self._no = no
        self._danger = danger

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(clean(self._question), id="confirm-question", markup=False)
            if self._detail:
                yield Static(clean(self._detail, "\n"), id="confirm-detail", markup=False)
            with Horizontal(id="confirm-buttons"):
                yield Button(self._no, id="confirm-no", compact=True)
                yield Button(self._yes, id="confirm-yes", variant="error" if self._danger else "primary", compact=True)

    def on_mount(self) -> None:
        self.query_one("#confirm-no", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "confirm-yes")

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
