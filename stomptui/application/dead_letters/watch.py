"""Counts the dead letters of the connected broker every now and then, and says when there are new ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol

from stomptui.application.console import Console
from stomptui.application.dead_letters.news import QueueChange, QueueKey, changes, depths
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.connection.events import Event
from stomptui.connection.reconnect import ReconnectingSession
from stomptui.queues.access_context import AccessContext
from stomptui.queues.listing.lister import Lister
from stomptui.queues.listing.listing import Listing, Unlisted

USUAL = 30
"""Seconds between two counts where the person wants them and did not say how often."""
EARLY = 0.9
"""Of that time, after which a listing that comes by itself is as good as one that was asked for."""


WatchState = Literal["off", "counting", "known", "unknown"]
"""What is known of dead letters: nothing is wanted, nothing yet, their number, or that the broker does not tell now."""


class DeadLetterAnswer(NamedTuple):
    """What the broker answered."""

    lister: Lister
    """Who asked."""
    report: Listing | Unlisted


class DeadLetterListener(Protocol):
    """Who shows what a watch finds. Called on the event loop."""

    def dead_letters_changed(self, found: list[QueueChange]) -> None:
        """Dead-letter queues got messages or were emptied."""

    def dead_letters_unknown(self, reason: str) -> None:
        """The broker does not tell; said once until it does."""


class DeadLetterWatch:
    """Counts messages in dead-letter queues, on an event loop; attach it to the console as a `ConsoleListener`.

    What is in them at the start is counted and is no news.

    Args:
        console: Whose broker it is. It is asked only while it is connected.
        wanted: Returns the seconds between two counts, 0 for none; may change at any time.
        hand_over: Called in the thread that asks, with what `receive` is to be called with on the event loop.
        listener: Told what is found.
    """

    def __init__(
        self,
        console: Console,
        wanted: Callable[[], int],
        hand_over: Callable[[DeadLetterAnswer], object],
        listener: DeadLetterListener,
    ) -> None:
        self._console = console
        self._wanted = wanted
        self._hand_over = hand_over
        self._listener = listener
        self._main: ReconnectingSession | None = None
        """The connection to the broker that all of this is about."""
        self._chosen: tuple[int, int] | None = None
        """What was wanted when the person chose otherwise for this broker, and what they chose."""
        self._lister: Lister | None = None
        self._paused = False
        self._ending: Lister | None = None
        """The one that was stopped last."""
        self._every = 0
        """Seconds that the lister rests."""
        self._refused = False
        """Whether the broker will not tell until something else is tried."""
        self._trouble: str | None = None
        """Why nothing is known, as the listener was told."""
        self._told: dict[QueueKey, int] | None = None
        """How deep all queues were when the listener was told last; None before the first count."""
        self._told_at = 0.0
        self._dead: dict[QueueKey, str] = {}
        """The destinations of the dead-letter queues of that time."""
        self.count = 0
        """Messages in all dead-letter queues, when they were counted last."""
        self.foremost: QueueKey | None = None
        """The dead-letter queue to see first: the one with the latest news, else the deepest."""

    # -- whether it counts -----------------------------------------------------------------------------------------

    @property
    def every(self) -> int:
        """Seconds between two counts, 0 for none."""
        wanted = self._wanted()
        if self._chosen is not None and self._chosen[0] == wanted:
            return self._chosen[1]
        return wanted

    @property
    def state(self) -> WatchState:
        if not self.every or self._console.main_connection is None:
            return "off"
        if self._trouble is not None or not self._console.connected:
            return "unknown"
        return "counting" if self._told is None else "known"

    def switch(self) -> int:
        """Begin to count, or end, until another broker is connected to; the seconds between two counts, 0 for none."""
        wanted = self._wanted()
        self._chosen = (wanted, 0 if self.every else wanted or USUAL)
        self.follow()
        return self.every

    def follow(self) -> None:
        """Begin, pause, go on or end, as the connection and what is wanted are now."""
        main = self._console.main_connection
        if main is not self._main:
            self.close()
            self._main, self._chosen, self._told, self._trouble = main, None, None, None
            self._refused, self.count, self.foremost, self._dead = False, 0, None, {}
        every = self.every
        if every != self._every:
            self.close()
            self._every = every
            self._refused, self._trouble = False, None
            if not every:
                # What came while nobody counted is no news.
                self._told = None
        if main is None or not every or self._refused:
            return
        connected = self._console.connected
        if self._lister is None and connected:
            self._begin(main)
        elif self._lister is not None and self._paused is connected:
            self._paused = not connected
            (self._lister.resume if connected else self._lister.pause)()

    def close(self) -> None:
        """Ask no more; does not wait."""
        lister, self._lister = self._lister, None
        if lister is not None:
            lister.stop()
            self._ending = lister

    def join(self, timeout: float) -> None:
        """Wait until its connection is closed, `timeout` seconds at most. Not for the event loop's thread."""
        if self._ending is not None:
            self._ending.join(timeout)

    def _begin(self, main: ReconnectingSession) -> None:
        event_queue = BlockingEventQueue()

        def left() -> str | None:
            return "left" if lister.stopped else None

        context = AccessContext(
            self._console.side_connections.dialer("queues", event_queue, left), event_queue, left,
            main.connection.login,
        )  # fmt: skip
        way = BROKERS.lister(main.connection, self._console.dialect, context)
        lister = self._lister = Lister(
            way, lambda report: self._hand_over(DeadLetterAnswer(lister, report)), self._every
        )
        self._paused = False
        lister.start()

    # -- what the broker answers -----------------------------------------------------------------------------------

    def receive(self, answer: DeadLetterAnswer) -> None:
        """The broker answered."""
        if answer.lister is not self._lister:
            return
        report = answer.report
        if isinstance(report, Listing):
            self._take(report)
        elif self._console.connected:
            # While the connection is lost, that is all there is to say.
            self._fail(report.reason, report.final)

    def heard(self, listing: Listing) -> None:
        """The broker has been asked for its queues anyway, and need not be asked so soon again."""
        if self._lister is not None and self._main is self._console.main_connection:
            self._lister.put_off()
            self._take(listing)

    def _fail(self, reason: str, final: bool) -> None:
        if final:
            self._refused = True
            self.close()
        before, self._trouble = self._trouble, reason
        if before is None:
            self._listener.dead_letters_unknown(reason)

    def _take(self, listing: Listing) -> None:
        now = depths(listing.queues, self._told or {})
        if listing.queues and not now:
            self._fail(listing.note or "the broker does not tell how many messages its queues have", final=True)
            return
        self._trouble = None
        dead = {(q.kind, q.name): q.destination or q.name for q in listing.queues if q.dead_letters}
        self.count = sum(now.get(key, 0) for key in dead)
        if self.foremost not in dead or not now.get(self.foremost):
            self.foremost = max(dead, key=lambda key: now.get(key, 0), default=None)
        moment = time.monotonic()
        if self._told is None:
            self._told, self._told_at, self._dead = now, moment, dead
            return
        if moment - self._told_at < self._every * EARLY:
            return
        found = changes(listing.queues, self._told, now, self._dead)
        self._told, self._told_at, self._dead = now, moment, dead
        if found:
            newest = found[0].queue if found[0].new else None
            self.foremost = next((key for key, name in dead.items() if name == newest), self.foremost)
            self._listener.dead_letters_changed(found)

    # -- as a listener of the console ------------------------------------------------------------------------------

    def handle_event(self, event: Event) -> None:
        """An event was written down."""

    def settle(self) -> None:
        """Some events were handled: the connection may be another."""
        self.follow()

    def fail(self, error: Exception) -> None:
        """Handling an event went wrong; others say so."""

    def known_more(self) -> None:
        """The broker told of more destinations."""
