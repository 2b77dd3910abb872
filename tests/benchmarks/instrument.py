"""The real program with a stop-watch: `instrument FRAMES arguments of stomptui`.

Counts frames as they are written into the journal, checks that their numbers go up by one, and times paints and the
event loop. When that many frames have been shown it writes its figures as JSON to the file that
STOMPTUI_BENCH_REPORT names, and leaves.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from textual.app import App

from stomptui.cli.main import main as run_stomptui
from stomptui.journal.journal import Journal
from stomptui.protocol.marker import Batch
from stomptui.ui.widgets.log.message_log import MessageLog

NUMBER = b"\napp-id:"
"""The header that carries the number of a frame."""


def percentiles(values: list[float]) -> dict[str, float]:
    """p50, p99 and the greatest, in milliseconds."""
    if not values:
        return {}
    values = sorted(values)
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: values[min(len(values) - 1, int(len(values) * part))] * 1000 for name, part in at.items()}


class StopWatch:
    """What is measured in one run.

    Args:
        want: How many MESSAGE frames are sent.
        report: The file for the figures.
    """

    def __init__(self, want: int, report: str) -> None:
        self.want = want
        self.report = report
        self.count = 0
        self.disorder = 0
        self.first_when = 0.0
        self.first_cpu = 0.0
        self.last_paint = 0.0
        """When the last paint began since the first frame came; 0.0 before it."""
        self.gaps: list[float] = []
        self.lags: list[float] = []
        self.app: App[Any] | None = None
        self.log: MessageLog | None = None
        self.finished = False

    def appended(self, journal: Journal, batch: Batch, when: float) -> None:
        """A batch is about to be written into the journal."""
        frames = len(batch) - len(batch.others)
        if not frames:
            return
        if not self.count:
            self.first_when, self.first_cpu = when, cpu_seconds()
        if not batch.others:
            first, last = number_of(batch.frame(0)), number_of(batch.frame(len(batch) - 1))
            if first != self.count or last != self.count + frames - 1:
                self.disorder += 1
        self.count += frames

    def painted(self, app: App[Any], began: float) -> None:
        """The screen has been painted."""
        now = time.perf_counter()
        if self.app is None:
            self.app = app
            asyncio.get_running_loop().create_task(self.probe())
        if self.count:
            if self.last_paint:
                self.gaps.append(began - self.last_paint)
            self.last_paint = began
        if self.count >= self.want and not self.finished:
            self.finished = True
            self.finish(app, now)

    async def probe(self) -> None:
        """How late the event loop is."""
        while not self.finished:
            before = time.perf_counter()
            await asyncio.sleep(0.003)
            if self.count:
                self.lags.append(time.perf_counter() - before - 0.003)

    def finish(self, app: App[Any], now: float) -> None:
        seconds = time.time() - self.first_when
        cpu = cpu_seconds() - self.first_cpu
        log = app.screen.query(MessageLog).first()
        journal = log.journal
        kept = journal.entries(journal.first, journal.end)
        numbers = [number_of(entry.raw) for entry in kept if entry.raw.startswith(b"MESSAGE")]
        told = {
            "frames": self.count,
            "seconds": seconds,
            "per_second": self.count / seconds,
            "cpu_share": cpu / seconds,
            "in_order": not self.disorder and numbers == list(range(self.count - len(numbers), self.count)),
            "kept": len(journal),
            "dropped": journal.dropped,
            "shown": log.shown,
            "last_row_on_screen": (log.cursor or 0) >= journal.end - 1 if log.following else False,
            "paints": len(self.gaps),
            "gap_ms": percentiles(self.gaps),
            "lag_ms": percentiles(self.lags),
            "ended_at": now,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "journal_mb": journal.bytes / 1e6,
            "python_threads": threading.active_count(),
        }
        with open(self.report, "w", encoding="utf-8") as file:
            json.dump(told, file)
        app.exit()


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def number_of(raw: bytes) -> int:
    """The number of a frame."""
    begin = raw.find(NUMBER) + len(NUMBER)
    return int(raw[begin : raw.find(b"\n", begin)])


def install(watch: StopWatch) -> None:
    """Put the stop-watch between the program and its journal and screen."""
    append: Callable[..., None] = Journal.append_batch
    display: Callable[..., None] = App._display

    def append_batch(
        self: Journal, batch: Batch, when: float, version: str, session: int = 0, *, goodbye: bool = False
    ) -> None:
        watch.appended(self, batch, when)
        append(self, batch, when, version, session, goodbye=goodbye)

    def timed_display(self: App[Any], *args: Any, **kwargs: Any) -> None:
        began = time.perf_counter()
        display(self, *args, **kwargs)
        watch.painted(self, began)

    Journal.append_batch = append_batch  # type: ignore[method-assign]
    App._display = timed_display  # type: ignore[method-assign]


def main() -> int:
    want, arguments = int(sys.argv[1]), sys.argv[2:]
    install(StopWatch(want, os.environ["STOMPTUI_BENCH_REPORT"]))
    return run_stomptui(arguments)


if __name__ == "__main__":
    sys.exit(main())
