"""Holds a send back briefly while the broker is asked for its queues, so that a missing queue is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen
from textual.timer import Timer

from stomptui.application.console import Console

BOUND = 0.3
"""Seconds that a message waits for a fresh list of queues where there is an older one."""
FIRST_BOUND = 1.0
"""Seconds that it waits for the first list; what is not known by then is said."""


class DestinationCheck:
    """Lets messages through once it is known whether their queues are there, or once they have waited long enough.

    Args:
        screen: Whose timers and questions these are.
        console: Whose broker it is.
    """

    def __init__(self, screen: Screen[Any], console: Console) -> None:
        self._screen = screen
        self._console = console
        self._waiting: list[Callable[[], None]] = []
        self._timer: Timer | None = None

    def before(self, destination: str, go_on: Callable[[], None]) -> None:
        """Call `go_on` at once where nothing is to be waited for, else a moment later; in order."""
        if not self._console.advice.look_up(destination) and not self._waiting:
            go_on()
            return
        self._waiting.append(go_on)
        if self._timer is None:
            bound = BOUND if self._console.known.listed else FIRST_BOUND
            self._timer = self._screen.set_timer(bound, self.over)

    def answered(self) -> None:
        """The broker told something, or will not."""
        if self._waiting and not self._console.known.coming:
            self.over()

    def over(self) -> None:
        """Wait no longer."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.stop()
        waiting, self._waiting = self._waiting, []
        for go_on in waiting:
            go_on()
            if self._screen.app.screen is not self._screen:
                # A question came up: what was asked for after it was asked for without knowing of it.
                break
