"""The pictures in screenshots/, drawn by the running app on the embedded broker.

    python -m tests.screenshots            draws them anew
    python -m tests.screenshots --check    fails if they are not what the app draws

Clocks, rates, the port and the names that the broker gives are replaced here, so that every run draws the same.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import difflib
import gzip
import html
import os
import random
import re
import sys
import tempfile
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Button, Input, TextArea

from stomptui.app import StompTUI
from stomptui.application.console import Console
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.config.connection import Connection
from stomptui.config.options import Options
from stomptui.config.profiles import Profiles
from stomptui.config.secrets import Keyring
from stomptui.config.url import parse_url
from stomptui.connection.events import Event, ReceiptArrived, Subscribed
from stomptui.connection.rate import RateCounter
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.embedded import samples
from stomptui.embedded.samples import Sample
from stomptui.embedded.traffic import FIXED_START
from stomptui.journal.entry import Entry
from stomptui.journal.journal import Journal
from stomptui.ui.console import bars as bars_module
from stomptui.ui.console import status_texts
from stomptui.ui.message_actions.action_form import ActionForm
from stomptui.ui.peek import screen as queue
from stomptui.ui.peek.form import PeekForm
from stomptui.ui.peek.screen import PeekScreen
from stomptui.ui.queue_list.screen import QueueListScreen
from stomptui.ui.widgets.queues.peek_header import PeekFacts
from tests.support.embedded import EmbeddedBroker

FOLDER = Path(__file__).parents[1] / "screenshots"
PATIENCE = 60.0
"""Seconds until something must have happened on a slow machine."""
ROUND_TRIP = 0.003
CELL = 12.2
"""Width of a cell in the SVG."""
Script = Callable[["Stage"], Awaitable[None]]


@dataclass
class Stage:
    """What the script of a picture plays on."""

    app: StompTUI
    pilot: Pilot[int]
    broker: EmbeddedBroker

    async def until(self, true: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"waited in vain for {what}"
            await self.pilot.pause(0.01)

    async def subscribe(self, *destinations: str) -> None:
        """One after the other, so that the answers come in the same order in every run."""
        link = self.app.console_screen.console.main_connection
        assert link is not None
        for destination in destinations:
            watch = link.add(WantedSubscription(destination))
            await self.until(partial(is_on, watch), f"the subscription to {watch.destination}")

    async def publish(self, *messages: Sample) -> None:
        """One after the other, each seen before the next."""
        journal = self.app.journal
        for message in messages:
            seen = partial(journal.get, journal.end)
            self.broker.publish(message.destination, message.body, message.headers)
            await self.until(seen, f"a message on {message.destination}")

    async def traffic(self) -> None:
        """Connected, with what the demo has, and its dead letters too."""
        await self.until(lambda: self.app.console_screen.console.connected, "the connection")
        await self.subscribe("/topic/orders.*", "/queue/invoices", "/queue/errors")
        rnd = random.Random(7)
        await self.publish(*(samples.invoice(rnd, n, FIXED_START - 18_000 + n * 300) for n in range(12)))
        await self.publish(*(samples.failure(rnd, n, FIXED_START - 7_200 + n * 900) for n in range(4)))
        await self.publish(*(samples.order(rnd, n, FIXED_START + n / 3) for n in range(22)))
        await self.publish(samples.failure(rnd, 4, FIXED_START + 8))
        await self.publish(*(samples.order(rnd, n, FIXED_START + n / 3) for n in range(22, 29)))

    def backlog(self) -> None:
        """Queues that nobody reads: jobs, invoices, and what could not be done."""
        rnd = random.Random(7)
        messages = [samples.job(rnd, n, FIXED_START - 600 + n * 45) for n in range(12)]
        messages += [samples.invoice(rnd, n, FIXED_START - 18_000 + n * 300) for n in range(40)]
        messages += [samples.failure(rnd, n, FIXED_START - 7_200 + n * 300) for n in range(17)]
        for message in messages:
            self.broker.publish(message.destination, message.body, message.headers)

    async def shows(self, kind: type[Screen[Any]]) -> None:
        await self.until(lambda: isinstance(self.app.screen, kind), kind.__name__)

    async def peek(self, name: str) -> PeekScreen:
        """Connected, and what is in a queue shown and held."""
        self.backlog()
        await self.until(lambda: self.app.console_screen.console.connected, "the connection")
        await self.pilot.press("p")
        await self.shows(PeekForm)
        form = self.app.screen
        await self.until(lambda: form.query("#peek-notice") and form.query("#peek-queue"), "its fields")
        form.query_one("#peek-queue", Input).value = name
        await self.pilot.press("enter")
        await self.until(lambda: form.query_one("#peek-notice").render(), "what will be noticed")
        await self.until(lambda: "asking" not in str(form.query_one("#peek-notice").render()), "an answer")
        await self.pilot.press("enter")
        await self.shows(PeekScreen)
        screen = self.app.screen
        assert isinstance(screen, PeekScreen)
        await self.until(lambda: screen.holding and not screen.peek.busy, "the messages")
        return screen


def is_on(watch: WantedSubscription) -> bool:
    return watch.state == "on"


async def connect_form(stage: Stage) -> None:
    await stage.until(lambda: stage.app.screen is not stage.app.console_screen, "the form")


async def reading(stage: Stage) -> None:
    await stage.traffic()
    await stage.pilot.press("up", "up", "up", "enter")


async def small(stage: Stage) -> None:
    await stage.traffic()


async def composing(stage: Stage) -> None:
    await stage.traffic()
    console_screen = stage.app.console_screen
    await stage.pilot.press("c")
    console_screen.pane.load(
        Draft(
            "/queue/invoices",
            [
                HeaderLine("content-type", "application/json"),
                HeaderLine("app-id", "APP"),
                HeaderLine("correlation-id", "INV-2026012"),
                HeaderLine("persistent", "true"),
                HeaderLine("x-try", "2", enabled=False),
            ],
            '{\n  "invoice": "INV-2026012",\n  "customer": "Zoë Müller",\n  "net": 419.0\n}',
        )
    )
    await stage.pilot.press("f5")
    await stage.until(lambda: console_screen.pane.query_one("#outcome").has_class("-confirmed"), "the receipt")


async def peeking(stage: Stage) -> None:
    await stage.peek("/queue/errors")
    await stage.pilot.press("down", "down", "space", "down", "down", "down", "space", "down", "space", "enter")


async def moving(stage: Stage) -> None:
    screen = await stage.peek("/queue/errors")
    await stage.pilot.press("down", "down", "space", "down", "down", "V", "t")
    await stage.shows(ActionForm)
    await stage.until(lambda: stage.app.screen.query("#action-yes"), "its buttons")
    yes = stage.app.screen.query_one("#action-yes", Button)
    await stage.until(lambda: str(yes.label) != "Check", "the plan")
    assert len(screen.list_view.marks.numbers) == 4


async def glancing(stage: Stage) -> None:
    await stage.traffic()
    stage.backlog()
    await stage.pilot.press("g")
    await stage.shows(QueueListScreen)
    await stage.until(lambda: "invoices" in stage.app.export_screenshot(), "the queues")


@dataclass(frozen=True)
class Picture:
    script: Script
    size: tuple[int, int]
    url: str = ""
    """What the form is filled with; without one the app connects to the embedded broker."""
    theme: str = "tokyo-night"


PICTURES = {
    "connect": Picture(connect_form, (120, 40), "stomp+ssl://orders-ro:secret@rabbit.example.net:61614/shop"),
    "console": Picture(reading, (140, 44)),
    "compose": Picture(composing, (140, 44)),
    "peek": Picture(peeking, (120, 40)),
    "move": Picture(moving, (120, 40)),
    "queues": Picture(glancing, (120, 30)),
    "small": Picture(small, (80, 24)),
    "light": Picture(reading, (120, 40), theme="textual-light"),
}


async def draw(picture: Picture) -> str:
    """Play one script, and give the SVG of its end."""
    names = random.Random(3)
    with EmbeddedBroker(token=lambda: f"{names.randrange(16**8):08x}") as broker, steady(broker.port):
        for name, url in (("production", "stomp+ssl://rabbit.example.net:61614/"), ("local", "stomp://127.0.0.1/")):
            Profiles().save(name, parse_url(url))
        here = Connection(port=broker.port, login="guest", passcode="guest")
        options = Options(
            connection=parse_url(picture.url) if picture.url else here,
            autoconnect=not picture.url,
            theme=picture.theme,
        )
        app = StompTUI(options)
        app.animation_level = "none"
        async with app.run_test(size=picture.size, tooltips=False) as pilot:
            stage = Stage(app, pilot, broker)
            await picture.script(stage)
            return await at_rest(stage)


async def at_rest(stage: Stage) -> str:
    """The picture once it does not change any more: highlighting and layout come after the frame they are for."""
    before, same = "", 0
    deadline = time.monotonic() + PATIENCE
    while same < 5:
        assert time.monotonic() < deadline, "the screen does not come to rest"
        for field in stage.app.screen.query("Input, TextArea"):
            if isinstance(field, Input | TextArea):
                field.cursor_blink = False
        await stage.pilot.pause(0.1)
        now = plain(stage.app.export_screenshot(title="stomptui"))
        same = same + 1 if now == before else 0
        before = now
    return before


def plain(svg: str) -> str:
    """Without the number that makes one SVG's names differ from another's, and without spaces at the start of a text.

    Some programs that show SVG leave those out, and stretch the rest to the length of all.
    """
    svg = re.sub(r"terminal-\d+", "stomptui", svg)
    svg = re.sub(r'x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)" ([^>]*)>((?:&#160;)+)(?=[^<])', _moved, svg)
    return "\n".join(line.rstrip() for line in svg.splitlines()).strip() + "\n"


def _moved(found: re.Match[str]) -> str:
    x, y, length, more, spaces = found.groups()
    by = len(spaces) // len("&#160;") * CELL
    return f'x="{float(x) + by:.1f}" y="{y}" textLength="{float(length) - by:.1f}" {more}>'


@contextlib.contextmanager
def steady(port: int) -> Iterator[None]:
    """Everything that differs from run to run gives way to something that does not."""
    where = vars(Connection)["where"].fget
    entry, handle, status_facts = Journal.entry, Console.handle, status_texts.status_facts
    clock, pace = [FIXED_START], random.Random(11)
    for _ in range(1000):
        clock.append(clock[-1] + pace.uniform(0.02, 0.5))

    def timed_entry(journal: Journal, number: int) -> Entry:
        row = entry(journal, number)
        row.when = clock[number]
        return row

    def timed_handle(app_console: Console, event: Event) -> None:
        handle(
            app_console, replace(event, elapsed=ROUND_TRIP) if isinstance(event, ReceiptArrived | Subscribed) else event
        )

    def pulse(*arguments: Any, **options: Any) -> Any:
        return replace(status_facts(*arguments, **options), heard_ago=0.0, beat=True)

    def held(**facts: Any) -> PeekFacts:
        return PeekFacts(**{**facts, "left": 26.0})

    changes: list[tuple[Any, str, Any]] = [
        (Connection, "where", property(lambda of: where(of).replace(str(port), "61613"))),
        (Journal, "entry", timed_entry),
        (Console, "handle", timed_handle),
        (bars_module, "status_facts", pulse),
        (queue, "PeekFacts", held),
        (RateCounter, "rate", lambda counter, now=None: counter.total / 10),
        (RateCounter, "history", lambda counter, now=None: bars(counter.total)),
        (Keyring, "unavailable_reason", lambda keyring: "none here"),
        (gzip, "compress", stored),
    ]
    with contextlib.ExitStack() as stack:
        for owner, name, other in changes:
            stack.enter_context(patch.object(owner, name, other))
        yield


def bars(total: int) -> list[int]:
    """A minute of counts that follows from how many there were."""
    rnd = random.Random(total)
    return [rnd.randrange(1, 9) if total else 0 for _ in range(60)]


def stored(data: bytes, mtime: int) -> bytes:
    """gzip that does not compress: compressors differ in how well they do, and the log shows sizes."""
    packer = zlib.compressobj(0, wbits=31)
    return packer.compress(data) + packer.flush()


def words(svg: str) -> list[str]:
    """The text in a picture, an element a line."""
    return [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)", svg)]


def settle_environment() -> None:
    """Nothing of whoever runs this is seen in the pictures."""
    for name in list(os.environ):
        if name.startswith(("STOMPTUI_", "TEXTUAL")) or name in ("NO_COLOR", "VISUAL", "EDITOR", "COLUMNS", "LINES"):
            del os.environ[name]
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", TZ="UTC")
    time.tzset()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(PICTURES)}")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in PICTURES]
    if unknown:
        parser.error(f"there is no picture {unknown[0]}; there are: {', '.join(PICTURES)}")
    settle_environment()
    stale = []
    for name in given.names or PICTURES:
        path = FOLDER / f"{name}.svg"
        with tempfile.TemporaryDirectory() as home:
            os.environ["STOMPTUI_CONFIG_DIR"] = os.environ["STOMPTUI_STATE_DIR"] = home
            svg = asyncio.run(draw(PICTURES[name]))
        if not given.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(svg, encoding="utf-8")
            continue
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if kept != svg:
            stale.append(name)
            print(f"{path} is not what the app draws:", file=sys.stderr)
            lines = list(difflib.unified_diff(words(kept), words(svg), "kept", "drawn", n=0, lineterm=""))[:20]
            print("\n".join(lines) or "the same words in other colours or places", file=sys.stderr)
    if stale:
        print("make screenshots draws them anew", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
