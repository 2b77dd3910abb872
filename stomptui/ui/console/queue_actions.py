"""Subscriptions, queues and their messages on the console: what is read, looked into, worked, drained."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, time

from textual import on
from textual.getters import query_one

from stomptui.application.console import Console
from stomptui.application.unacknowledged import Unacknowledged
from stomptui.journal.entry import NoteKind
from stomptui.queues.held_messages import UnackedAccess
from stomptui.queues.peek.reports import Report
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.console.acting_on_log import LogBearer
from stomptui.ui.console.delivery_limit import FoundOut
from stomptui.ui.console.live_copies import CopySubscriptions, Tapped
from stomptui.ui.console.subscribing import Subscribing
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.message_actions.reader import Reader
from stomptui.ui.peek.peeking import Peeking
from stomptui.ui.peek.screen import Told
from stomptui.ui.queue_list.showing import QueueListOpening
from stomptui.ui.transfer.transferring import Transferring
from stomptui.ui.widgets.subscriptions import SubscriptionList


class Queueing(Reader):
    """A screen with a list of subscriptions and the log of one broker."""

    BINDINGS = bindings(Place.QUEUES_AND_MESSAGES)

    ACTING = frozenset({"act", "drain", "refill", "stop", "disconnect"})
    """Actions that a key in a burst of keys asks about first."""

    subscriptions = query_one("#subscriptions", SubscriptionList)
    console: Console
    unacknowledged: Unacknowledged

    def prepare_queues(self, hold: Callable[[], float]) -> None:
        """The console is there, the widgets are not.

        Args:
            hold: Seconds that a peek holds messages unless something else is asked for.
        """
        self.peeking = Peeking(self, self.console, hold)
        self.tapping = CopySubscriptions(self, self.console)
        self.transferring = Transferring(self, self.console)
        self._watching = Subscribing(self, self.console, self.unacknowledged, self.peeking, self.tapping)
        self._glancing = QueueListOpening(self, self.console, self.peeking.ask, self._watching.ask)
        self._log_bearer: LogBearer | None = None

    def begin_queues(self) -> None:
        """The widgets are there too."""
        self._log_bearer = LogBearer(
            self.console, self.unacknowledged, self.log_view, self._bench_tells, self._bench_refuses
        )
        self.begin_reading(self._log_bearer)

    def close_sides(self) -> None:
        """Give back what is held beside the main connection, and end what goes on there; does not wait."""
        for side in (self.peeking, self.transferring, self.tapping):
            side.close()
        if self._log_bearer is not None:
            self._log_bearer.close()

    def join_sides(self, timeout: float) -> None:
        """Wait until all of that is done, `timeout` seconds at most. Not for the event loop's thread."""
        until = monotonic() + timeout
        for side in (self.peeking, self.transferring, self.tapping):
            side.join(max(0.0, until - monotonic()))

    def settle(self) -> None:
        """Bring the screen up to date."""
        raise NotImplementedError

    # -- subscriptions ---------------------------------------------------------------------------------------------

    def action_subscribe(self) -> None:
        self._watching.ask()

    def _is_busy(self) -> bool:
        """Whether an action is under way, which needs the subscriptions as they are; says so if it is."""
        if self.acting_now:
            self.notify(
                f"Wait until what is being done has ended, or stop it with {key_of(self, 'console.back')}.",
                severity="warning",
            )
        return self.acting_now

    @on(SubscriptionList.PauseRequested)
    def _pause(self, message: SubscriptionList.PauseRequested) -> None:
        if self._is_busy():
            return
        if self.tapping.get(message.key) is not None:
            self.notify(
                f"Copies are not kept for later: {key_of(self, 'subscription.remove')} ends them, "
                f"{key_of(self, 'console.subscribe')} begins anew.",
                severity="warning",
            )
        self._watching.pause_or_resume(message.key)
        self.settle()

    @on(SubscriptionList.RemoveRequested)
    def _remove(self, message: SubscriptionList.RemoveRequested) -> None:
        if not self.tapping.remove(message.key):
            if self._is_busy():
                return
            self._watching.remove(message.key)
        self.settle()

    @on(SubscriptionList.Chosen)
    def _only(self, message: SubscriptionList.Chosen) -> None:
        watch, tap = self._watching.get(message.key), self.tapping.get(message.key)
        if watch is not None:
            self.show_filter(watch.destination)
        elif tap is not None:
            self.show_filter(tap.id)

    @on(FoundOut)
    def _found_out(self, message: FoundOut) -> None:
        message.go_on()
        self.settle()

    @on(Tapped)
    def _tapped(self, message: Tapped) -> None:
        if message.told:
            self.journal.append_note(NoteKind.INFO, message.told, time())
        self.settle()

    # -- queues ----------------------------------------------------------------------------------------------------

    @property
    def _queue_here(self) -> str:
        """The queue of the subscription under the cursor, "" if it is none."""
        row = self.subscriptions.current if self.subscriptions.has_focus else None
        watch, tap = (self._watching.get(row.key), self.tapping.get(row.key)) if row is not None else (None, None)
        if tap is not None:
            return tap.queue
        return watch.destination if watch is not None and self.console.dialect.is_queue(watch.destination) else ""

    def action_peek(self) -> None:
        """Ask for a queue; the one under the cursor to begin with."""
        self.peeking.ask(self._queue_here)

    def action_drain(self) -> None:
        self.transferring.drain(self._queue_here)

    def action_refill(self) -> None:
        self.transferring.refill()

    def action_queues(self) -> None:
        self._glancing.show()

    # -- acting on messages of the log -----------------------------------------------------------------------------

    @property
    def holds_some(self) -> bool:
        """Whether a subscription holds what it shows."""
        main = self.console.main_connection
        return main is not None and any(
            watch.state == "on" and watch.reading and watch.reading.holds for watch in main.wanted
        )

    def stop_acting(self) -> None:
        """End an action as soon as what was begun is settled."""
        if self._log_bearer is not None:
            self._log_bearer.stop()

    def _bench_tells(self, bench: UnackedAccess, report: Report) -> None:
        """In the thread of a bench."""
        self.post_message(Told(bench, report))

    def _bench_refuses(self, report: Report) -> None:
        if self.acting is not None:
            self.acting.hear(report)

    @on(Told)
    def _peek_told(self, message: Told) -> None:
        if not isinstance(message.peek, UnackedAccess):
            self.peeking.hear(message)
        elif self.acting is not None and self._log_bearer is not None:
            if self._log_bearer.concerns(message.peek, message.report):
                self.acting.hear(message.report)
            self.log_view.settle()
