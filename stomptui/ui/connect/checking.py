"""What is said, or asked, before a connection that was typed is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from stomptui.config.connection import Connection
from stomptui.config.header_sources import sources_in
from stomptui.ui.connect.form import ConnectForm
from stomptui.ui.connect.outcome import ConnectOutcome
from stomptui.ui.dialogs.confirm import ConfirmScreen


class FormCheck:
    """Gives the connection of a form once nothing is wrong with it and the person agreed to what it reads.

    Args:
        screen: Where it is asked.
        form: The form.
        outcome: Where it is said what is wrong, if the form has no place for it.
    """

    def __init__(self, screen: Screen[Any], form: ConnectForm, outcome: ConnectOutcome) -> None:
        self._screen = screen
        self._form = form
        self._outcome = outcome

    def checked(self, again: Callable[[], None]) -> Connection | None:
        """The connection, or None after telling what is wrong with it, or asking about it.

        Args:
            again: What to do once the person agreed.
        """
        form = self._form
        form.settle()
        connection, wrong = form.connection()
        form.problems.touch_all()
        if not wrong:
            if sources := [found for found in sources_in(connection) if found not in form.sources]:
                self._screen.run_worker(self._ask_about(sources, again))
                return None
            return connection
        name, text = next(iter(wrong.items()))
        self._outcome.say("" if form.problems.has_place(name) else f"✗ {text}", bad=True)
        form.focus_field(name)
        return None

    async def _ask_about(self, sources: list[str], again: Callable[[], None]) -> None:
        """Ask about sources of header values that came by typing or pasting, and may be somebody else's."""
        runs = any(source.startswith("command ") for source in sources)
        what = "A command is run on this computer" if runs else "Something is read on this computer"
        text = f"{what}, each time it connects, and sent to the server. Do it?"
        question = ConfirmScreen(text, "Do it", "Don't", detail="\n".join(sources))
        if await self._screen.app.push_screen_wait(question):
            self._form.sources.update(sources)
            again()
