"""The whole app without a terminal, driven by a pilot: what the tests of the console share.

Usage:
    async with console(embedded.port, subscribe=("/queue/test",)) as driver:
        await driver.up()
        await driver.press("s")
        await driver.sees("Destination  ")
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from stomptui.app import StompTUI
from stomptui.config.connection import Connection
from stomptui.config.environment import UNMARKED, Environment
from stomptui.config.options import Options
from stomptui.connection.reconnect import ConnectionState
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.journal.entry import Entry


class Driver:
    """A person at the app: presses keys, pastes, and reads the screen until it says what is waited for."""

    def __init__(self, app: StompTUI, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> str:
        """What can be read on the screen, a line a row."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    @property
    def status(self) -> str:
        """The status bar as it is painted."""
        return self.app.console_screen.status.render().plain

    @property
    def header(self) -> str:
        """The line over the log as it is painted."""
        return "  ".join(piece.text for piece in self.app.console_screen.log_pane.title)

    @property
    def outcome(self) -> str:
        """What the compose pane says of the last send."""
        return str(self.app.console_screen.pane.query_one("#outcome", Static).content)

    @property
    def entries(self) -> list[Entry]:
        """Every row of the journal."""
        journal = self.app.journal
        return [journal.entry(number) for number in range(journal.first, journal.end)]

    @property
    def messages(self) -> list[Entry]:
        """The rows of messages that came."""
        return [entry for entry in self.entries if entry.frame is not None and entry.frame.command == "MESSAGE"]

    @property
    def notes(self) -> list[str]:
        """What the log says that is no frame."""
        return [entry.note.text for entry in self.entries if entry.note is not None]

    @property
    def told(self) -> list[str]:
        """The notifications on the screen."""
        return [f"{note.title} {note.message}" for note in self.app._notifications]

    def watch(self, place: int = 0) -> WantedSubscription:
        """One of the subscriptions wanted."""
        assert self.app.console_screen.console.main_connection is not None
        return self.app.console_screen.console.main_connection.wanted[place]

    async def painted(self) -> None:
        """Wait until what came up by itself is painted: what is pressed before that is no answer to it."""
        await self.until(lambda: not self.app.gate._unseen, "painted")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type_in(self, text: str) -> None:
        """Key by key, as fast as it goes, into the field that has or gets the focus; come back when it is there."""
        await self._soon(lambda: self._typed is not None)
        before = self._typed or ""
        for character in text:
            key = _character_to_key(character)
            self.app.post_message(events.Key(key, character))
        # A field may show something else for a character.
        await self._soon(lambda: text in (now := self._typed or "") or len(now) >= len(before) + len(text))
        await self.pilot.pause()

    @property
    def _typed(self) -> str | None:
        """What is in the field that has the focus, None if no field has it."""
        field = self.app.focused
        if isinstance(field, Input):
            return field.value
        return field.text if isinstance(field, TextArea) else None

    async def _soon(self, condition: Callable[[], object]) -> None:
        """Wait for what usually comes true; where it does not, what is asserted later tells."""
        deadline = time.monotonic() + 5
        while not condition() and time.monotonic() < deadline:
            await asyncio.sleep(0.005)

    async def paste(self, text: str) -> None:
        """What the terminal reports when something is pasted, to whatever has the focus."""
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object], what: str = "", within: float = 40.0) -> None:
        """Wait until something is true of the app; fails with the screen."""
        deadline = time.monotonic() + within
        pause = 0.01
        while not condition():
            assert time.monotonic() < deadline, f"never: {what or condition}; {self.notes} on\n{self.screen}"
            await asyncio.sleep(pause)
            # A look draws the whole screen: one that waits for long would take the time that the others need.
            pause = min(pause * 1.2, 0.1)
        await self.pilot.pause()

    async def sees(self, *texts: str, within: float = 40.0) -> None:
        """Wait until all the texts are on the screen at once."""

        def there() -> bool:
            screen = self.screen
            return all(text in screen for text in texts)

        await self.until(there, f"{texts}", within)

    async def up(self) -> None:
        """Wait until it is connected and the broker has said yes to every subscription."""
        app_console = self.app.console_screen.console
        await self.until(lambda: app_console.connected and self.app.screen is self.app.console_screen, "connected")
        await self.until(
            lambda: (
                app_console.main_connection
                and all(watch.state in ("on", "paused") for watch in app_console.main_connection.wanted)
            ),
            "subscribed",
        )

    async def to_subscriptions(self) -> None:
        """Go to the list of subscriptions, and wait until a key means one of them."""
        subscriptions = self.app.console_screen.subscriptions
        subscriptions.focus()
        await self.until(lambda: subscriptions.has_focus and subscriptions.current is not None, "a subscription chosen")

    async def lost(self) -> None:
        """Wait until the app has noticed that the connection is gone."""
        await self.until(
            lambda: (
                self.app.console_screen.console.main_connection
                and self.app.console_screen.console.main_connection.state is ConnectionState.WAITING
            ),
            "connection lost",
        )

    async def compose(self, destination: str, body: str) -> None:
        """Open the compose pane and type a message into it."""
        await self.press("c")
        await self.type_in(destination)
        await self.press("enter")
        await self.type_in(body)


@contextlib.asynccontextmanager
async def console(
    port: int | None = None,
    *,
    size: tuple[int, int] = (140, 40),
    environment: Environment = UNMARKED,
    **options: Any,
) -> AsyncIterator[Driver]:
    """Run the app, connecting to that port of this machine if one is given.

    Args:
        port: Where the broker is; None begins with the form.
        size: Columns and rows.
        environment: That of the connection.
        options: More of `Options`.
    """
    if port is not None:
        options |= {
            "connection": Connection(port=port, login="guest", passcode="guest", environment=environment),
            "autoconnect": True,
        }
    app = StompTUI(Options(log_file=Path("never-opened.log"), **options))
    async with app.run_test(size=size) as pilot:
        yield Driver(app, pilot)
