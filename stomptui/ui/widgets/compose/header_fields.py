"""The two fields of a header line. A colon behind the name goes on to the value, and pasted lines become lines."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.message import Message

from stomptui.compose.header_text import pasted
from stomptui.compose.pasted import Pasted
from stomptui.ui.widgets.text.exact import exact
from stomptui.ui.widgets.text.fields import ExactField


class Split(Message):
    """What was typed or pasted into a field of a header line belongs into others too.

    Args:
        field: Where it was typed or pasted.
        pasted: The header lines that were pasted; None if a colon was typed behind the name.
    """

    def __init__(self, field: ExactField, pasted: Pasted | None) -> None:
        super().__init__()
        self.field = field
        self.pasted = pasted


class NameField(ExactField):
    """The name of a header.

    While there is no value yet, a colon typed at its end goes on to the value. With one, a colon is part of the name.

    Args:
        text: The name.
        edited: As of `ExactField`.
        has_value: Whether the line has a value.
    """

    def __init__(self, text: str, *, edited: Callable[[], None], has_value: Callable[[], bool]) -> None:
        super().__init__(text, edited=edited, placeholder="name", id="name")
        self._has_value = has_value

    def on_key(self, event: events.Key) -> None:
        at_end = self.selection.is_empty and self.cursor_position == len(self.value)
        if event.character == ":" and self.value and at_end and not self._has_value():
            event.stop()
            event.prevent_default()
            self.post_message(Split(self, None))

    def _paste(self, text: str) -> None:
        begin, end = sorted(self.selection)
        whole = f"{exact(self.value[:begin])}{text}{exact(self.value[end:])}"
        found = Pasted([]) if self._has_value() else pasted(whole)
        if found.lines:
            self.post_message(Split(self, found))
        else:
            super()._paste(text)


class ValueField(ExactField):
    """The value of a header.

    Args:
        text: The value.
        edited: As of `ExactField`.
        has_name: Whether the line has a name; without one, pasted header lines become lines.
    """

    def __init__(self, text: str, *, edited: Callable[[], None], has_name: Callable[[], bool]) -> None:
        super().__init__(text, edited=edited, placeholder="value", id="value")
        self._has_name = has_name
        self._after_colon = False

    def follow_colon(self) -> None:
        """The colon was typed: a blank right behind it is for the eye, and no part of the value."""
        self._after_colon = True

    def on_key(self, event: events.Key) -> None:
        if self._after_colon and event.character == " " and not self.value:
            event.stop()
            event.prevent_default()
        self._after_colon = False

    def _paste(self, text: str) -> None:
        found = Pasted([]) if self.value or self._has_name() else pasted(text)
        if found.lines:
            self.post_message(Split(self, found))
        else:
            super()._paste(text)
