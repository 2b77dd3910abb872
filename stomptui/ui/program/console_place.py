"""The console and its screen: made when they are first needed, and put beneath the connection form.

What they are made of is imported here, when it is needed: much of the program hangs on it, and the connection form,
which is what most people see first, is painted without.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.app import App
from textual.message import Message

from stomptui.application.event_pump import calm_collector
from stomptui.application.standstill import Stops
from stomptui.compose.history import History
from stomptui.config.layout import Layout
from stomptui.config.settings import DeadLetterWish
from stomptui.journal.journal import Journal
from stomptui.protocol.features import Feature
from stomptui.ui.app_messages import DeadLettersWanted, DraftWanted, DrainWanted
from stomptui.ui.environment import mark
from stomptui.ui.widgets.snippet_wanted import SnippetWanted

if TYPE_CHECKING:
    from stomptui.application.console import Console
    from stomptui.compose.draft import Draft
    from stomptui.config.connection import Connection
    from stomptui.connection.dialect.base import ReadMode
    from stomptui.connection.events import Connected, ConnectFailed
    from stomptui.connection.probe import Probe
    from stomptui.connection.reconnect import ReconnectingSession
    from stomptui.connection.subscriptions.subscription import WantedSubscription
    from stomptui.ui.console.screen import ConsoleScreen
    from stomptui.ui.message_actions.copying_as import CopyingAs


AHEAD = (
    "stomptui.ui.widgets.text.editor",
    "stomptui.connection.session",
    "stomptui.queues.access",
    "stomptui.application.console",
    "stomptui.ui.widgets.compose.pane",
    "stomptui.ui.widgets.log.message_log",
    "stomptui.ui.widgets.message.detail",
    "stomptui.ui.peek.screen",
    "stomptui.ui.queue_list.screen",
    "stomptui.ui.transfer.form",
    "stomptui.ui.console.screen",
)
"""What is imported once the first screen is painted, in steps between which keys get their turn."""


class Watch(NamedTuple):
    """What is to be subscribed to."""

    destination: str
    mode: ReadMode | None = None
    """None for what the broker's dialect takes."""


