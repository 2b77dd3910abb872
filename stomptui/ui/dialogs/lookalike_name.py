"""Asks once whether a name is meant that is easily taken for another: with a blank at its end, say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Static

from stomptui.protocol.clean import clean, clean_name
from stomptui.protocol.names import hidden_characters, lookalike_warning, without_hidden
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.dialogs.question import Question
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.text.fields import ExactField


class NameScreen(Dialog[str | None]):
    """Ask whether a name is meant as it is. Dismisses with the name to use, or None.

    Args:
        name: A name with something in it that is hard to see.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.NAME)

    def __init__(self, name: str) -> None:
        super().__init__(classes="-small -warning")
        self._meant = name
        self._plain = without_hidden(name)

    def compose(self) -> ComposeResult:
        other = f"No, use {clean_name(self._plain)}" if self._plain else "No, clear the field"
        yield Question(
            f"{clean_name(self._meant)} {hidden_characters(self._meant)}. Is this the name you mean?",
            (
                Button("Cancel", id="name-cancel", compact=True),
                Button(Content(other), id="name-plain", compact=True),
                Button(Content(f"Yes, use {clean_name(self._meant)}"), id="name-exact", compact=True),
            ),
            detail="The name with it and the name without it are different names.",
            stacked=True,
        )

    def on_mount(self) -> None:
        self.label("", f"{key_of(self, 'name.cancel')} cancels")
        # It only changes the field: Enter does nothing with any queue.
        self.query_one("#name-plain", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        chosen = {"name-plain": self._plain, "name-exact": self._meant}
        self.dismiss(chosen.get(event.button.id or ""))

    def action_leave(self) -> None:
        self.dismiss(None)


class NameCheck:
    """Sees to it that a name in a field is the one that is meant.

    Args:
        screen: Where it is asked.
        field: Where the name is typed.
        hint: Shows under the field what is hard to see in it; hidden while nothing is.
    """

    def __init__(self, screen: Screen[Any], field: ExactField, hint: str) -> None:
        self._screen = screen
        self._field = field
        self._hint = hint
        # The name that the field begins with was picked, or was asked about where it was typed.
        self._meant = {field.exact}

    def show(self) -> None:
        """Bring the hint up to date."""
        label = self._screen.query_one(f"#{self._hint}", Static)
        text = lookalike_warning(self._field.exact)
        label.update(Content(clean(text or "")))
        label.display = bool(text)

    def sure(self, go_on: Callable[[], None]) -> bool:
        """Whether the name is meant as it is; else it is asked, and `go_on` called after a yes."""
        name = self._field.exact
        if name in self._meant or not hidden_characters(name):
            return True

        def answered(chosen: str | None) -> None:
            if chosen is None or chosen != name:
                if chosen is not None:
                    self._field.exact = chosen
                self._field.focus()
                return
            self._meant.add(name)
            go_on()

        self._screen.app.push_screen(NameScreen(name), answered)
        return False
