"""What is asked of an original, wherever it is, and how what its thread reports is waited for."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Protocol, TypeVar

from stomptui.protocol.server_words import with_server_words
from stomptui.queues.actions.action import Action, ActionResult, DryRun, MessageOutcome
from stomptui.queues.peek import reports

R = TypeVar("R", bound=reports.Report)


class NotRepaired(Exception):
    """Nothing was sent; the text says why."""


class Original(Protocol):
    """A message that an edited one is to take the place of. Any method but `close` may raise `NotRepaired`."""

    async def find(self) -> None:
        """Have it at hand; to be called first."""

    async def plan(self, action: Action) -> DryRun:
        """What an action would do with it."""

    async def act(self, action: Action) -> tuple[ActionResult, MessageOutcome | None]:
        """Carry an action out with it. Where this raises, it is not known whether something was sent.

        Returns:
            What became of the action, and of the message; None if nothing was tried with it.
        """

    def close(self) -> None:
        """Let go of it; does not wait."""


class ReportQueue:
    """Reports of a thread, for the event loop that this is made in."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._told: asyncio.Queue[reports.Report] = asyncio.Queue()

    def tell(self, report: reports.Report) -> None:
        """Take a report; from any thread."""
        # The loop is closed once the app has ended.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._told.put_nowait, report)

    async def next(self, kind: type[R]) -> R:
        """The next report of a kind; raises `NotRepaired` if something failed before."""
        while True:
            report = await self._told.get()
            if isinstance(report, reports.Failed):
                raise NotRepaired(with_server_words(report.reason, report.server_text))
            if isinstance(report, reports.Closed):
                raise NotRepaired("its connection was closed")
            if isinstance(report, kind):
                return report
