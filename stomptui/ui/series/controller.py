"""Opens series: asks how, sends, and shows the progress."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.destinations.has_queue import DOUBTS
from stomptui.application.series.series import Series
from stomptui.application.series.series_options import SeriesWish
from stomptui.compose.draft import Draft
from stomptui.compose.draft_notes import DraftDoubt
from stomptui.compose.variables.fill import labels
from stomptui.connection.errors import SessionError
from stomptui.ui.dialogs.answers import AnswersScreen
from stomptui.ui.series.form import SeriesForm
from stomptui.ui.series.screen import SeriesScreen

SOON = 0.02
"""Seconds between two looks at whether something was sent, or written down."""
PATIENCE = 1.0
"""Seconds for which the end of a series waits for frames before it to be written down."""


class SeriesController:
    """Asks for a series of a draft, sends it, and shows its progress.

    Args:
        screen: Over which all of it is shown.
        console: Whose broker it is.
        before: Asks what is asked before one message as well, then goes on.
        sent: Called with a draft once the first messages of it were sent as a series, and with words for that; what it
            returns is called with the figures in words once the series is over.
    """

    def __init__(
        self,
        screen: Screen[Any],
        console: Console,
        before: Callable[[Draft, Sequence[DraftDoubt], Callable[[], None]], None],
        sent: Callable[[Draft, str], Callable[[str], None]],
    ) -> None:
        self._screen = screen
        self._console = console
        self._before = before
        self._sent = sent
        self._running: Series | None = None

    @property
    def prospect(self) -> str:
        """How far a series is that is being sent, "" without one."""
        series = self._running
        if series is None or series.over:
            return ""
        total = f" of {series.wish.count:,}" if series.wish.count is not None else ""
        return f"{series.sent:,}{total} were sent so far. No more are sent then."

    def ask(self, draft: Draft, doubts: Sequence[DraftDoubt], values: Mapping[str, str]) -> None:
        """Ask how a draft is to be sent, then do it.

        Args:
            draft: What is to be sent.
            doubts: What is hardly meant in it.
            values: Those of the chosen set, by the names of their variables.
        """
        if self._console.transactions.open is not None:
            self._screen.notify("A series is not sent in a transaction: commit or abort it first.", severity="warning")
            return
        try:
            _ = self._console.sender.session
        except SessionError as error:
            text = str(error)
            self._screen.notify(f"{text[0].upper()}{text[1:]}.", severity="warning", markup=False)
            return
        self._before(draft, doubts, lambda: self._fill_in(draft, values))

    def _fill_in(self, draft: Draft, values: Mapping[str, str]) -> None:
        """Ask once for what all of its messages are filled in with."""
        if asked := labels(draft):
            screen = AnswersScreen(asked, "Fill in all messages of the series")
            self._screen.app.push_screen(
                screen, lambda given: None if given is None else self._ask(draft, given, values)
            )
        else:
            self._ask(draft, {}, values)

    def _ask(self, draft: Draft, answers: Mapping[str, str], values: Mapping[str, str]) -> None:
        def asked(wish: SeriesWish | None) -> None:
            if wish is not None:
                self._screen.run_worker(self._send(replace(wish, answers=answers, values=values)))

        self._screen.app.push_screen(SeriesForm(draft), asked)

    async def _send(self, wish: SeriesWish) -> None:
        series = Series(self._console.sender, wish)
        shown = SeriesScreen(series, DOUBTS[self._console.arrivals.taker(wish.draft, self._console.dialect)])
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        await self._screen.app.push_screen(shown)

        def tell() -> None:
            # After the loop has closed nobody waits for it.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(ended.set)

        try:
            await asyncio.to_thread(series.start, tell)
        except (SessionError, ValueError, OSError) as error:
            shown.fail(str(error))
            return
        settled: Callable[[str], None] | None = None
        self._running = series
        series.run()
        try:
            while settled is None and not ended.is_set():
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(ended.wait(), SOON)
                if series.sent:
                    # Known at once: it may not see its end, and must not be taken for not sent.
                    many = f"{wish.count:,} messages" if wish.count is not None else "the lines of a file"
                    settled = self._sent(wish.draft, f"{many}, and how it ended is not known")
            await ended.wait()
        except asyncio.CancelledError:
            # The program ends, and nobody waits for the receipts.
            series.stop()
            if settled is not None:
                settled(f"left when {series.sent:,} were sent")
                self._console.sender.count(wish.draft, series.sent)
            raise
        finally:
            self._running = None
        # The frames that were reported last stand before what became of them all.
        until = loop.time() + PATIENCE
        while self._console.event_queue.frames and loop.time() < until:
            await asyncio.sleep(SOON)
        series.write_down()
        if settled is not None:
            settled(f"{series.figures.summary}, {series.figures.rate_text}")
        shown.refresh_figures()
