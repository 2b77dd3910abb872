"""The form that asks what is changed in each of several messages before they are sent back where they came from."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from stomptui.connection.dialect.header_rules import DELIVERY
from stomptui.protocol.clean import clean
from stomptui.queues.actions.edit import Edit
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.message_actions.action_form import messages
from stomptui.ui.widgets.text.fields import ExactField


class EditForm(Dialog["Edit | None"]):
    """Dismisses with what was typed, or None when the person left.

    Args:
        count: How many messages it is for.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.SAVED_FORM)

    def __init__(self, count: int) -> None:
        super().__init__(classes="-small")
        self._count = count
        self._set = ExactField(placeholder="name: value", id="edit-set")
        self._remove = ExactField(placeholder="the name of a header", id="edit-remove")
        self._find = ExactField(placeholder="a text in bodies", id="edit-find")
        self._put = ExactField(placeholder="with this text", id="edit-put")

    def compose(self) -> ComposeResult:
        fields = (
            ("Set header", self._set),
            ("Remove", self._remove),
            ("Find", self._find),
            ("Replace", self._put),
        )
        with Vertical(classes="box"):
            for label, field in fields:
                with Horizontal(classes="row"):
                    yield Label(label)
                    yield field
            yield Static("", classes="problem", id="edit-problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="edit-no", compact=True)
                yield Button("Check", id="edit-yes", variant="primary", compact=True)

    def on_mount(self) -> None:
        accept, cancel = key_of(self, "saved_form.accept"), key_of(self, "saved_form.cancel")
        self.label(f"Edit {messages(self._count)}, then retry", f"{accept} or enter checks", f"{cancel} cancels")
        self._tell("")
        self._set.focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell("")

    def _tell(self, problem: str) -> None:
        line = self.query_one("#edit-problem", Static)
        line.update(Content(clean(f"✗ {problem}") if problem else ""))
        line.display = bool(problem)

    @on(Input.Submitted)
    @on(Button.Pressed, "#edit-yes")
    def _entered(self, event: Input.Submitted | Button.Pressed) -> None:
        event.stop()
        self.action_accept()

    def action_accept(self) -> None:
        name, colon, value = self._set.exact.partition(":")
        name, removed = name.strip(), self._remove.exact.strip()
        edit = Edit(
            ((name, value.strip(" ")),) if colon else (),
            (removed,) if removed else (),
            self._find.exact,
            self._put.exact,
        )
        if name and not colon:
            self._tell("a header is written as name: value")
        elif colon and not name:
            self._tell("the header has no name")
        elif bad := next((each for each in (name, removed) if each in DELIVERY), ""):
            self._tell(f"{bad} belongs to one delivery, and is not sent again")
        elif edit == Edit(put=edit.put):
            self._tell("nothing is to be changed")
        else:
            self.dismiss(edit)

    @on(Button.Pressed, "#edit-no")
    def action_cancel(self) -> None:
        self.dismiss(None)
