"""Subscriptions and queues on the console: subscribing, peeking, draining, refilling, the list of queues."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic, time
from typing import Any

from textual.message import Message
from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.dead_letters.watch import DeadLetterWatch
from stomptui.application.unacknowledged import Unacknowledged
from stomptui.journal.entry import NoteKind
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.console.delivery_limit_question import FoundOut
from stomptui.ui.console.live_copies import CopiesChanged, CopySubscriptions
from stomptui.ui.console.status_texts import status_facts
from stomptui.ui.console.subscribing import Subscribing
from stomptui.ui.message_actions.message_reader import MessageReader
from stomptui.ui.peek.controller import PeekController
from stomptui.ui.queue_list.controller import QueueListController
from stomptui.ui.queue_list.dead_letters import DeadLetters
from stomptui.ui.transfer.controller import TransferController
from stomptui.ui.widgets.message.split import MessageSplit
from stomptui.ui.widgets.subscriptions import SubscriptionList


class QueueController:
    """A controller for the list of subscriptions and for queues: subscribe, peek, drain, refill, list.

    Args:
        screen: Over which questions, views and lists are shown.
        console: The console of the broker.
        unacknowledged: Told which messages are ours no longer.
        subscriptions: The list of subscriptions.
        reader: The log, for its filter and for whether an action is under way.
        split: The log and the message, with which peeks share where the message stands.
        hold: Seconds that a peek holds messages unless something else is asked for.
        dead_letters: Watches dead letters.
        settle: Called when the screen is to be brought up to date.
    """

    def __init__(
        self,
        screen: Screen[Any],
        console: Console,
        unacknowledged: Unacknowledged,
        subscriptions: SubscriptionList,
        reader: MessageReader,
        split: MessageSplit,
        hold: Callable[[], float],
        dead_letters: DeadLetters,
        settle: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._console = console
        self._subscriptions = subscriptions
        self._reader = reader
        self._settle = settle
        status = partial(status_facts, console, dead_letters.watch)
        self.peeking = PeekController(screen, console, hold, reader.log, split, status)
        self.copies = CopySubscriptions(screen, console)
        self.transferring = TransferController(screen, console)
        self._subscribing = Subscribing(screen, console, unacknowledged, self.peeking, self.copies)
        self._dead_letters = dead_letters
        self._queue_list = QueueListController(
            screen, console, self.peeking.ask, self._subscribing.ask, dead_letters, status
        )

    @property
    def _beside(self) -> tuple[PeekController | TransferController | CopySubscriptions | DeadLetterWatch, ...]:
        """What has side connections."""
        return self.peeking, self.transferring, self.copies, self._dead_letters.watch

    def close(self) -> None:
        """Return what is unacknowledged on side connections, and end what goes on there; does not wait."""
        for part in self._beside:
            part.close()

    def join(self, timeout: float) -> None:
        """Wait until all of that is done, `timeout` seconds at most. Not for the event loop's thread."""
        until = monotonic() + timeout
        for part in self._beside:
            part.join(max(0.0, until - monotonic()))

    def handle(self, message: Message) -> None:
        """React to what the list of subscriptions, or a thread that works for it, posted."""
        match message:
            case SubscriptionList.PauseRequested():
                self._pause(message.key)
            case SubscriptionList.AgainRequested():
                if self._console.main_connection is not None:
                    self._console.main_connection.ask_again(message.key)
                self._settle()
            case SubscriptionList.RemoveRequested():
                self._remove(message.key)
            case SubscriptionList.Chosen():
                self._show_only(message.key)
            case FoundOut():
                message.go_on()
                self._settle()
            case CopiesChanged():
                if message.note is not None:
                    self._console.journal.append_note(NoteKind.INFO, message.note, time())
                self._settle()
            case _:
                raise TypeError(f"{message!r} is of no subscription")

    # -- subscriptions ---------------------------------------------------------------------------------------------

    def action_subscribe(self) -> None:
        self._subscribing.ask()

    def _is_busy(self) -> bool:
        """Whether an action is under way, which needs the subscriptions as they are; says so if it is."""
        if self._console.unacknowledged.repairs_now:
            self._screen.notify("Wait for the running repair to end.", severity="warning")
            return True
        busy = self._reader.acting.busy
        if busy:
            self._screen.notify(
                f"Wait for the running action to end, or stop it with {key_of(self._screen, 'console.back')}.",
                severity="warning",
            )
        return busy

    def _pause(self, key: int) -> None:
        if self._is_busy():
            return
        if self.copies.get(key) is not None:
            self._screen.notify(
                f"Copies are not kept for later: {key_of(self._screen, 'subscription.remove')} ends them, "
                f"{key_of(self._screen, 'console.subscribe')} begins anew.",
                severity="warning",
            )
        self._subscribing.pause_or_resume(key)
        self._settle()

    def _remove(self, key: int) -> None:
        if not self.copies.remove(key):
            if self._is_busy():
                return
            self._subscribing.remove(key)
        self._settle()

    def _show_only(self, key: int) -> None:
        """Filter the log by a subscription."""
        watch, copies = self._subscribing.get(key), self.copies.get(key)
        if watch is not None:
            self._reader.show_filter(watch.destination)
        elif copies is not None:
            self._reader.show_filter(copies.id)

    # -- queues ----------------------------------------------------------------------------------------------------

    @property
    def _queue_here(self) -> str:
        """The queue of the subscription under the cursor, "" if it is none."""
        row = self._subscriptions.current if self._subscriptions.has_focus else None
        if row is None:
            return ""
        watch, copies = self._subscribing.get(row.key), self.copies.get(row.key)
        if copies is not None:
            return copies.queue
        return watch.destination if watch is not None and self._console.dialect.is_queue(watch.destination) else ""

    def action_peek(self) -> None:
        """Ask for a queue; the one under the cursor to begin with."""
        self.peeking.ask(self._queue_here)

    def action_drain(self) -> None:
        self.transferring.drain(self._queue_here)

    def action_refill(self) -> None:
        self.transferring.refill()

    def action_queues(self) -> None:
        self._queue_list.show()

    def action_dead_letters(self) -> None:
        """Show the list, with the cursor on the dead-letter queue that matters most."""
        self._queue_list.show_dead_letters()
