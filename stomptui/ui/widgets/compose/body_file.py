"""A body that is not edited: what stands in its place, and the question for the path of a file."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.text.completion import complete_path
from stomptui.ui.widgets.text.fields import ExactField


class BodyPlaceholder(Static, can_focus=True):
    """Stands where the body would be edited when it is not text, too large, or in a file."""

    DEFAULT_CSS = """
    BodyPlaceholder { height: 1fr; display: none; color: $text-muted; padding: 0 1; }
    BodyPlaceholder:focus { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.BODY_FILE)

    class Dropped(Message):
        """The person wants to write a body instead."""

    def __init__(self) -> None:
        super().__init__("", id="stand-in", markup=False)

    def action_drop(self) -> None:
        self.post_message(self.Dropped())


class PathPrompt(ExactField):
    """Asks for the path of the file whose bytes are the body."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.BODY_PATH)

    class Cancelled(Message):
        """The person does not want a file after all."""

    def __init__(self) -> None:
        super().__init__(placeholder="path of the file, empty for none", id="path")
        complete_path(self)

    def action_leave(self) -> None:
        self.post_message(self.Cancelled())
