"""The running app and its broker, as the script of a picture plays on them."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from stomptui.app import StompTUI
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.embedded import samples
from stomptui.embedded.samples import Sample
from stomptui.embedded.traffic import FIXED_START
from stomptui.ui.peek.form import PeekForm
from stomptui.ui.peek.screen import PeekScreen
from tests.screenshots.cells import shown_rows, text_of
from tests.support.embedded import EmbeddedBroker

PATIENCE = 60.0
"""Seconds until something must have happened on a slow machine."""
Script = Callable[["Stage"], Awaitable[None]]


@dataclass
class Stage:
    """What the script of a picture plays on."""

    app: StompTUI
    pilot: Pilot[int]
    broker: EmbeddedBroker

    @property
    def text(self) -> str:
        """What is read on the screen."""
        return text_of(shown_rows(self.app))

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

    async def orders(self) -> None:
        """Connected, with some messages of a topic."""
        await self.until(lambda: self.app.console_screen.console.connected, "the connection")
        await self.subscribe("/topic/orders.*")
        rnd = random.Random(7)
        await self.publish(*(samples.order(rnd, n, FIXED_START + n / 3) for n in range(15)))

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
    """Whether the broker has said yes to a subscription."""
    return watch.state == "on"
