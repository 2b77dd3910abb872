"""Watching queues by copies, beside the subscriptions of the main connection."""

from __future__ import annotations

import time

from textual.message import Message
from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.queues.access_context import AccessContext
from stomptui.queues.peek.live_copies import CopySubscription
from stomptui.ui.widgets.subscriptions import SubscriptionRow


class Tapped(Message):
    """From the thread of a copy subscription: something changed, and what the log should say of it."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told


class CopySubscriptions:
    """Makes taps, and knows them as long as the person wants them. Their keys in the list are below zero.

    Args:
        screen: Told of what changes.
        console: Whose broker it is.
    """

    def __init__(self, screen: Screen[None], console: Console) -> None:
        self._screen = screen
        self._console = console
        self._taps: dict[int, CopySubscription] = {}
        self._ending: list[CopySubscription] = []

    def add(self, queue: str) -> None:
        """Watch a queue from now on."""
        event_queue, main = BlockingEventQueue(), self._console.main_connection
        context = AccessContext(
            self._console.side_connections.dialer(queue, event_queue),
            event_queue,
            login=main.connection.login if main else "",
        )
        make = BROKERS.copies(self._console.dialect)
        assert make is not None, "only brokers that can send copies offer it"
        tap = CopySubscription(context, queue, self._tell, make)
        self._taps[-tap.number] = tap
        tap.start()

    def _tell(self, told: str) -> None:
        """In the thread of a copy subscription."""
        self._screen.post_message(Tapped(told))

    def remove(self, key: int) -> bool:
        """Watch it no longer; False if it is none of ours."""
        tap = self._taps.pop(key, None)
        if tap is not None:
            tap.stop()
            self._ending.append(tap)
        return tap is not None

    def get(self, key: int) -> CopySubscription | None:
        return self._taps.get(key)

    def colour(self, subscription: str) -> int | None:
        """The colour number of a subscription id, None if it is none of ours."""
        return next((4 - tap.number for tap in self._taps.values() if tap.id == subscription), None)

    def rows(self) -> list[SubscriptionRow]:
        """A row for each."""
        now = time.monotonic()
        return [
            SubscriptionRow(
                key=key,
                destination=tap.queue,
                mode="copies",
                state=tap.state,
                count=tap.total,
                rate=tap.rate.rate(now),
                history=tuple(tap.rate.history(now)),
                colour=4 - tap.number,
                detail=tap.error,
            )
            for key, tap in self._taps.items()
        ]

    def close(self) -> None:
        """End all; does not wait."""
        for key in list(self._taps):
            self.remove(key)

    def join(self, timeout: float) -> None:
        """Wait until what the broker got is removed, `timeout` seconds at most. Not for the event loop's thread."""
        until = time.monotonic() + timeout
        for tap in self._ending:
            tap.join(max(0.0, until - time.monotonic()))
