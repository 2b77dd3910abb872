"""The box of a dialog that asks: a question, what to know before it is answered, and a button for each answer."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from stomptui.protocol.clean import clean


class Question(Vertical):
    """What confirmation dialogs have in common. Texts are painted as they are, never as markup.

    Args:
        question: What is asked.
        buttons: One for each answer.
        detail: What the answers do, in smaller words; it may have several lines.
        problem: What stands against one of the answers.
        stacked: Whether the buttons are one below the other, for long labels.
    """

    DEFAULT_CSS = """
    Question.-stacked Button {
        width: 100%;
        height: auto;
        margin-left: 0;
        content-align: left middle;
        text-align: left;
    }
    Question.-stacked .detail { margin: 1 0; }
    """

    def __init__(
        self, question: str, buttons: Sequence[Button], *, detail: str = "", problem: str = "", stacked: bool = False
    ) -> None:
        super().__init__(classes="box -stacked" if stacked else "box")
        self._question = question
        self._detail = detail
        self._problem = problem
        self._buttons = buttons
        self._stacked = stacked

    def compose(self) -> ComposeResult:
        yield Static(clean(self._question), classes="title", markup=False)
        if self._detail:
            yield Static(clean(self._detail, "\n"), classes="detail", markup=False)
        if self._problem:
            yield Static(clean(self._problem), classes="problem", markup=False)
        if self._stacked:
            yield from self._buttons
        else:
            yield Horizontal(*self._buttons, classes="buttons")