class ConsolePlace:
    """Makes the console and its screen, and shows them.

    Args:
        app: On whose screens the console is shown.
        journal: Where it is written down what happens.
        history: Sent drafts.
        hold: Seconds that a peek holds messages unless something else is asked for.
        dead_letters: Returns how dead letters are watched.
        stops: Knows when this process was stopped.
        layout: The sizes and places of the panes, as the person left them.
        library: The directory of saved messages, None for the person's own.
    """

    def __init__(
        self,
        app: App[Any],
        journal: Journal,
        history: History,
        hold: Callable[[], float],
        dead_letters: Callable[[], DeadLetterWish],
        stops: Stops,
        layout: Layout,
        library: Path | None = None,
    ) -> None:
        self._app = app
        self._journal = journal
        self._history = history
        self._hold = hold
        self._dead_letters = dead_letters
        self._stops = stops
        self._layout = layout
        self._library = library
        self._made: Console | None = None
        self._screen: ConsoleScreen | None = None
        self._copying_as: CopyingAs | None = None

    @property
    def console(self) -> Console:
        """The console."""
        if self._made is None:
            from stomptui.application.console import Console

            self._made = Console(self._journal, self._history.destinations)
        return self._made

    @property
    def screen(self) -> ConsoleScreen:
        """The screen of the console, which may not be among those of the app yet."""
        if self._screen is None:
            from stomptui.ui.console.screen import ConsoleScreen

            self._screen = ConsoleScreen(
                self.console, self._history, self._hold, self._dead_letters, self._stops, self._layout, self._library
            )
        return self._screen

    @property
    def main_connection(self) -> ReconnectingSession | None:
        """The main connection of the console, if there is one."""
        return self._made.main_connection if self._made is not None else None

    @property
    def lacks(self) -> Mapping[Feature, str]:
        """What the broker of now does not have, and why that is so."""
        main = self.main_connection
        return main.dialect.lacks if main is not None else {}

    @property
    def connecting(self) -> bool:
        """Whether an attempt to connect goes on."""
        main = self.main_connection
        return main is not None and main.state.value == "connecting"

    @property
    def unsent(self) -> bool:
        """Whether a message was written that was not sent."""
        return self._screen is not None and self._screen.composing.unsent

    @property
    def prospect(self) -> str:
        """What becomes of it when the person leaves."""
        return self._screen.composing.keeper.prospect if self._screen is not None else ""

    @property
    def series_prospect(self) -> str:
        """How far a series is that is being sent, "" without one."""
        return self._screen.composing.series_prospect if self._screen is not None else ""

    @property
    def transaction_prospect(self) -> str:
        """What becomes of a transaction that is open when the connection ends, "" without one."""
        return self._made.transactions.prospect if self._made is not None else ""

    def connect(self, connection: Connection, profile: str, watches: Iterable[Watch]) -> None:
        """Begin with a broker, on the screen."""
        from stomptui.connection.subscriptions.subscription import WantedSubscription

        mark(self._app, connection.environment)
        wanted = self._carried(connection)
        known = {subscription.destination for subscription in wanted}
        wanted += [WantedSubscription(name, mode=mode) for name, mode in watches if name not in known]
        self.show().connect(connection, profile, wanted)

    def _carried(self, connection: Connection) -> list[WantedSubscription]:
        """The subscriptions of the connection before, if this is the same one with the credentials it was asked for."""
        before = self.main_connection
        if before is None or not before.asks or before.connection.port != connection.port:
            return []
        return [each.anew() for each in before.wanted] if before.connection.host == connection.host else []

    def show(self) -> ConsoleScreen:
        """Put the console on the screen, beneath the connection form if that came first."""
        app, screen = self._app, self.screen
        if screen not in app.screen_stack:
            if len(app.screen_stack) == 1:
                app.push_screen(screen)
            else:
                # Textual has no public way to put a screen beneath another.
                app._screen_stack.insert(1, app._get_screen(screen)[0])
        return screen

    def handle(self, message: Message) -> None:
        """Do on the console what another screen asks for."""
        match message:
            case DraftWanted():
                while self._app.screen is not self.screen and len(self._app.screen_stack) > 1:
                    self._app.pop_screen()
                self.screen.composing.edit(message.draft, message.note)
            case SnippetWanted():
                self._copy_as(message.draft)
            case DrainWanted():
                self.screen.queues.transferring.drain(message.queue)
            case DeadLettersWanted():
                self.screen.queues.action_dead_letters()
            case _:
                raise TypeError(f"{message!r} is nothing that the console does")

    def _copy_as(self, draft: Draft) -> None:
        """Ask as what a draft is copied; where it goes is where the console is connected."""
        from stomptui.compose.snippets.message import Target
        from stomptui.ui.message_actions.copying_as import CopyingAs

        if self.main_connection is None:
            self._app.notify("Connect first: what is copied names the broker.", severity="warning")
            return
        if self._copying_as is None:
            self._copying_as = CopyingAs(self._app)
        self._copying_as.ask(draft, Target.of(self.main_connection.connection, self.console.version))

    async def prepare(self) -> None:
        """The first screen is painted: get ready what comes next, without holding up a key for long."""
        # Not in a thread: two that import at once can see modules half made.
        for module in AHEAD:
            import_module(module)
            await asyncio.sleep(0.001)
        self.show()
        self._app.call_after_refresh(calm_collector)

    def probe(self, connection: Connection, report: Callable[[Connected | ConnectFailed], None]) -> Probe:
        """A connection that only tries; see `Probe`."""
        from stomptui.brokers.registry import BROKERS
        from stomptui.connection.probe import Probe

        return Probe(connection, report, BROKERS)

    def nudge(self) -> None:
        """A key was pressed: what it changes is painted at once, whatever the traffic."""
        if self._made is not None:
            self._made.pump.nudge()

    async def close(self) -> None:
        """End all connections. The broker is told goodbye; one that does not answer holds nobody up."""
        if self._made is None:
            return
        screen, session = self._screen, self._made.session
        if screen is not None:
            screen.close_side_connections()
            screen.composing.leave()
            await screen.composing.keeper.close()
            await screen.composing.raw_frames.close()
        self._made.close()
        loop = asyncio.get_running_loop()
        if screen is not None:
            await loop.run_in_executor(None, screen.queues.join, 2.0)
        if session is not None:
            await loop.run_in_executor(None, session.join, 1.0)

    def summary(self) -> list[str]:
        """Counts per destination, and what stays at the broker, for the terminal once the screen is gone."""
        return [*self._made.counts.lines(), *self._made.left_behind()] if self._made is not None else []
