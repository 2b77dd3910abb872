"""Starts the app on the embedded broker, plays a script, and takes what is on the screen once it is at rest."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from functools import partial

from textual.widgets import Input, TextArea

from stomptui.app import StompTUI
from stomptui.config.connection import Connection
from stomptui.config.environment import UNMARKED, Environment, EnvironmentColour
from stomptui.config.options import Options
from stomptui.config.profiles import Profiles
from stomptui.config.url import parse_url
from tests.screenshots.cells import Rows, shown_rows
from tests.screenshots.stage import PATIENCE, Script, Stage
from tests.screenshots.steady import steady
from tests.support.embedded import EmbeddedBroker


@dataclass(frozen=True)
class Scene:
    """What is played, and on which terminal."""

    script: Script
    size: tuple[int, int] = (120, 40)
    url: str = ""
    """What the form is filled with; without one the app connects to the embedded broker."""
    theme: str = "tokyo-night"
    environment: Environment = UNMARKED


async def play(scene: Scene, *sizes: tuple[int, int]) -> list[Rows]:
    """What is on the screen at the end of a script; then the same after the terminal was given other sizes."""
    names = random.Random(3)
    with EmbeddedBroker(token=lambda: f"{names.randrange(16**8):08x}") as broker, steady(broker.port):
        for name, url, environment in (
            ("production", "stomp+ssl://rabbit.example.net:61614/", Environment(production=True)),
            ("staging", "stomp+ssl://rabbit.example.org:61614/", Environment(EnvironmentColour.YELLOW, read_only=True)),
            ("local", "stomp://127.0.0.1/", UNMARKED),
        ):
            Profiles().save(name, replace(parse_url(url), environment=environment))
        here = Connection(port=broker.port, login="guest", passcode="guest", environment=scene.environment)
        options = Options(
            connection=parse_url(scene.url) if scene.url else here,
            autoconnect=not scene.url,
            theme=scene.theme,
        )
        app = StompTUI(options)
        app.animation_level = "none"
        async with app.run_test(size=scene.size, tooltips=False) as pilot:
            stage = Stage(app, pilot, broker)
            await scene.script(stage)
            shown = [await at_rest(stage)]
            for size in sizes:
                await pilot.resize_terminal(*size)
                await stage.until(partial(_has_size, app, size), "the new size")
                shown.append(await at_rest(stage, 3))
            return shown


def _has_size(app: StompTUI, size: tuple[int, int]) -> bool:
    return app.size == size


def _with_port(rows: Rows, port: int) -> Rows:
    """The port that brokers usually have, in place of the one that was free."""
    there, usual = f":{port}", f":{61613:<{len(str(port))}}"
    return tuple(tuple(run._replace(text=run.text.replace(there, usual)) for run in row) for row in rows)


async def at_rest(stage: Stage, times: int = 5) -> Rows:
    """The screen once it was the same several times: highlighting and layout come after the frame they are for."""
    before: Rows = ()
    same = 0
    deadline = time.monotonic() + PATIENCE
    while same < times:
        assert time.monotonic() < deadline, "the screen does not come to rest"
        for field in stage.app.screen.query("Input, TextArea"):
            if isinstance(field, Input | TextArea):
                field.cursor_blink = False
        await stage.pilot.pause(0.1)
        now = _with_port(shown_rows(stage.app), stage.broker.port)
        same = same + 1 if now == before else 0
        before = now
    return before
