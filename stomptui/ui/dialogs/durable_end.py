"""Asks whether the broker deletes a durable subscription that is removed from the list, or keeps it."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Button

from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.dialogs.question import Question
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place

DurableChoice = Literal["end", "leave"]
"""What becomes of it: the broker deletes it, or keeps it."""


class EndScreen(Dialog[DurableChoice | None]):
    """Asks whether the broker deletes what it keeps, or goes on keeping it. Dismisses with None for neither.

    Args:
        destination: What is subscribed to, as shown.
        kept: What the broker keeps, in words.
        cannot_end: Why it cannot be deleted now, None if it can.
    """

    DECIDES = True
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.DURABLE_END)

    def __init__(self, destination: str, kept: str, cannot_end: str | None = None) -> None:
        super().__init__(classes="-small")
        self._destination = destination
        self._kept = kept
        self._cannot_end = cannot_end

    def compose(self) -> ComposeResult:
        yield Question(
            f"{self._destination} is a durable subscription. End it, or only leave it?",
            (
                Button("Cancel", id="end-cancel", compact=True),
                Button("Leave it", id="end-leave", compact=True),
                Button("End it", id="end-end", variant="error", compact=True, disabled=self._cannot_end is not None),
            ),
            detail=(
                f"End: the broker deletes {self._kept} and all messages waiting in it.\n"
                "Leave: it stays at the broker and collects what is published, without end, until somebody subscribes "
                "to it again or ends it."
            ),
            problem=f"It cannot be ended now: {self._cannot_end}." if self._cannot_end is not None else "",
        )

    def on_mount(self) -> None:
        end, leave, cancel = (key_of(self, f"end.{name}") for name in ("end", "leave", "cancel"))
        ends = (f"{end} ends it",) if self._cannot_end is None else ()
        self.label("", *ends, f"{leave} leaves it", f"{cancel} cancels")
        self.query_one("#end-cancel", Button).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not (action == "answer" and parameters == ("end",) and self._cannot_end is not None)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_answer((event.button.id or "").removeprefix("end-"))

    def action_answer(self, answer: str) -> None:
        self.dismiss("end" if answer == "end" else "leave" if answer == "leave" else None)
