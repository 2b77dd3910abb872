"""Asking what is to become of a durable subscription that is taken off the list."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from stomptui.protocol.clean import clean
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap import Place, bindings

Choice = Literal["end", "leave"]


class EndScreen(Dialog[Choice | None]):
    """Ask whether the broker shall delete what it keeps, or go on keeping it; None for neither.

    Args:
        destination: What is subscribed to, as shown.
        kept: What the broker keeps, in words.
        cannot_end: Why it cannot be deleted now, "" if it can.
    """

    DEFAULT_CSS = """
    EndScreen {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 72;
            max-width: 94%;
            height: auto;
            max-height: 94%;
            padding: 1 2;
            background: $panel;
            border-left: outer $primary;
            overflow-y: auto;
        }
        #end-question { text-style: bold; height: auto; }
        #end-detail { color: $text-muted; height: auto; margin-top: 1; }
        #end-problem { color: $text-error; height: auto; margin-top: 1; }
        #end-buttons { height: auto; margin-top: 1; align-horizontal: right; }
        Button { margin-left: 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.DURABLE_END)

    def __init__(self, destination: str, kept: str, cannot_end: str = "") -> None:
        super().__init__()
        self._destination = destination
        self._kept = kept
        self._cannot_end = cannot_end

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(
                clean(f"{self._destination} is a durable subscription. End it, or only leave it?"),
                id="end-question",
                markup=False,
            )
            yield Static(
                clean(
                    f"End: the broker deletes {self._kept}, with all that waits in it.\n"
                    "Leave: it stays at the broker and fills with what is published, without end, until somebody "
                    "subscribes to it again or ends it.",
                    "\n",
                ),
                id="end-detail",
                markup=False,
            )
            if self._cannot_end:
                yield Static(clean(f"It cannot be ended now: {self._cannot_end}."), id="end-problem", markup=False)
            with Horizontal(id="end-buttons"):
                yield Button("Cancel", id="end-cancel", compact=True)
                yield Button("Leave it", id="end-leave", compact=True)
                yield Button("End it", id="end-end", variant="error", compact=True, disabled=bool(self._cannot_end))

    def on_mount(self) -> None:
        self.query_one("#end-cancel", Button).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not (action == "answer" and parameters == ("end",) and self._cannot_end)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_answer((event.button.id or "").removeprefix("end-"))

    def action_answer(self, answer: str) -> None:
        self.dismiss("end" if answer == "end" else "leave" if answer == "leave" else None)
