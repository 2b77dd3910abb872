"""Opens series: asks how, sends, and shows the progress."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.destinations.has_queue import DOUBTS
from stomptui.application.series.series import Series
from stomptui.application.series.wish import SeriesWish
from stomptui.compose.draft import Draft
from stomptui.connection.errors import SessionError
from stomptui.ui.series.form import SeriesForm
from stomptui.ui.series.screen import SeriesScreen


class SeriesController:
    """Asks for a series of a draft, sends it, and shows its progress.

    Args:
        screen: Over which all of it is shown.
        console: Whose broker it is.
    """

    def __init__(self, screen: Screen[Any], console: Console) -> None:
        self._screen = screen
        self._console = console

    def ask(self, draft: Draft) -> None:
        """Ask how a draft is to be sent, then do it."""
        try:
            _ = self._console.sender.session
        except SessionError as error:
            text = str(error)
            self._screen.notify(f"{text[0].upper()}{text[1:]}.", severity="warning", markup=False)
            return
        self._screen.app.push_screen(SeriesForm(draft, self._console.advice.question(draft) or ""), self._begin)

    def _begin(self, wish: SeriesWish | None) -> None:
        if wish is not None:
            self._screen.run_worker(self._send(wish))

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
        series.run()
        await ended.wait()
        series.write_down()
        shown.refresh_figures()
