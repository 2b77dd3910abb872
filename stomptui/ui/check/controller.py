"""Opens the check of the connected broker."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from stomptui.application.console import Console


class CheckController:
    """Has the action that checks.

    Args:
        screen: Over which the check is shown.
        console: Whose broker it is.
    """

    def __init__(self, screen: Screen[Any], console: Console) -> None:
        self._screen = screen
        self._console = console

    def action_check(self) -> None:
        """Ask the broker what it does, on connections of its own."""
        main = self._console.main_connection
        if main is None:
            self._screen.notify("Connect to a broker first.", severity="warning")
            return
        # Imported here: few people need it.
        from stomptui.ui.check.screen import CheckScreen

        self._screen.app.push_screen(CheckScreen(main.connection, self._console.profile))
