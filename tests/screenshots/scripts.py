"""What is played for each picture."""

from __future__ import annotations

from textual.widgets import Button

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.config.environment import Environment
from stomptui.ui.message_actions.action_form import ActionForm
from stomptui.ui.queue_list.screen import QueueListScreen
from tests.screenshots.draw import Scene
from tests.screenshots.stage import Stage

INVOICE = Draft(
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
    console_screen.pane.load(INVOICE)
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


async def deleting(stage: Stage) -> None:
    await stage.peek("/queue/errors")
    await stage.pilot.press("space", "down", "space", "d")
    await stage.shows(ActionForm)
    await stage.until(lambda: "Delete 2" in stage.text, "the question")


async def watching(stage: Stage) -> None:
    await stage.orders()
    await stage.pilot.press("up", "enter")


async def glancing(stage: Stage) -> None:
    await stage.orders()
    stage.backlog()
    await stage.pilot.press("g")
    await stage.shows(QueueListScreen)
    await stage.until(lambda: "invoices" in stage.app.export_screenshot(), "the queues")


async def subscribing(stage: Stage) -> None:
    await stage.traffic()
    await stage.pilot.press("s")
    await stage.until(lambda: "Continue" in stage.text, "its buttons")


async def helping(stage: Stage) -> None:
    await stage.traffic()
    await stage.pilot.press("question_mark")
    await stage.until(lambda: len(stage.app.screen_stack) > 1, "the help")


async def draining(stage: Stage) -> None:
    await stage.traffic()
    await stage.pilot.press("D")
    await stage.until(lambda: len(stage.app.screen_stack) > 1, "the form")


async def setting(stage: Stage) -> None:
    await stage.traffic()
    await stage.pilot.press("comma")
    await stage.until(lambda: len(stage.app.screen_stack) > 1, "the settings")


async def empty(stage: Stage) -> None:
    await stage.until(lambda: stage.app.console_screen.console.connected, "the connection")


PICTURES = {
    "connect": Scene(connect_form, (120, 40), "stomp+ssl://orders-ro:secret@rabbit.example.net:61614/shop"),
    "console": Scene(reading, (140, 44)),
    "compose": Scene(composing, (140, 44)),
    "peek": Scene(peeking, (120, 40)),
    "move": Scene(moving, (120, 40)),
    "queues": Scene(glancing, (120, 30)),
    "small": Scene(small, (80, 24)),
    "light": Scene(reading, (120, 40), theme="textual-light"),
}
"""Drawn for the README."""
SCENES = {
    **{name: PICTURES[name] for name in ("connect", "console", "compose", "peek", "move", "queues")},
    "subscribe": Scene(subscribing),
    "help": Scene(helping),
    "drain": Scene(draining),
    "settings": Scene(setting),
    "production": Scene(deleting, environment=Environment(production=True)),
    "read-only": Scene(watching, environment=Environment(read_only=True)),
    "empty": Scene(empty),
}
"""Kept as text in three sizes."""
