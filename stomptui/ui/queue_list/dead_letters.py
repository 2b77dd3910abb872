"""Dead letters on the screen: their number in the status bar, rows of the log, an alert, and the way to their queue."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Any

from textual.message import Message
from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.dead_letters.news import QueueChange, alert_text, rows
from stomptui.application.dead_letters.watch import DeadLetterAnswer, DeadLetterWatch
from stomptui.config.settings import DeadLetterWish
from stomptui.journal.entry import NoteKind
from stomptui.protocol.clean import clean
from stomptui.ui.queue_list.texts import sentence
from stomptui.ui.terminal.alerts import alert


class DeadLettersCounted(Message):
    """The broker was asked for its dead letters; posted from the thread that asks."""

    def __init__(self, answer: DeadLetterAnswer) -> None:
        super().__init__()
        self.answer = answer


class DeadLetters:
    """A controller, also of the list of queues: watches dead letters as the person wants it, and tells of new ones.

    Args:
        screen: Gets `DeadLettersCounted`, and passes it to `handle`.
        console: Whose broker it is.
        wish: Returns how dead letters are watched.
        settle: Called when the screen is to be brought up to date.
    """

    def __init__(
        self,
        screen: Screen[Any],
        console: Console,
        wish: Callable[[], DeadLetterWish],
        settle: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._console = console
        self._wish = wish
        self._settle = settle
        self.watch = DeadLetterWatch(
            console, lambda: wish().every, lambda answer: screen.post_message(DeadLettersCounted(answer)), self
        )
        console.attach(self.watch)

    def handle(self, message: DeadLettersCounted) -> None:
        """The broker answered."""
        self.watch.receive(message.answer)
        self._settle()

    def action_watch(self) -> None:
        """Watch them, or no longer, as long as this broker is not left."""
        if every := self.watch.switch():
            text = f"Dead letters are counted every {every} s until you leave this broker."
        else:
            text = "Dead letters are not counted any more."
        self._screen.notify(text, timeout=4)
        self._settle()

    def dead_letters_changed(self, found: list[QueueChange]) -> None:
        """Dead-letter queues got messages or were emptied."""
        for row in rows(found):
            self._note(row)
        main = self._console.main_connection
        broker = self._console.profile or (main.connection.host if main is not None else "")
        if text := alert_text(found, broker):
            alert(self._screen.app, self._wish().alert, text)

    def dead_letters_unknown(self, reason: str) -> None:
        """The broker does not tell."""
        self._note(f"not counted: {reason}")
        self._screen.notify(sentence(reason), title="Dead letters are not counted", severity="warning")

    def _note(self, text: str) -> None:
        self._console.journal.append_note(NoteKind.DEAD_LETTERS, clean(text), time())
