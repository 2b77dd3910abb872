"""The moving picture: a short tour of the app, each step with the keys that were pressed."""

from __future__ import annotations

import html
import random
from dataclasses import dataclass, field
from functools import partial

from textual.widgets import Button

from stomptui.embedded import samples
from stomptui.embedded.traffic import FIXED_START
from stomptui.ui.message_actions.action_form import ActionForm
from stomptui.ui.peek.form import PeekForm
from stomptui.ui.peek.screen import PeekScreen
from stomptui.ui.queue_list.screen import QueueListScreen
from tests.screenshots.cells import Row, Rows, Run
from tests.screenshots.draw import Scene, at_rest, play
from tests.screenshots.scripts import INVOICE
from tests.screenshots.stage import Stage
from tests.screenshots.svg import CELL, LINE, ground_of, row_svg, window

SIZE = (110, 30)
INK = "#c5c8c6"
"""Of what is written around the app."""
CAPTION = 40
"""Height of the line that says what is done."""


@dataclass(frozen=True)
class Frame:
    """What is seen for a while."""

    rows: Rows
    seconds: float
    keys: str
    text: str


@dataclass
class Tour:
    """Collects frames while the app is used."""

    frames: list[Frame] = field(default_factory=list)

    async def shot(self, stage: Stage, seconds: float, keys: str, text: str) -> None:
        self.frames.append(Frame(await at_rest(stage, 3), seconds, keys, text))

    def typed_in_a_shell(self, command: str, like: Rows) -> list[Frame]:
        """A command is typed, before the app is seen."""
        ground = ground_of(like)
        places = [*range(0, len(command), 3), len(command)]
        return [
            Frame(_shell(command[:place], ground), 0.12 if place < len(command) else 0.8, "", "Start it")
            for place in places
        ]

    async def run(self, stage: Stage) -> None:
        """Connect, read, peek, retry, send."""
        app, press = stage.app, stage.pilot.press
        stage.backlog()
        await stage.until(lambda: app.console_screen.console.connected, "the connection")
        await stage.subscribe("/topic/orders.*")
        rnd = random.Random(7)
        for count, seconds in ((3, 0.7), (5, 0.7), (7, 2.0)):
            first = len(app.journal)
            await stage.publish(*(samples.order(rnd, n, FIXED_START + n / 3) for n in range(first, first + count)))
            await self.shot(stage, seconds, "", "Connected: every message, as it comes")
        await press("up", "up", "enter")
        await self.shot(stage, 2.6, "enter", "Open a message: body, headers, the bytes on the wire")
        await press("escape")
        await press("g")
        await stage.shows(QueueListScreen)
        await self.shot(stage, 2.4, "g", "All queues; what waits, and who reads it")
        await press("home")
        await stage.until(lambda: "/queue/errors" in stage.text, "the queue of dead letters")
        await press("enter")
        await stage.shows(PeekForm)
        await stage.until(lambda: "“redelivered”" in stage.text, "what will be noticed")
        await self.shot(stage, 2.6, "enter", "Peek: it says before what others will notice")
        await press("enter")
        await stage.shows(PeekScreen)
        screen = app.screen
        assert isinstance(screen, PeekScreen)
        await stage.until(lambda: screen.holding and not screen.peek.busy, "the messages")
        await self.shot(stage, 2.0, "enter", "What is in the queue, and nothing taken out")
        await press("space", "down", "space", "down", "space")
        await self.shot(stage, 1.6, "space", "Mark some")
        await press("t")
        await stage.shows(ActionForm)
        await stage.until(partial(_planned, stage), "the plan")
        await self.shot(stage, 2.8, "t", "Retry: the plan, before anything is done")
        await press("enter")
        await stage.until(lambda: not isinstance(app.screen, ActionForm), "the result")
        await self.shot(stage, 2.4, "enter", "Each one is confirmed before the original is taken out")
        await press("escape", "escape")
        await stage.until(lambda: app.screen is app.console_screen, "the console")
        await stage.until(lambda: "peeking…" not in stage.text, "the end of the peek")
        await press("c")
        await self.shot(stage, 1.2, "c", "Compose a message")
        for text in ("/queue", "/invo", "ices"):
            await press(*("slash" if key == "/" else key for key in text))
            await self.shot(stage, 0.25, "", "A destination, headers, a body: the frame beside them is what is sent")
        app.console_screen.pane.load(INVOICE)
        await self.shot(stage, 2.4, "", "A destination, headers, a body: the frame beside them is what is sent")
        await press("f5")
        await stage.until(lambda: "confirmed in" in stage.text, "the receipt")
        await self.shot(stage, 2.8, "f5", "Sent, and confirmed by the broker's receipt")


