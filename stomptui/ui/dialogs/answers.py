"""Asks for several lines of text at once, each under its label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from stomptui.config.secret_names import is_secret
from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.text.fields import ExactField


class AnswersScreen(Dialog[dict[str, str] | None]):
    """Ask for a text for each label. Dismisses with the texts by label, or None when the person left.

    Args:
        labels: What is asked for; painted as it is, never as markup. Those named like secrets are masked.
        title: What the answers are for.
    """

    DEFAULT_CSS = "AnswersScreen Label { width: 24; height: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.PROMPT)

    def __init__(self, labels: Sequence[str], title: str = "Fill in and send") -> None:
        super().__init__(classes="-small")
        self._labels = list(labels)
        self._title = title
        self._fields = [ExactField() for _ in self._labels]
        for label, field in zip(self._labels, self._fields, strict=True):
            field.password = is_secret(label)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            for label, field in zip(self._labels, self._fields, strict=True):
                with Horizontal(classes="row"):
                    yield Label(clean(label), markup=False)
                    yield field

    def on_mount(self) -> None:
        self.label(self._title, "enter goes on", f"{key_of(self, 'prompt.cancel')} cancels")
        self._fields[0].focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return any(field.password for field in self._fields) if action == "reveal" else True

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """To the next field, and from the last one on."""
        event.stop()
        place = next((index for index, field in enumerate(self._fields) if field is event.input), 0)
        if place + 1 < len(self._fields):
            self._fields[place + 1].focus()
        else:
            self.dismiss({label: field.exact for label, field in zip(self._labels, self._fields, strict=True)})

    def action_reveal(self) -> None:
        for label, field in zip(self._labels, self._fields, strict=True):
            field.password = is_secret(label) and not field.password

    def action_leave(self) -> None:
        self.dismiss(None)
