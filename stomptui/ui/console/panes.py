"""Moving between the panes of the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen
from textual.widget import Widget

from stomptui.ui.chosen_keys import key_of
from stomptui.ui.console.composing import Composing
from stomptui.ui.console.log_messages import LogMessages
from stomptui.ui.message_actions.message_reader import MessageReader
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.subscriptions import SubscriptionList


class Panes:
    """A controller for what is shown beside the log, and where the cursor is.

    Args:
        screen: The screen with the panes; its classes `-detail`, `-compose` and `-side` show them.
        subscriptions: The list of subscriptions.
        log: The log.
        detail: The message.
        pane: The compose pane.
        reader: The log's filter, and whether an action is under way.
        messages: The messages that an action is about.
        composing: Where to begin in the compose pane.
        leave_alone: Shows all panes again if one is shown alone, and says whether one was.
    """

    def __init__(
        self,
        screen: Screen[Any],
        subscriptions: SubscriptionList,
        log: MessageLog,
        detail: MessageDetail,
        pane: ComposePane,
        reader: MessageReader,
        messages: LogMessages,
        composing: Composing,
        leave_alone: Callable[[], bool],
    ) -> None:
        self._screen = screen
        self._subscriptions = subscriptions
        self._log = log
        self._detail = detail
        self._pane = pane
        self._reader = reader
        self._messages = messages
        self._composing = composing
        self._leave_alone = leave_alone

    def action_back(self) -> None:
        """One step back: stop what is being done, out of the filter, out of a pane, then the pane away."""
        screen, log, pane = self._screen, self._log, self._pane
        if self._reader.acting.busy:
            self._messages.stop()
        elif self._leave_alone() or (not pane.has_focus_within and self._reader.leave_filter()):
            return
        elif pane.has_focus_within or (screen.has_class("-compose") and log.has_focus):
            screen.remove_class("-compose")
        elif screen.has_class("-detail"):
            screen.remove_class("-detail")
        elif log.has_focus and log.marks.numbers:
            log.marking.action_unmark()
        log.focus()

    def action_next_pane(self) -> None:
        panes: list[Widget] = [self._subscriptions, self._composing.saved.list, self._log]
        panes += [self._detail] if self._screen.has_class("-detail") else []
        panes += [self._pane] if self._screen.has_class("-compose") else []
        shown = [pane for pane in panes if pane.is_on_screen and pane.display]
        here = next((i for i, pane in enumerate(shown) if pane.has_focus or pane.has_focus_within), -1)
        after = shown[(here + 1) % len(shown)]
        if after is self._pane:
            self._composing.enter_pane()
        elif after is self._detail:
            self._detail.focus_view()
        else:
            after.focus()

    def action_side(self) -> None:
        self._screen.toggle_class("-side" if self._screen.has_class("-narrow") else "-hide-side")

    def action_clear(self) -> None:
        if count := len(self._log.journal):
            self._log.clear()
            key = key_of(self._screen, "console.bring_back")
            self._screen.notify(f"{count:,} rows cleared: {key} brings them back.")

    def action_bring_back(self) -> None:
        if count := self._log.bring_back():
            self._screen.notify(f"{count:,} rows are back.")
        else:
            self._screen.notify(
                "Nothing to bring back: what was cleared is forgotten with the next clear, or when memory is needed."
            )
