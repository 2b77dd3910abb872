"""Going from one error of the log to another, and counting those so far no longer."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.ui.widgets.log.view import LogView

NO_ERROR = "There is no error."


class ErrorSteps:
    """A controller with the keys for errors.

    Args:
        log: The log.
        go_to: Puts the cursor on the row with a number.
    """

    def __init__(self, log: LogView, go_to: Callable[[int], object]) -> None:
        self._log = log
        self._go_to = go_to

    def action_last_error(self) -> None:
        """The newest error there is."""
        last = self._log.journal.errors.last
        if last is None:
            self._log.app.notify(NO_ERROR)
        else:
            self._look_at(last)

    def action_close_errors(self) -> None:
        """Count the errors so far as open no longer."""
        self._log.journal.errors.close()
        self._log.post_message(self._log.StateChanged(self._log))

    def action_error(self, step: int) -> None:
        """The error before or after the cursor."""
        log = self._log
        here = log.journal.end if log.cursor is None else log.cursor
        number = log.journal.errors.before(here) if step < 0 else log.journal.errors.after(here)
        if number is None:
            log.app.notify("There is no error before this row." if step < 0 else "There is no error after this row.")
        else:
            self._look_at(number)

    def _look_at(self, number: int) -> None:
        self._go_to(number)
        self._log.look_at(number)
