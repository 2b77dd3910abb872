"""Keeping what surrounds the log up to date: the status bar, the titles of the panes, the list of subscriptions."""

from __future__ import annotations

from time import monotonic
from typing import Any

from textual.screen import Screen
from textual.timer import Timer

from stomptui.application.console import Console
from stomptui.application.dead_letters.watch import DeadLetterWatch
from stomptui.application.unacknowledged import Unacknowledged
from stomptui.ui.console.composing import Composing
from stomptui.ui.console.live_copies import CopySubscriptions
from stomptui.ui.console.log_messages import LogMessages
from stomptui.ui.console.status_texts import log_facts, status_facts, subscription_rows
from stomptui.ui.widgets.log.chips import group_chips
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.log.title import log_title
from stomptui.ui.widgets.pane.pane import Pane
from stomptui.ui.widgets.status_bar import StatusBar
from stomptui.ui.widgets.subscriptions import SubscriptionList

BARS_EVERY = 0.2
"""Seconds between two paints of the counters: under a flood each costs as much as the rows."""
EARLY, LATE = 0.02, 0.1
"""Seconds that the counters are painted sooner or later than that, if they are painted with rows then: two paints cost
twice as much as one."""


class Bars:
    """A controller without keys: brings the bars up to date, as often as anybody reads them.

    Args:
        screen: The screen with the widgets.
        console: What is shown.
        unacknowledged: How many messages wait in a subscription.
        status: The status bar.
        dead_letters: What is known of dead letters.
        log_pane: The pane of the log, whose title it is.
        subscriptions: The list of subscriptions.
        log: The log.
        messages: The messages of the log.
        copies: Subscriptions to copies.
        composing: The compose pane, whose receipt changes when others use one up.
    """

    def __init__(
        self,
        screen: Screen[Any],
        console: Console,
        unacknowledged: Unacknowledged,
        status: StatusBar,
        dead_letters: DeadLetterWatch,
        log_pane: Pane,
        subscriptions: SubscriptionList,
        log: MessageLog,
        messages: LogMessages,
        copies: CopySubscriptions,
        composing: Composing,
    ) -> None:
        self._screen = screen
        self._console = console
        self._unacknowledged = unacknowledged
        self._status = status
        self._dead_letters = dead_letters
        self._log_pane = log_pane
        self._subscriptions = subscriptions
        self._log = log
        self._messages = messages
        self._copies = copies
        self._composing = composing
        self._refreshed_at = 0.0
        self._timer: Timer | None = None
        self._keys = (False,) * 5
        """What decides about keys: whether there are errors, open ones, a subscription that keeps what it gets
        unacknowledged, messages that wait, and a row under the cursor."""
        self._log_state = (True, False, "")
        """What decides about keys of the log: following, paused, and what it is filtered by."""

    def refresh_soon(self) -> None:
        """Bring the bars up to date now, or in a moment if they just were: nobody reads counters faster."""
        wait = self._refreshed_at + BARS_EVERY - monotonic()
        if wait <= EARLY:
            self.refresh()
        elif self._timer is None:
            self._timer = self._screen.set_timer(wait + LATE, self.refresh)

    def refresh(self) -> None:
        """Bring the bars up to date now."""
        self._refreshed_at = monotonic()
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        console, errors = self._console, self._console.journal.errors
        self._log_pane.title = log_title(log_facts(console, self._log))
        self._log_pane.foot = group_chips(self._log)
        self._status.facts = status_facts(console, self._dead_letters)
        self._composing.update_receipt()
        rows = [*subscription_rows(console, self._unacknowledged), *self._copies.rows()]
        self._subscriptions.show(rows)
        self._screen.query_one("#side-empty").display = not rows
        keys = (
            errors.total > 0,
            errors.open > 0,
            self._messages.some_unacknowledged,
            self._unacknowledged.waiting > 0,
            self._log.row is not None,
        )
        if self._keys != keys:
            self._keys = keys
            self._screen.refresh_bindings()

    def log_changed(self) -> None:
        """The log follows, pauses or is filtered now, or searches on."""
        self.refresh()
        state = (self._log.following, self._log.paused, self._log.needle)
        if state != self._log_state:
            # How far a filter has come changes no key, and the footer costs as much to paint as the log.
            self._log_state = state
            self._screen.refresh_bindings()
