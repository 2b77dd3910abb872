"""In production, the name of a queue is typed before its messages are taken out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.screen import Screen

from stomptui.protocol.names import is_name_of, shown
from stomptui.ui.dialogs.prompt import PromptScreen
from stomptui.ui.environment import environment_of


class TypedNameScreen(PromptScreen):
    """Ask for the name of a queue; another text cannot be entered. Dismisses with the text, or None.

    Args:
        what: What is about to be done, as a sentence without a full stop.
        queue: The queue.
    """

    DECIDES: ClassVar[bool] = True

    def __init__(self, what: str, queue: str) -> None:
        super().__init__(
            f"PRODUCTION: {what}. Type the name of the queue to do it.",
            placeholder=shown(queue),
            check=lambda text: "" if is_name_of(text, queue) else f"that is not {shown(queue)}",
        )
        self.add_class("-danger")


def once_typed(screen: Screen[Any], queue: str, what: str, go_on: Callable[[], object]) -> None:
    """Go on; in production once the person has typed the name of the queue.

    Args:
        screen: Over which it is asked.
        queue: The queue whose messages are taken out; "" if it needs no question.
        what: As of `TypedNameScreen`.
        go_on: Does it.
    """
    if not queue or not environment_of(screen.app).production:
        go_on()
        return

    def answered(text: str | None) -> None:
        if text is not None:
            go_on()

    screen.app.push_screen(TypedNameScreen(what, queue), answered)
