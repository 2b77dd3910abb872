"""A series sent by keys in the real program on a terminal, and its figures.

Run as a program, `series_on_screen -- arguments of stomptui` is stomptui that writes the figures of a series, once it
has ended, as JSON to the file that STOMPTUI_BENCH_REPORT names.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from textual.app import App

from tests.benchmarks.runs import Program

COMPOSED = "x" * 200
QUEUE = "/queue/bench"


def on_screen(port: int, count: int, window: int) -> float:
    """Confirmed messages a second, as the screen tells them.

    Raises:
        RuntimeError: Not all were sent and confirmed.
    """
    program = Program([f"stomp://guest:guest@127.0.0.1:{port}/"], module="series_on_screen")
    try:
        program.wait_for("STOMP 1.2")
        _step(program, b"c", "SEND")
        time.sleep(0.5)
        program.type(QUEUE.encode() + b"\t" + b"\x1b[200~" + COMPOSED.encode() + b"\x1b[201~")
        time.sleep(0.5)
        _step(program, b"\x1d", "How many")
        time.sleep(0.3)
        program.type(f"{count}\t\t\t{window}".encode())
        time.sleep(0.3)
        if count > 1000:
            _step(program, b"\x07", "As fast as it goes.")
            program.type(b"y")
        else:
            program.type(b"\x07")
        told = program.result(600.0)
    finally:
        program.kill()
    if told["confirmed"] != count:
        raise RuntimeError(f"not all were confirmed: {told}")
    return float(told["rate"])


def _step(program: Program, keys: bytes, text: str) -> None:
    program.watch(text)
    program.type(keys)
    if program.seen(20) is None:
        raise RuntimeError(f"{text!r} was not painted; the last was {program.last_words}")


def main() -> int:
    from stomptui.application.series.series import Series
    from stomptui.cli.main import main as run_stomptui
    from stomptui.ui.series.screen import SeriesScreen

    refresh: Callable[[SeriesScreen], None] = SeriesScreen.refresh_figures
    display: Callable[..., None] = App._display
    paints = [0]

    def counted(self: App[Any], *arguments: Any, **named: Any) -> None:
        paints[0] += 1
        display(self, *arguments, **named)

    def refreshed(self: SeriesScreen) -> None:
        refresh(self)
        series: Series = self._series
        if series.over:
            figures = series.figures
            told = {"confirmed": figures.confirmed, "rate": figures.rate, "ended": figures.ended, "paints": paints[0]}
            with open(os.environ["STOMPTUI_BENCH_REPORT"], "w", encoding="utf-8") as file:
                json.dump(told, file)
            self.app.exit()

    SeriesScreen.refresh_figures = refreshed  # type: ignore[method-assign]
    App._display = counted  # type: ignore[method-assign]
    return run_stomptui(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
