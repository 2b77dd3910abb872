"""A question answered with one line of text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.terminal.key_order import WAITED_FOR
from stomptui.ui.widgets.text.completion import complete_path
from stomptui.ui.widgets.text.fields import ExactField

SOON = 0.3
"""Seconds after which it is said that a disk is waited for."""


class PromptScreen(Dialog[str | None]):
    """Ask for one line. Dismisses with the text, or None when the person left.

    Args:
        question: What is asked; painted as it is, never as markup.
        value: The text to begin with.
        placeholder: An example, shown while the field is empty.
        password: Whether the text is masked; f3 shows it.
        check: Returns what is wrong with a text, "" if nothing is; a wrong text cannot be entered.
        path: Whether the text is the path of a file, and completed as one; then `check` is called in a thread, since a
            disk may take its time.
    """

    DEFAULT_CSS = """
    PromptScreen {
        .title { margin-bottom: 1; }
        .problem { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.PROMPT)

    def __init__(
        self,
        question: str,
        value: str = "",
        placeholder: str = "",
        password: bool = False,
        check: Callable[[str], str] | None = None,
        path: bool = False,
    ) -> None:
        super().__init__(classes="-small")
        self._question = question
        self._value = value
        self._placeholder = placeholder
        self._password = password
        self._path = path
        self._check = check or (lambda text: "")

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(clean(self._question), classes="title", id="prompt-question", markup=False)
            field = ExactField(self._value, placeholder=self._placeholder, id="prompt-input")
            field.password = self._password
            field.select_on_focus = True
            if self._path:
                complete_path(field)
            yield field
            yield Static("", classes="problem", id="prompt-problem", markup=False)

    def on_mount(self) -> None:
        shows = (f"{key_of(self, 'prompt.reveal')} shows it",) if self._password else ()
        self.label("", "enter accepts", f"{key_of(self, 'prompt.cancel')} cancels", *shows)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._password if action == "reveal" else True

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = self.query_one("#prompt-input", ExactField).exact
        if self._path:
            self._check_path(text)
        else:
            self._enter(text, self._check(text))

    @work(group=WAITED_FOR, exclusive=True)
    async def _check_path(self, text: str) -> None:
        checking = asyncio.create_task(asyncio.to_thread(self._check, text))
        if not (await asyncio.wait({checking}, timeout=SOON))[0]:
            self.query_one("#prompt-problem", Static).update("checking whether it can be written…")
        problem = await checking
        if text == self.query_one("#prompt-input", ExactField).exact:
            self._enter(text, problem)

    def _enter(self, text: str, problem: str) -> None:
        self.query_one("#prompt-problem", Static).update(Content(clean(f"✗ {problem}") if problem else ""))
        if not problem:
            self.dismiss(text)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#prompt-problem", Static).update("")

    def action_reveal(self) -> None:
        field = self.query_one("#prompt-input", ExactField)
        field.password = not field.password

    def action_leave(self) -> None:
        self.dismiss(None)
