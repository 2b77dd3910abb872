"""Edits the whole list of header lines as one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from stomptui.compose.draft import HeaderLine
from stomptui.compose.headers_as_text import HeadersAsText
from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.reveal import shows_secrets
from stomptui.ui.widgets.text.editor import Editor

HOW = r"name: value, one on each line; # switches a line off. \n is a line end, \\ a backslash, \s a blank at an edge."
SECRETS = " «secret 1» stands for the present value: type over it to change it."


class HeadersTextScreen(Dialog["list[HeaderLine] | None"]):
    """Edit header lines as text. Dismisses with the lines, or None when the person left them as they were.

    Args:
        lines: The lines to begin with.
    """

    DEFAULT_CSS = """
    HeadersTextScreen {
        & > .box { height: 80%; }
        #headers-text { height: 1fr; background: $surface; }
        .detail { margin: 0 0 1 0; }
        .problem { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.HEADERS_TEXT)

    def __init__(self, lines: Sequence[HeaderLine]) -> None:
        super().__init__()
        self._lines = lines
        self._written = HeadersAsText(lines)
        self._editor = Editor(self._typed, id="headers-text")

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static("", classes="detail", id="headers-how", markup=False)
            yield self._editor
            yield Static("", classes="problem", id="headers-problem", markup=False)
            yield Horizontal(
                Button("Cancel", id="headers-leave", compact=True),
                Button("Apply", id="headers-take", variant="primary", compact=True),
                classes="buttons",
            )

    def on_mount(self) -> None:
        self._written = HeadersAsText(self._lines, masked=not shows_secrets(self))
        self.query_one("#headers-how", Static).update(Content(HOW + (SECRETS if self._written.has_secrets else "")))
        take, leave = key_of(self, "headers_text.take"), key_of(self, "headers_text.leave")
        self.label("Headers as text", f"{take} applies them", f"{leave} cancels")
        self._editor.exact = self._written.text
        self._editor.focus()

    def _typed(self) -> None:
        faults = self._written.read(self._editor.exact).faults
        self._editor.set_class(bool(faults), "-wrong")
        told = [f"line {fault.line}: {fault.text}" for fault in faults[:3]]
        told += [f"and {len(faults) - 3} more lines"] if len(faults) > 3 else []
        self.query_one("#headers-problem", Static).update(Content(clean("\n".join(f"✗ {line}" for line in told), "\n")))

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "headers-take":
            self.action_take()
        else:
            self.action_leave()

    def action_take(self) -> None:
        read = self._written.read(self._editor.exact)
        if read.faults:
            self._typed()
            self._editor.move_cursor((read.faults[0].line - 1, 0))
            self._editor.focus()
        else:
            self.dismiss(read.lines)

    def action_leave(self) -> None:
        if self._editor.exact == self._written.text:
            self.dismiss(None)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(None)

        question = ConfirmScreen("Discard what you changed?", yes="Discard", no="Keep editing", danger=True)
        self.app.push_screen(question, answered)
