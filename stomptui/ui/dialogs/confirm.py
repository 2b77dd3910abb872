"""Asks a question with two answers, yes and no."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Button

from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.dialogs.question import Question
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place


class ConfirmScreen(Dialog[bool]):
    """Ask before something that cannot be undone. Dismisses with True for yes.

    Args:
        question: What is asked, in plain words; painted as it is, never as markup.
        yes: The words on the button that does it.
        no: The words on the button that does not; it has the focus, so that Enter harms nothing.
        danger: Whether yes destroys something, which colours its button.
        detail: What will happen, in smaller words under the question.
    """

    DECIDES = True
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.CONFIRM)

    def __init__(
        self, question: str, yes: str = "Yes", no: str = "No", danger: bool = False, *, detail: str = ""
    ) -> None:
        super().__init__(classes="-small -danger" if danger else "-small")
        self._question = question
        self._detail = detail
        self._yes = yes
        self._no = no
        self._danger = danger

    def compose(self) -> ComposeResult:
        no = Button(self._no, id="confirm-no", compact=True)
        yes = Button(self._yes, id="confirm-yes", variant="error" if self._danger else "primary", compact=True)
        yield Question(self._question, (no, yes), detail=self._detail)

    def on_mount(self) -> None:
        yes, no = key_of(self, "confirm.yes"), key_of(self, "confirm.no")
        self.label("", f"{yes} {clean(self._yes.lower())}", f"{no} {clean(self._no.lower())}")
        self.query_one("#confirm-no", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "confirm-yes")

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
