"""The switches of a draft: receipt, content-length, persistent."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from stomptui.compose.compose_context import DraftSwitch
from stomptui.compose.draft_model import DraftModel

_IDS = {
    DraftSwitch.RECEIPT: "receipt",
    DraftSwitch.CONTENT_LENGTH: "length",
    DraftSwitch.PERSISTENT: "persistent",
    DraftSwitch.VARIABLES: "variables",
}
_TOOLTIPS = {
    DraftSwitch.RECEIPT: "Ask the broker to confirm that it received the message",
    DraftSwitch.CONTENT_LENGTH: "Send the length of the body; a body with a NUL needs it",
    DraftSwitch.PERSISTENT: "Ask the broker to keep the message over a restart",
    DraftSwitch.VARIABLES: "Fill in {{…}} when the message is sent",
}
_SHORT = {DraftSwitch.CONTENT_LENGTH: "length"}
"""Labels where space is scarce."""


class Toggle(Static, can_focus=True):
    """One switch with its name."""

    DEFAULT_CSS = """
    Toggle { width: auto; height: 1; margin-right: 2; color: $text-success; }
    Toggle.-off { color: $text-muted; }
    Toggle:focus { background: $primary-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "press", "On/off", show=False)]

    class Pressed(Message):
        """The person wants it the other way round."""

        def __init__(self, switch: DraftSwitch) -> None:
            super().__init__()
            self.switch = switch

    def __init__(self, switch: DraftSwitch) -> None:
        super().__init__(f"● {switch.value}", id=_IDS[switch], markup=False)
        self.switch = switch
        self.tooltip = _TOOLTIPS[switch]
        self._short = False
        self._on = True

    @property
    def _label(self) -> str:
        label = _SHORT.get(self.switch, self.switch.value) if self._short else self.switch.value
        return f"{'○' if self.has_class('-off') else '●'} {label}"

    def shorten(self, short: bool) -> None:
        """Use a short name, where there is one, or the whole."""
        if short != self._short:
            self._short = short
            self.update(self._label)

    def show(self, on: bool) -> None:
        """Show whether it is on."""
        if on is not self._on:
            self._on = on
            self.set_class(not on, "-off")
            self.update(self._label, layout=False)

    def on_click(self) -> None:
        self.action_press()

    def action_press(self) -> None:
        self.post_message(self.Pressed(self.switch))


class Switches(Horizontal):
    """The switches of a draft that add headers, side by side; a press reaches the pane as `Toggle.Pressed`.

    Args:
        model: The draft.
    """

    DEFAULT_CSS = "Switches { height: 1; }"

    def __init__(self, model: DraftModel) -> None:
        super().__init__(id="switches")
        self._model = model
        self._toggles = [Toggle(switch) for switch in DraftSwitch if switch is not DraftSwitch.VARIABLES]

    def compose(self) -> ComposeResult:
        yield from self._toggles

    def show(self) -> None:
        """Show what is on in the draft."""
        for toggle in self._toggles:
            toggle.display = toggle.switch not in self._model.context.absent
            toggle.show(self._model.is_on(toggle.switch))

    def shorten(self, short: bool) -> None:
        """Use short names where there are some, or the whole ones."""
        for toggle in self._toggles:
            toggle.shorten(short)
