"""The compose pane alone on a screen, with a person's hands on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Static

from stomptui.compose.draft import Draft
from stomptui.ui.widgets.compose.pane import ComposePane
from tests.ui.waiting import until


class Bench(App[None]):
    """The pane alone, with a priority key for each letter that would tell if a paste were taken for keys."""

    BINDINGS = [("q", "shout", "q"), ("x", "shout", "x"), ("s", "shout", "s")]

    def __init__(self, draft: Draft | None = None) -> None:
        super().__init__()
        self.draft = draft
        self.shouts = 0

    def compose(self) -> ComposeResult:
        yield ComposePane(self.draft)

    def action_shout(self) -> None:
        self.shouts += 1


class Hand:
    """A pilot with the pane at hand, and the messages that were posted."""

    def __init__(self, pilot: Pilot[None], messages: list[Message] | None = None) -> None:
        self.pilot = pilot
        self.messages = [] if messages is None else messages

    @property
    def pane(self) -> ComposePane:
        return self.pilot.app.query_one(ComposePane)

    @property
    def draft(self) -> Draft:
        return self.pane.draft

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*text)

    async def feed(self, raw: str) -> None:
        """What a terminal writes goes the way from there, which a pilot's keys do not for every character."""
        for event in XTermParser().feed(raw):
            self.pilot.app.post_message(event)
            await self.pilot.pause()

    async def paste(self, text: str) -> None:
        await self.feed(f"\x1b[200~{text}\x1b[201~")

    async def go(self, selector: str) -> None:
        field = self.pane.query(selector).first()
        # What came before, such as a paste, may still move the focus.
        for _ in range(2):
            await self.pilot.pause()
            field.focus()
            await until(lambda: field.has_focus, lambda: f"{selector} has no focus")

    def sent(self) -> list[Draft]:
        # A message is seen once at each widget it passes.
        return list({id(m): m.draft for m in self.messages if isinstance(m, ComposePane.SendRequested)}.values())

    def shown(self, selector: str) -> str:
        return str(self.pane.query_one(selector, Static).render())

    def outcome(self) -> str:
        return self.shown("#outcome")

    @property
    def lines(self) -> list[tuple[str, str, bool]]:
        return [(line.name, line.value, line.enabled) for line in self.draft.headers]


@asynccontextmanager
async def bench(draft: Draft | None = None, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Hand]:
    messages: list[Message] = []
    app = Bench(draft)
    async with app.run_test(size=size, message_hook=messages.append) as pilot:
        await pilot.pause()
        yield Hand(pilot, messages)
