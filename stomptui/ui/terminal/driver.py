"""Writing to a terminal that may have gone away, without blocking the app."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TextIO

from textual.driver import Driver

from stomptui.config.output import fitting
from stomptui.ui.terminal.cell_widths import contained
from stomptui.ui.terminal.output import HANG_UP

log = logging.getLogger(__name__)


class Screenless:
    """A text file that forgets what it is given once the terminal behind it is gone.

    Textual's writing thread would die of the first error, and the event loop would wait for it for ever.

    Args:
        file: The terminal.
        gone: Called once, in the thread that writes, when the terminal is found gone.
    """

    def __init__(self, file: TextIO, gone: Callable[[], None]) -> None:
        self._file = file
        self._gone = gone
        self._lost = False

    def write(self, text: str) -> int:
        if not self._lost:
            try:
                # A terminal of another encoding than UTF-8 is painted on with what it has.
                self._file.write(fitting(text, self._file.encoding))
            except (OSError, ValueError) as error:
                self._lose(error)
        return len(text)

    def flush(self) -> None:
        if not self._lost:
            try:
                self._file.flush()
            except (OSError, ValueError) as error:
                self._lose(error)

    def isatty(self) -> bool:
        return self._file.isatty()

    def fileno(self) -> int:
        return self._file.fileno()

    def _lose(self, error: Exception) -> None:
        self._lost = True
        log.warning("the terminal went away: %s", error)
        self._gone()


def forgiving(base: type[Driver]) -> type[Driver]:
    """The same driver, leaving the app when its terminal goes away, and keeping what is drawn in its cells."""
    if base.__module__ == "textual.drivers.linux_driver":
        from stomptui.ui.terminal.posix import PosixDriver

        # Its output knows of itself when the terminal goes away.
        return PosixDriver
    if base.__module__ == "stomptui.ui.terminal.browser":
        return base

    class Forgiving(base):  # type: ignore[misc, valid-type]
        def __init__(self, app: Any, **options: Any) -> None:
            super().__init__(app, **options)
            file = getattr(self, "_file", None)
            if file is not None:
                self._file = Screenless(file, lambda: app.call_later(app.exit, return_code=HANG_UP))

        def write(self, data: str) -> None:
            super().write(contained(data))

    return Forgiving
