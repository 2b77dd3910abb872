"""Finds out, once a person has stopped typing, what takes too long to be found out at each key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from textual.widget import Widget

from stomptui.compose.body_promises import PromiseChecks, broken_promises

PAUSE = 0.5
"""Seconds without a key after which a person is not typing."""


class AfterTyping:
    """Has a long body checked in a thread.

    Args:
        widget: What is typed in.
        known: Called when there is an answer.
    """

    def __init__(self, widget: Widget, known: Callable[[], object]) -> None:
        self._widget = widget
        self._known = known
        self._checks: PromiseChecks | None = None
        self._last = 0.0
        self._waits = False

    def waits_for(self, checks: PromiseChecks) -> None:
        """Say at each change what is to be found out."""
        self._checks, self._last = checks, monotonic()
        if checks.due is not None and not self._waits:
            self._waits = True
            self._widget.set_timer(PAUSE, self._look)

    def _look(self) -> None:
        left = self._last + PAUSE - monotonic()
        if left > 0.01:
            self._widget.set_timer(left, self._look)
            return
        self._waits = False
        self._widget.run_worker(self._check(), group="after typing", exclusive=True)

    async def _check(self) -> None:
        checks = self._checks
        if checks is None or checks.due is None:
            return
        edition, whose, promised = checks.due
        found = await asyncio.to_thread(broken_promises, promised)
        checks.take(edition, whose, found)
        self._known()
