"""A crash: the traceback goes to the log file, and the terminal is restored."""

from __future__ import annotations

import logging
from typing import Any

from textual.css.query import NoMatches
from textual.driver import Driver

from stomptui.ui.terminal.driver import forgiving

log = logging.getLogger(__name__)


class QuietCrash:
    """Put before `App` among the bases of an app: exceptions nobody caught end it and are kept in `crash`.

    Textual would print a traceback with local variables, passwords among them, on the terminal.
    """

    crash: BaseException | None = None
    _leaves = False

    def exit(self, *args: Any, **keywords: Any) -> None:
        self._leaves = True
        super().exit(*args, **keywords)  # type: ignore[misc]

    def _handle_exception(self, error: Exception) -> None:
        if self._leaves and isinstance(error, NoMatches):
            # Whatever was still to be shown, as a form that is about to open, finds its widgets gone.
            log.info("not shown any more", exc_info=error)
            return
        log.critical("stomptui crashed", exc_info=error)
        self.crash = self.crash or error
        super()._handle_exception(error)  # type: ignore[misc]

    def _print_error_renderables(self) -> None:
        self._exit_renderables: list[Any] = []

    def get_driver_class(self) -> type[Driver]:
        usual: type[Driver] = super().get_driver_class()  # type: ignore[misc]
        return forgiving(usual)
