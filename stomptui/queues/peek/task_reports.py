"""Reporting what the tasks of a peek, or of actions elsewhere, do, and why one of them failed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from stomptui.connection.blocking_client import ClientError
from stomptui.connection.errors import SessionError
from stomptui.connection.program_log import LOGGER, defect
from stomptui.queues.peek import reports
from stomptui.queues.refusal_texts import reason_of


class TaskReports:
    """For one thread.

    Args:
        tell: Called with each report; must not block.
        around: Made with what is to be done ("plan", "act", ...), and entered while it is.
    """

    def __init__(
        self,
        tell: Callable[[reports.Report], None],
        around: Callable[[str], contextlib.AbstractContextManager[None]] = lambda what: contextlib.nullcontext(),
    ) -> None:
        self.busy = ""
        """What is being done: "peeking", "moving", ...; "" if nothing is."""
        self._what = "peek"
        self._tell = tell
        self._around = around

    def report(self, report: reports.Report) -> None:
        """Hand a report over."""
        try:
            self._tell(report)
        except Exception:
            LOGGER.exception("a report of a peek could not be handed over")

    def doing(self, what: str, word: str, do: Callable[[], None]) -> None:
        """Do something that may fail, and report it if it does.

        Args:
            what: As of `reports.Failed`.
            word: As of `busy`.
            do: Does it.
        """
        self._what = what
        with self._around(what):
            self.busy = word
            try:
                do()
            except ClientError as error:
                self.report(reports.Failed(time.time(), what, reason_of(error), error.server_text))
            except (SessionError, ValueError) as error:
                self.report(reports.Failed(time.time(), what, str(error)))
            finally:
                self.busy = ""

    def failed(self, error: Exception) -> None:
        """Report that something failed in an unexpected way."""
        told = defect(error, "a peek failed in an unexpected way")
        self.report(reports.Failed(time.time(), self._what, told))
