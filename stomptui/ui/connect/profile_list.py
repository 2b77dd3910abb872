"""The list of saved profiles beside the connection form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from stomptui.config.connection import Connection
from stomptui.config.profiles import ProfileError, Profiles
from stomptui.protocol.clean import clean
from stomptui.ui.keymap import Place, bindings

QUIET = "$foreground-muted"


class ProfileList(OptionList):
    """Names and places of the profiles, and one line for a new one.

    Args:
        profiles: Where they are kept.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.PROFILES)

    class Chosen(Message):
        """A profile is to be loaded; "" is a new one."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class RemoveRequested(Message):
        """A profile is to be deleted."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, profiles: Profiles) -> None:
        super().__init__(id="profiles", compact=True)
        self._profiles = profiles
        self._found: Mapping[str, Connection | None] = {}
        self._shown: list[str] = []
        self._current = ""

    def fill(self, current: str = "") -> str:
        """Read the profiles anew, with one of them highlighted. Returns what is wrong with the file, "" if nothing."""
        problem = ""
        try:
            found = self._profiles.connections()
        except ProfileError as error:
            found, problem = {}, str(error)
        if found is self._found and found:
            # Of a thousand no more than two look different.
            for name in {self._current, current} & found.keys():
                self.replace_option_prompt_at_index(self._shown.index(name), self._words(name, current))
        else:
            self._found, self._shown = found, list(found)
            self.clear_options()
            self.add_options(
                [*(Option(self._words(name, current)) for name in found), Option(Content.styled("+ new", QUIET))]
            )
        self._current = current
        if current in found:
            self.highlighted = self._shown.index(current)
        return problem

    def _words(self, name: str, current: str) -> Content:
        connection = self._found[name]
        if connection is None:
            where, style = "✗ cannot be read", "$text-error"
        else:
            where, style = clean(connection.where), QUIET
            if connection.transport.encrypted:
                where += " TLS"
        title = Content.styled(clean(name), "bold $text-accent" if name == current else "bold")
        return Content("\n").join([title, Content.styled(where, style)])

    @property
    def _under_cursor(self) -> str:
        place = self.highlighted
        return self._shown[place] if place is not None and place < len(self._shown) else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._under_cursor) if action == "remove" else True

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        name = self._shown[event.option_index] if event.option_index < len(self._shown) else ""
        self.post_message(self.Chosen(name))

    def action_remove(self) -> None:
        if self._under_cursor:
            self.post_message(self.RemoveRequested(self._under_cursor))

    def action_new(self) -> None:
        self.post_message(self.Chosen(""))
