"""The list of saved profiles beside the connection form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, get_args

from textual import events, on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from stomptui.config.connection import Connection
from stomptui.config.environment import UNMARKED
from stomptui.config.profiles import ProfileError, Profiles
from stomptui.protocol.clean import clean
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place

QUIET = "$foreground-muted"
Change = Literal["rename", "duplicate", "delete"]
"""What can be done to a profile in the list."""


class ProfileList(OptionList):
    """Names and places of the profiles, what can be done to the highlighted one, and one line for a new one.

    Args:
        profiles: Where they are kept.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.PROFILES)

    class Chosen(Message):
        """A profile is to be loaded; "" is a new one."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class ChangeRequested(Message):
        """A profile is to be renamed, duplicated or deleted."""

        def __init__(self, name: str, change: Change) -> None:
            super().__init__()
            self.name = name
            self.change = change

    def __init__(self, profiles: Profiles) -> None:
        super().__init__(id="profiles", compact=True)
        self._profiles = profiles
        self._found: Mapping[str, Connection | None] = {}
        self._shown: list[str] = []
        self._current = ""
        self._opened = ""
        """The profile below which it is shown what can be done to it, "" if none."""

    def fill(self, current: str = "") -> str:
        """Read the profiles anew, with one of them highlighted. Returns what is wrong with the file, "" if nothing."""
        problem = ""
        try:
            found = self._profiles.connections()
        except ProfileError as error:
            found, problem = {}, str(error)
        if found is self._found and found:
            # Of a thousand no more than two look different.
            before, self._current = self._current, current
            self._write(before, current)
        else:
            self._found, self._shown, self._current, self._opened = found, list(found), current, ""
            self.clear_options()
            self.add_options([*(Option(self._words(name)) for name in found), Option(Content.styled("+ new", QUIET))])
        if current in found:
            self.highlighted = self._shown.index(current)
        return problem

    def _write(self, *names: str) -> None:
        """Bring the rows of some profiles up to date."""
        for name in {*names} & self._found.keys():
            self.replace_option_prompt_at_index(self._shown.index(name), self._words(name))

    def _words(self, name: str) -> Content:
        connection = self._found[name]
        if connection is None:
            where, style = "✗ cannot be read", "$text-error"
        else:
            where, style = clean(connection.where), QUIET
            if connection.transport.encrypted:
                where += " TLS"
        title = Content.styled(clean(name), "bold $text-accent" if name == self._current else "bold")
        lines = [title, Content.styled(where, style)]
        environment = connection.environment if connection is not None else UNMARKED
        lines += [Content.styled(word, "bold") for word in environment.words]
        if colour := environment.shown_colour.value:
            stripe = Content.styled("▌", f"$mark-{colour}")
            lines = [stripe + line for line in lines]
        return Content("\n").join([*lines, *self._changes(name)])

    def _changes(self, name: str) -> list[Content]:
        """What can be done to a profile, to be clicked on: in one line, or in two where the list is narrow."""
        if name != self._opened:
            return []
        words = [
            Content.styled(change.capitalize(), f"$text-primary underline @click=change('{change}')")
            for change in get_args(Change)
        ]
        line = Content(" ").join(words)
        narrow = line.cell_length > self.scrollable_content_region.width
        return [Content(" ").join(words[:2]), words[2]] if narrow else [line]

    @property
    def _under_cursor(self) -> str:
        place = self.highlighted
        return self._shown[place] if place is not None and place < len(self._shown) else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._under_cursor) if action == "change" else True

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        before, self._opened = self._opened, self._under_cursor
        if before != self._opened:
            self._write(before, self._opened)
            self.scroll_to_highlight()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self._write(self._opened)

    async def _on_click(self, event: events.Click) -> None:
        if "@click" in event.style.meta:
            # The profile itself was not clicked: it is not loaded.
            event.prevent_default()
            await self.broker_event("click", event)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        name = self._shown[event.option_index] if event.option_index < len(self._shown) else ""
        self.post_message(self.Chosen(name))

    def action_change(self, change: Change) -> None:
        if self._under_cursor:
            self.post_message(self.ChangeRequested(self._under_cursor, change))

    def action_new(self) -> None:
        self.post_message(self.Chosen(""))
