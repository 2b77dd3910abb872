"""Asks a person to choose one of a list, which narrows as they type; what is typed may be an answer itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.text.fields import ExactField


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen."""

    value: str
    """What it is; "" stands for none of the others."""
    label: str
    """As the person reads it."""
    note: str = ""
    """What is said of it beside that."""
    words: str = ""
    """Other words by which it is found in a menu."""
    off: bool = False
    """Whether it cannot be chosen now; its note says why."""


class ChoiceScreen(Dialog[str | None]):
    """Ask for one of a list. Dismisses with the value chosen, or None when the person left.

    Args:
        title: What is asked.
        choices: What there is.
        current: The value that is in use now; it has the cursor.
        placeholder: What can be typed, where what is typed may be an answer itself. None where it only narrows the
            list, in a field that appears when somebody types.
        menu: Whether these are things to do: what is typed looks for one, in the notes too, and is no answer itself.
    """

    DEFAULT_CSS = """
    ChoiceScreen {
        #choices { height: auto; max-height: 14; margin-top: 1; padding: 0; background: transparent; }
        #choices, #choices:focus { border: none; }
        #typed { margin-top: 1; }
        &.-menu > .box { width: 108; }
        &.-menu #choices { max-height: 24; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-tiny #choices { max-height: 7; margin-top: 0; }
        &.-tiny #typed { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.CHOICE)

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        current: str = "",
        *,
        placeholder: str | None = None,
        menu: bool = False,
    ) -> None:
        super().__init__(classes="-menu" if menu else "-small")
        self._menu = menu
        self._title = title
        self._choices = list(choices)
        self._current = current
        self._placeholder = placeholder
        self._shown: list[Choice] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            field = ExactField(placeholder=self._placeholder or "", id="typed")
            field.display = self._placeholder is not None
            yield field
            yield OptionList(id="choices")

    def on_mount(self) -> None:
        self.label(self._title, "enter chooses", f"{key_of(self, 'choice.cancel')} cancels")
        self._narrow("")
        (self.query_one("#choices") if self._placeholder is None else self.query_one("#typed")).focus()

    def _narrow(self, typed: str) -> None:
        """Show what contains a text, and the text itself where it may be an answer and is not one of these."""
        words = typed.casefold()
        self._shown = [
            each
            for each in self._choices
            if words in (f"{each.label} {each.note} {each.words}" if self._menu else each.label).casefold()
            and (each.value or not typed)
        ]
        if self._menu:
            # What is called so stands before what is only told of with that word.
            self._shown.sort(key=lambda each: (each.off and bool(words), words not in each.label.casefold()))
        answers = self._placeholder is not None and not self._menu
        if typed and answers and all(each.value != typed for each in self._shown):
            self._shown.append(Choice(typed, typed, "as typed"))
        options = self.query_one("#choices", OptionList)
        options.clear_options()
        width = max((len(each.label) for each in self._shown if each.note), default=0)
        options.add_options(
            Option(
                Content(clean(f"{each.label:<{width}}  {each.note}" if each.note else each.label)), disabled=each.off
            )
            for each in self._shown
        )
        here = {each.value: place for place, each in reversed(list(enumerate(self._shown))) if not each.off}
        first = min(here.values(), default=None)
        options.highlighted = first if typed else here.get(self._current, first)

    @on(Input.Changed, "#typed")
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._narrow(self.query_one("#typed", ExactField).exact)

    @on(Input.Submitted, "#typed")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        number = self.query_one("#choices", OptionList).highlighted
        if number is not None:
            self.dismiss(self._shown[number].value)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index].value)

    def on_key(self, event: events.Key) -> None:
        """A list without a field has one as soon as somebody types."""
        field = self.query_one("#typed", ExactField)
        if self._placeholder is None and not field.has_focus and event.is_printable and event.character:
            event.stop()
            field.display = True
            field.insert_text_at_cursor(event.character)
            field.focus()

    def action_move(self, step: int) -> None:
        """Move the cursor of the list while the field has the focus."""
        options = self.query_one("#choices", OptionList)
        if step < 0:
            options.action_cursor_up()
        else:
            options.action_cursor_down()

    def action_leave(self) -> None:
        self.dismiss(None)
