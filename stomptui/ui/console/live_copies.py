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


class CopiesChanged(Message):
    """Posted from the thread of a copy subscription: something changed.

    Args:
        note: A line for the log, None if there is none to write.
    """

    def __init__(self, note: str | None) -> None:
        super().__init__()
        self.note = note


class CopySubscriptions:
    """Makes copy subscriptions, and keeps them as long as the person wants them. Their keys in the list are below zero.

    Args:
        screen: Is sent `CopiesChanged`.
        console: Whose broker it is.
    """

    def __init__(self, screen: Screen[None], console: Console) -> None:
        self._screen = screen
        self._console = console
        self._subscriptions: dict[int, CopySubscription] = {}
        self._ending: list[CopySubscription] = []

    def add(self, queue: str) -> None:
        """Watch a queue from now on."""
        event_queue, main = BlockingEventQueue(), self._console.main_connection
        context = AccessContext(
            self._console.side_connections.dialer(queue, event_queue, for_the_log=True),
            event_queue,
            login=main.connection.login if main else "",
        )
        make = BROKERS.copies(self._console.dialect)
        assert make is not None, "only brokers that can send copies offer it"
        subscription = CopySubscription(context, queue, self._report, make)
        self._subscriptions[-subscription.number] = subscription
        subscription.start()

    def _report(self, note: str | None) -> None:
        """Report a change; called in the thread of a copy subscription."""
        self._screen.post_message(CopiesChanged(note))

    def remove(self, key: int) -> bool:
        """Watch it no longer; False if it is none of ours."""
        subscription = self._subscriptions.pop(key, None)
        if subscription is not None:
            subscription.stop()
            self._ending.append(subscription)
        return subscription is not None

    def get(self, key: int) -> CopySubscription | None:
        return self._subscriptions.get(key)

    def colour(self, subscription: str) -> int | None:
        """The colour number of a subscription id, None if it is none of ours."""
        return next((4 - each.number for each in self._subscriptions.values() if each.id == subscription), None)

    def rows(self) -> list[SubscriptionRow]:
        """A row for each."""
        now = time.monotonic()
        return [
            SubscriptionRow(
                key=key,
                destination=subscription.queue,
                mode="copies",
                state=subscription.state,
                count=subscription.total,
                rate=subscription.rate.rate(now),
                history=tuple(subscription.rate.history(now)),
                colour=4 - subscription.number,
                detail=subscription.error or "",
            )
            for key, subscription in self._subscriptions.items()
        ]

    def close(self) -> None:
        """End all; does not wait."""
        for key in list(self._subscriptions):
            self.remove(key)

    def join(self, timeout: float) -> None:
        """Wait until what the broker got is removed, `timeout` seconds at most. Not for the event loop's thread."""
        until = time.monotonic() + timeout
        for subscription in self._ending:
            subscription.join(max(0.0, until - time.monotonic()))
