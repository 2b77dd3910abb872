"""The small parts of the compose pane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from stomptui.protocol.clean import clean
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.widgets.text.completion import complete_path
from stomptui.ui.widgets.text.fields import ExactField

Said = tuple[str, str]
"""("error" | "warning" | "hint", text)."""
SIGNS = {"error": "✗ ", "warning": "! ", "hint": "· "}
"""What each begins with, the gravest first: colour alone does not tell."""


class Notes(Static):
    """What is to be said about the field above; takes no room while there is nothing."""

    DEFAULT_CSS = "Notes { height: auto; display: none; color: $text-muted; }"

    def __init__(self, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._said: list[Said] | None = None

    def say(self, said: Sequence[Said]) -> None:
        # Most keys change nothing here, and an update lays out the whole screen.
        if self._said == list(said):
            return
        self._said = list(said)
        styles = {"error": "$text-error", "warning": "$text-warning"}
        lines = [
            Content.styled(SIGNS[severity] + clean(text), styles[severity])
            if severity in styles
            else Content(SIGNS[severity] + clean(text))
            for severity, text in said
        ]
        self.update(Content("\n").join(lines))
        self.display = bool(said)


class Toggle(Static, can_focus=True):
    """A switch with a name."""

    DEFAULT_CSS = """
    Toggle { width: auto; height: 1; margin-right: 2; color: $text-success; }
    Toggle.-off { color: $text-muted; }
    Toggle:focus { background: $primary-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "press", "On/off", show=False)]

    class Pressed(Message):
        """The person wants it the other way round."""

        def __init__(self, toggle: Toggle) -> None:
            super().__init__()
            self.toggle = toggle

        @property
        def control(self) -> Toggle:
            return self.toggle

    def __init__(self, label: str, id: str, tooltip: str) -> None:
        super().__init__(f"● {label}", id=id, markup=False)
        self._label = label
        self.tooltip = tooltip

    def name_it(self, label: str) -> None:
        """Call it something else from now on."""
        if label != self._label:
            self._label = label
            self.update(f"{'○' if self.has_class('-off') else '●'} {label}")

    def show(self, on: bool) -> None:
        self.set_class(not on, "-off")
        self.update(f"{'●' if on else '○'} {self._label}", layout=False)

    def on_click(self) -> None:
        self.action_press()

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))


class Parts(Widget):
    """The parts of the pane by name, for a terminal too narrow to show them side by side."""

    DEFAULT_CSS = "Parts { height: 1; display: none; color: $text-muted; }"
    NAMES = ("body", "headers", "frame")

    class Chosen(Message):
        """The person wants to see a part."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__()
        self._labels = dict(zip(self.NAMES, ("Body", "Headers", "Frame"), strict=True))
        self._current = "body"

    def show(self, current: str, labels: dict[str, str]) -> None:
        self._current = current
        self._labels = labels
        self.refresh()

    def render(self) -> Content:
        return Content("  ").join(
            Content.styled(f" {label} ", "bold reverse") if name == self._current else Content(f" {label} ")
            for name, label in self._labels.items()
        )

    def on_click(self, event: events.Click) -> None:
        right = 0
        for name, label in self._labels.items():
            right += len(label) + 4
            if event.x < right - 1:
                self.post_message(self.Chosen(name))
                return


class StandIn(Static, can_focus=True):
    """Stands where the body would be edited when it is not text, too large, or in a file."""

    DEFAULT_CSS = """
    StandIn { height: 1fr; display: none; color: $text-muted; padding: 0 1; }
    StandIn:focus { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.BODY_FILE)

    class Dropped(Message):
        """The person wants to write a body instead."""

    def __init__(self) -> None:
        super().__init__("", id="stand-in", markup=False)

    def action_drop(self) -> None:
        self.post_message(self.Dropped())


class PathPrompt(ExactField):
    """Asks for the file whose bytes are the body."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.BODY_PATH)

    class Left(Message):
        """The person thought better of it."""

    def __init__(self) -> None:
        super().__init__(placeholder="path of the file, empty for none", id="path")
        complete_path(self)

    def action_leave(self) -> None:
        self.post_message(self.Left())
