"""A filter over a million frames, and a key in a very long line, in the app: beside what is small, in the same run."""

from __future__ import annotations

import asyncio
import gzip
import json
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter, thread_time
from typing import Any, NamedTuple

from textual import events
from textual.app import App

from stomptui.application.event_pump import calm_collector
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.journal.journal import Journal
from stomptui.protocol.marker import Batch
from stomptui.ui.widgets.text.editor import Editor
from tests.journal.test_journal import batch
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker
from tests.ui.compose.compose_bench import bench

PER_BATCH = 500
HEAD = b"MESSAGE\nsubscription:1\nmessage-id:T_1@@session@@%d\ndestination:/topic/bench\n"
LATIN = b"content-type:text/plain;charset=iso-8859-1\n"


def plain(number: int) -> bytes:
    """A frame of some 200 bytes; one in 50 holds the word."""
    word = b"needle" if number % 50 == 0 else b"straw"
    return HEAD % number + b'content-type:application/json\n\n{"order": %d, "name": "%s", "text": "%s"}' % (
        number, word, b"x" * 60,
    )  # fmt: skip


def mixed(number: int) -> bytes:
    """The same, with every fifth in another charset, escaped, packed or not ASCII."""
    match number % 20:
        case 3:
            return HEAD % number + LATIN + "\nGröße der Bestellung, schön".encode("latin-1")
        case 7:
            return HEAD % number + rb"url:https\c//shop/a" + b"\n\n" + b"x" * 60
        case 11:
            return HEAD % number + b"content-encoding:gzip\n\n" + gzip.compress(b"straw " * 20)
        case 15:
            return HEAD % number + "\nGröße der Bestellung, schön, 注文番号".encode()
    return plain(number)


def fill(journal: Journal, frames: int, make: Callable[[int], bytes]) -> None:
    part = batch(*[make(number) for number in range(PER_BATCH)])
    for _ in range(frames // PER_BATCH):
        journal.append_batch(Batch(bytes(part.data), part.marks, {}, ()), 0.0, "1.2")


class Searched(NamedTuple):
    """One word looked for; seconds."""

    word: str
    hits: int
    first: float | None
    """Until a screen of hits was painted, None if there are fewer."""
    all: float
    bare: float
    """What it takes to go through the same bytes with `lower` and `find`, without a screen."""
    stall: float
    """The longest turn of the event loop, in time that its thread ran: whatever else ran is not counted."""


class Keyed(NamedTuple):
    """Keys in a body; milliseconds that the thread ran from each key to the screen."""

    size: int
    median: float
    p99: float
    most: float


@contextmanager
def paints() -> Iterator[list[tuple[float, float]]]:
    """When each paint began and ended."""
    display: Callable[..., None] = App._display
    times: list[tuple[float, float]] = []

    def timed(self: App[Any], *args: Any, **kwargs: Any) -> None:
        began = perf_counter()
        display(self, *args, **kwargs)
        times.append((began, perf_counter()))

    App._display = timed  # type: ignore[method-assign]
    try:
        yield times
    finally:
        App._display = display  # type: ignore[method-assign]


def bare_pass(journal: Journal, word: bytes) -> float:
    began = perf_counter()
    number = journal.first
    while (segment := journal.segment_of(number)) is not None:
        bytes(segment.data).lower().find(word)
        number += len(segment)
    return perf_counter() - began


async def _searches(frames: int, make: Callable[[int], bytes], words: list[str]) -> tuple[float, list[Searched]]:
    found: list[Searched] = []
    late = [0.0]

    async def probe() -> None:
        while True:
            before = thread_time()
            await asyncio.sleep(0.002)
            late.append(thread_time() - before)

    with paints() as times, EmbeddedBroker() as broker:
        async with console(broker.port, size=(160, 48)) as driver:
            app = driver.app
            await driver.up()
            app.journal.max_bytes, app.journal.max_frames = 2 << 30, 2_000_000
            fill(app.journal, frames, make)
            log = app.console_screen.log_view
            app.console_screen.settle()
            await driver.until(lambda: log.shown >= frames, "all rows")
            probing = asyncio.create_task(probe())
            await asyncio.sleep(2.0)
            idle = max(late)
            for word in words:
                bare = bare_pass(app.journal, word.encode())
                await driver.press("slash")
                await asyncio.sleep(0.3)
                late.clear()
                began = perf_counter()
                app.post_message(events.Paste(word))
                first = hits_at = None
                while log.needle != word or log.searching or (first is None and log.shown >= log.page):
                    await asyncio.sleep(0.001)
                    if log.needle == word and hits_at is None and log.shown >= log.page:
                        hits_at = perf_counter()
                    if hits_at is not None and first is None:
                        first = next((end - began for _, end in times if end >= hits_at), None)
                done = perf_counter() - began
                await asyncio.sleep(0.05)
                found.append(Searched(word, log.shown, first, done, bare, max(late)))
                await driver.press("escape")
                await asyncio.sleep(0.3)
            probing.cancel()
    return idle, found


def searches(frames: int, make: Callable[[int], bytes], words: list[str]) -> tuple[float, list[Searched]]:
    """How late the event loop of the idle app is at most, and each word looked for."""
    return asyncio.run(_searches(frames, make, words))


async def _keys(body: str, column: int, count: int) -> Keyed:
    taken: list[float] = []
    with paints() as times:
        headers = [HeaderLine("content-type", "application/json")]
        async with bench(Draft(destination="/queue/bench", headers=headers, body=body)) as hand:
            await hand.go("#body")
            calm_collector()
            editor = hand.pane.query_one("#body", Editor)
            editor.move_cursor((0, column))
            await hand.pilot.pause()
            for number in range(count):
                began, ran, size = perf_counter(), thread_time(), len(editor.document.get_line(0))
                hand.pilot.app.post_message(events.Key("a", "a"))
                while len(editor.document.get_line(0)) == size or not (times and times[-1][0] > began):
                    await asyncio.sleep(0)
                if number > 2:
                    taken.append((thread_time() - ran) * 1000)
                await asyncio.sleep(0.05)
    return Keyed(
        len(body), statistics.median(taken), statistics.quantiles(taken, n=100, method="inclusive")[-1], max(taken)
    )


def keys(size: int, count: int = 30) -> Keyed:
    """Keys in the middle of one line of JSON of so many characters."""
    body = json.dumps([{"orderId": number, "name": "größe"} for number in range(size // 35 + 2)], ensure_ascii=False)
    return asyncio.run(_keys(body[:size], size // 2, count))