def _planned(stage: Stage) -> bool:
    buttons = stage.app.screen.query("#action-yes")
    return bool(buttons) and str(buttons.first(Button).label) != "Check"


def _shell(command: str, ground: str) -> Rows:
    width, height = SIZE

    def run(column: int, text: str, colour: str = INK, behind: str = ground) -> Run:
        return Run(column, len(text), text, colour, behind, bold=False, italic=False, underline=False)

    typed: Row = (run(0, "$ ", "#888888"), run(2, command), run(2 + len(command), " ", ground, INK))
    rest = width - 3 - len(command)
    return ((*typed, run(3 + len(command), " " * rest)), *[(run(0, " " * width),)] * (height - 1))


async def tour(theme: str = "tokyo-night") -> str:
    """The moving picture as one SVG."""
    played = Tour()
    await play(Scene(played.run, SIZE, theme=theme))
    first = played.typed_in_a_shell("stomptui stomp://guest@localhost", played.frames[0].rows)
    return animated(first + played.frames, "stomptui")


def animated(frames: list[Frame], title: str) -> str:
    """One SVG that shows frames one after the other, for ever, by CSS alone; each row that occurs is in it once."""
    ground = ground_of(frames[-1].rows)
    names: dict[Row, str] = {}
    for frame in frames:
        for row in frame.rows:
            names.setdefault(row, f"r{len(names)}")
    rows = "".join(f'<g id="{name}">{row_svg(row, ground)}</g>' for row, name in names.items())
    style = _timing([frame.seconds for frame in frames])
    body, below = [f"<defs>{rows}</defs>"], []
    for number, frame in enumerate(frames):
        uses = "".join(f'<use href="#{names[row]}" y="{y * LINE}"/>' for y, row in enumerate(frame.rows))
        body.append(f'<g class="f k{number}">{uses}</g>')
        below.append(f'<g class="f k{number}">{_caption(frame)}</g>')
    return window(frames[0].rows, title, "\n".join(body), below="\n".join(below), more=CAPTION, style=style)


def _timing(seconds: list[float]) -> str:
    """The rules by which each frame is seen in its turn; who asks for no movement sees the last one."""
    total, at = sum(seconds), 0.0
    rules = [
        f".f{{visibility:hidden;animation:{total:g}s step-end infinite}}",
        "@media(prefers-reduced-motion:reduce){.f{animation:none}.f:last-child{visibility:visible}}",
    ]
    for number, duration in enumerate(seconds):
        begin, end = 100 * at / total, 100 * (at + duration) / total
        at += duration
        before = "0%{visibility:hidden}" if number else ""
        after = f"{end:.3f}%{{visibility:hidden}}" if number < len(seconds) - 1 else ""
        steps = f"{before}{begin:.3f}%{{visibility:visible}}{after}"
        rules.append(f"@keyframes k{number}{{{steps}}}.k{number}{{animation-name:k{number}}}")
    return "".join(rules)


def _caption(frame: Frame) -> str:
    left, parts = 0, []
    if frame.keys:
        width = (len(frame.keys) + 2) * CELL
        parts.append(
            f'<rect x="0" y="8" width="{width}" height="26" rx="4" fill="none" stroke="#888"/>'
            f'<text x="{width / 2:g}" y="26" text-anchor="middle" fill="#ffbe98" class="b">'
            f"{html.escape(frame.keys)}</text>"
        )
        left = width + CELL
    parts.append(f'<text x="{left}" y="26" fill="{INK}">{html.escape(frame.text)}</text>')
    return "".join(parts)
