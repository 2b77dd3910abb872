"""The form that asks what a saved message is called, and where it is put."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.text.completion import complete
from stomptui.ui.widgets.text.fields import ExactField


class Named(NamedTuple):
    """What a person calls a message."""

    name: str
    folder: str = ""
    description: str = ""


class SaveForm(Dialog["Named | None"]):
    """Dismisses with what was typed, or None when the person left.

    Args:
        title: What the form is for.
        named: What to begin with.
        folders: The folders there are.
        problem: Returns what is wrong with what was typed, "" if nothing is.
        facts: What else is to be known, "" for nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.SAVED_FORM)

    def __init__(
        self, title: str, named: Named, folders: Sequence[str], problem: Callable[[Named], str], facts: str = ""
    ) -> None:
        super().__init__(classes="-small")
        self._title = title
        self._problem = problem
        self._facts = facts
        self._called = ExactField(named.name, id="saved-name")
        self._called.select_on_focus = True
        self._folder = ExactField(named.folder, placeholder="none, or for example orders/eu", id="saved-folder")
        complete(self._folder, folders)
        self._description = ExactField(named.description, placeholder="what it is for", id="saved-description")

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            for label, field in (("Name", self._called), ("Folder", self._folder), ("Description", self._description)):
                with Horizontal(classes="row"):
                    yield Label(label)
                    yield field
            if self._facts:
                yield Static(Content(clean(self._facts)), classes="detail", markup=False)
            yield Static("", classes="problem", id="saved-problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="saved-no", compact=True)
                yield Button("Save", id="saved-yes", variant="primary", compact=True)

    def on_mount(self) -> None:
        accept, cancel = key_of(self, "saved_form.accept"), key_of(self, "saved_form.cancel")
        self.label(self._title, f"{accept} or enter saves", f"{cancel} cancels")
        self.query_one("#saved-problem").display = False
        self._called.focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell("")

    def _tell(self, problem: str) -> None:
        line = self.query_one("#saved-problem", Static)
        line.update(Content(clean(f"✗ {problem}") if problem else ""))
        line.display = bool(problem)

    @on(Input.Submitted)
    @on(Button.Pressed, "#saved-yes")
    def _entered(self, event: Input.Submitted | Button.Pressed) -> None:
        event.stop()
        self.action_accept()

    def action_accept(self) -> None:
        named = Named(self._called.exact.strip(), self._folder.exact.strip(), self._description.exact.strip())
        problem = self._problem(named)
        self._tell(problem)
        if problem:
            self._called.focus()
        else:
            self.dismiss(named)

    @on(Button.Pressed, "#saved-no")
    def action_cancel(self) -> None:
        self.dismiss(None)
